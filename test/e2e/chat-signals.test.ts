// Signals and Ctrl-Z in every state of the built chat: the right exit code, the terminal as it was, nothing said lost.

import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {programPath} from '../support/built-program.ts';
import {count, idle, openChatBench, questionTakesKeys, screenHas, shows} from '../support/chat-bench.ts';
import {asks, oneChunkThenSilence, openAiRateLimit, says, stream} from '../support/fake-llm-steps.ts';
import type {PtyProgram} from '../support/pty.ts';

const {bench, server, model} = await openChatBench();

const endless = 'SELECT count(*) FROM range(1000000) a, range(1000000) b WHERE a.range % 7 = b.range % 5';
const command = `'${process.execPath}' '${programPath}' --data sales.csv`;

/** What is asked, typed and then seen. */
type State = {script?: () => void; keys: string; seen: string};
const states: Record<string, State> = {
  'nothing runs': {keys: 'half a dra', seen: '› half a dra'},
  'an answer streams': {
    script: () => server.setScript('openai', [oneChunkThenSilence('Half ')]),
    keys: 'go\r',
    seen: 'Half',
  },
  'a tool runs': {
    script: () => server.setScript('openai', [asks([{name: 'run_sql', args: {sql: endless}}])]),
    keys: 'go\r',
    seen: '▸ run_sql',
  },
  'a command runs': {keys: `/sql ${endless}\r`, seen: '▸ run_sql'},
  'a retry waits': {
    script: () => server.setScript('openai', [openAiRateLimit({'retry-after': '60'})]),
    keys: 'go\r',
    seen: 'retry 1/4 in',
  },
  'a tool asks': {
    script: () => server.setScript('openai', [asks([{name: 'import_file', args: {path: 'sales.csv'}}])]),
    keys: 'go\r',
    seen: 'y allow',
  },
  'a preview is open': {keys: '/upload sales.csv\r', seen: 'like this?'},
  'a pasted table is offered': {keys: '\x1b[200~a,b\n1,2\n3,4\n5,6\n\x1b[201~', seen: 'y or n'},
  'the grid is open': {keys: '/view\r', seen: 'q leave'},
  'an editor is open': {keys: 'draft\x07', seen: 'in the editor'},
  'it said how to quit': {keys: '\x03', seen: 'again to quit'},
};

const childOf = (pid: number): number =>
  Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ')[0]);

/** Under a shell that prints the modes of its terminal before and after, and the exit code. */
async function inState({script, keys, seen}: State): Promise<PtyProgram> {
  script?.();
  const program = bench.start([], {
    file: '/bin/sh',
    args: ['-c', `stty -g; ${command} --session asked; echo "code $?"; stty -g`],
    env: {...model(), EDITOR: "sh -c 'echo in the editor; sleep 60' #", LITELLM_TIMEOUT_SECONDS: '30'},
  });
  await idle(program);
  program.write(keys);
  await screenHas(program, seen);
  return program;
}

describe('a signal while', () => {
  const signals = [
    ['SIGTERM', 143],
    ['SIGHUP', 129],
    ['SIGINT', 130],
  ] as const;
  const cases = Object.entries(states).flatMap(([title, state], at) => {
    // Each state with one signal, in turn; where something runs with all three.
    const all = /runs|streams|waits/.test(title) && title !== 'nothing runs';
    const chosen = all ? signals : signals.filter((_, index) => index === at % 2);
    return chosen.map(([signal, code]) => [title, signal, code, state] as const);
  });

  it.each(cases)('%s: %s ends with %i and leaves the terminal as it was', async (_title, signal, code, state) => {
    const program = await inState(state);
    process.kill(childOf(program.pid), signal);
    await program.exit;
    expect(count(program, `code ${code}`)).toBe(1);
    const modes = program.lines().filter(line => /^[0-9a-f]+(:[0-9a-f]+){10,}/.test(line));
    expect(modes).toHaveLength(2);
    expect(modes[0]).toBe(modes[1]);
    const isOff = (on: string, off: string) => program.output().lastIndexOf(off) >= program.output().lastIndexOf(on);
    expect(isOff('\x1b[?2004h', '\x1b[?2004l') && isOff('\x1b[?25l', '\x1b[?25h')).toBe(true);
    expect(isOff('\x1b[?1049h', '\x1b[?1049l') && isOff('\x1b[?7l', '\x1b[?7h')).toBe(true);
    expect(count(program, 'openai ●')).toBe(0);
    const folder = bench.path('workspace', 'sessions');
    expect(readdirSync(folder).filter(name => name.endsWith('.lock'))).toEqual([]);
    if (state.keys === 'go\r') expect(readFileSync(join(folder, 'asked.jsonl'), 'utf8')).toContain('"text":"go"');
  });
});

/** In a shell that controls its jobs. */
async function inShell(keys: string, seen: string): Promise<PtyProgram> {
  const env = {PS1: 'shell> ', ...model(), EDITOR: "sh -c 'echo in the editor; kill -TSTP 0; echo back in it' #"};
  const program = bench.start([], {file: '/bin/bash', args: ['--norc', '--noediting', '-i'], env});
  await program.see('shell> ');
  program.write(`${command}\r`);
  await idle(program);
  program.write(keys);
  await screenHas(program, seen);
  return program;
}

const stopped = (program: PtyProgram, times = 1) =>
  program.until(() => count(program, 'Stopped') === times, 'the stop', 15_000);

describe('Ctrl-Z and fg while', () => {
  it('an answer streams: it goes on, each line once', async () => {
    const lines = Array.from({length: 20}, (_, index) => `line ${index + 1}.`);
    server.setScript('openai', [stream({texts: lines.map(line => `${line}\n`), gapMs: 60})]);
    const program = await inShell('go\r', 'line 3.');
    program.write('\x1a');
    await stopped(program);
    expect(count(program, 'openai ●')).toBe(0);
    program.write('fg\r');
    await program.see('line 20.', 15_000);
    await idle(program);
    expect(program.lines().filter(line => line.startsWith('line '))).toEqual(lines);
    expect(count(program, 'openai ●')).toBe(1);
  });

  it('a retry waits: the countdown goes on and can be stopped', async () => {
    server.setScript('openai', [openAiRateLimit({'retry-after': '60'})]);
    const program = await inShell('go\r', 'retry 1/4 in');
    program.write('\x1a');
    await stopped(program);
    program.write('fg\r');
    await screenHas(program, 'retry 1/4 in');
    program.write('\x03');
    await program.see('■ stopped');
    await idle(program);
  });

  it('a tool asks: the question stands again and takes its answer', async () => {
    server.setScript('openai', [asks([{name: 'import_file', args: {path: 'sales.csv'}}]), says('All done.')]);
    const program = await inShell('go\r', 'y allow');
    program.write('\x1a');
    await stopped(program);
    program.write('fg\r');
    await screenHas(program, 'y allow');
    await questionTakesKeys();
    program.write('n');
    await program.see('All done.');
  });

  it('the grid is open: the shell gets its screen, and the grid comes back', async () => {
    const program = await inShell('/view\r', 'q leave');
    program.write('\x1a');
    await stopped(program);
    expect(shows(program, 'q leave')).toBe(false);
    expect(program.output().lastIndexOf('\x1b[?1049l')).toBeGreaterThan(program.output().lastIndexOf('\x1b[?1049h'));
    program.write('fg\r');
    await screenHas(program, 'q leave');
    program.write('q');
    await idle(program);
  });

  it('an editor has the terminal: both stop, both go on', async () => {
    const program = await inShell('draft\x07', 'in the editor');
    await stopped(program);
    program.write('fg\r');
    await program.see('back in it');
    await screenHas(program, '› draft');
  });
});

describe('a stop', () => {
  it('by Ctrl-Z does nothing where no shell could continue it, and the chat goes on', async () => {
    const program = await bench.ready([], {env: model()});
    program.write('\x1a');
    program.write('still here');
    await screenHas(program, '› still here');
  });

  it('from outside gives the terminal away first, and its end brings the chat back', async () => {
    const program = await inShell('half', '› half');
    const pid = childOf(program.pid);
    process.kill(pid, 'SIGTSTP');
    await stopped(program);
    expect(program.output().lastIndexOf('\x1b[?2004l')).toBeGreaterThan(program.output().indexOf('› half'));
    program.write('fg\r');
    await screenHas(program, '› half');
    program.write(' more');
    await screenHas(program, '› half more');
  });
});
