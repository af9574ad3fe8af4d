// Completion in the shells themselves, where they are installed: what is typed before Tab becomes what the tables say.

import {spawnSync} from 'node:child_process';
import {existsSync, symlinkSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {completedCommands, globalFlags} from '../../src/cli/completion/tables.ts';
import {binary, makePlace, type Place, runProgram} from '../support/program.ts';
import {startPty} from '../support/pty.ts';
import {salesCsv} from '../tools/bench.ts';

let place: Place;
let env: Record<string, string>;
beforeAll(async () => {
  place = makePlace();
  await runProgram(['upload', place.file('sales_2024.csv', salesCsv)], {place});
  await runProgram(['--session', 'q3-report', '-p', 'how many rows'], {place});
  writeFileSync(join(place.home, 'ds-agent'), `#!/bin/sh\nexec "${process.execPath}" "${binary}" "$@"\n`, {
    mode: 0o755,
  });
  symlinkSync(place.workspace, join(place.cwd, 'elsewhere'));
  env = {...place.env, PATH: `${place.home}:${place.env.PATH}`};
  for (const shell of ['bash', 'zsh', 'fish']) {
    const {stdout, code} = await runProgram(['completion', shell], {place});
    expect(code).toBe(0);
    place.file(`completion.${shell}`, stdout);
  }
});
afterAll(() => place.remove());

/** What is typed, and how the line begins after Tab. Each says what it takes from the tables. */
const lines: [string, string][] = [
  ['ds-agent sess', 'ds-agent sessions '],
  ['ds-agent export sal', 'ds-agent export sales_2024 '],
  ['ds-agent --dataset sal', 'ds-agent --dataset sales_2024 '],
  ['ds-agent replay q3', 'ds-agent replay q3-report '],
  ['ds-agent --session q3', 'ds-agent --session q3-report '],
  ['ds-agent sessions ex', 'ds-agent sessions export '],
  ['ds-agent sessions export q', 'ds-agent sessions export q3-report '],
  ['ds-agent datasets rm sa', 'ds-agent datasets rm sales_2024 '],
  ['ds-agent --output-format stre', 'ds-agent --output-format stream-json '],
  ['ds-agent --outp', 'ds-agent --output-format '],
  ['ds-agent upload --date', 'ds-agent upload --date-order '],
  ['ds-agent upload sales_', 'ds-agent upload sales_2024.csv '],
  ['ds-agent --data sales_', 'ds-agent --data sales_2024.csv '],
  [
    'ds-agent -p how --workspace elsewhere --dataset sal',
    'ds-agent -p how --workspace elsewhere --dataset sales_2024 ',
  ],
  ['ds-agent completion fi', 'ds-agent completion fish '],
];

const shells = {
  bash: {
    file: '/usr/bin/bash',
    args: ['--norc', '--noprofile'],
    start: "PS1='$ '; bind 'set bell-style none'; source completion.bash; clear",
  },
  zsh: {
    file: '/usr/bin/zsh',
    args: ['-f'],
    start: "PS1='$ '; unsetopt beep; autoload -U compinit; compinit -u -D; source completion.zsh; clear",
  },
};

describe.each(Object.entries(shells))('%s', (name, {file, args, start}) => {
  it.skipIf(!existsSync(file))(
    'completes commands, options, choices, files and names',
    async () => {
      const shell = startPty({file, args, cwd: place.cwd, columns: 120, env});
      try {
        shell.write(`${start}; echo rea''dy\r`);
        await shell.see('ready', 15_000);
        for (const [typed, wanted] of lines) {
          shell.write(`${typed}\t`);
          await shell.until(
            () => shell.lines().some(line => `${line} `.startsWith(`$ ${wanted}`)),
            `${name}: "${wanted}" after Tab behind "${typed}"`,
          );
          shell.write('\x15');
        }
      } finally {
        shell.dispose();
      }
    },
    60_000,
  );
});

describe('fish', () => {
  it.skipIf(!existsSync('/usr/bin/fish'))('completes commands, options, choices, files and names', () => {
    for (const [typed, wanted] of lines) {
      const script = `source completion.fish; complete -C "${typed}"`;
      const {stdout, stderr} = spawnSync('/usr/bin/fish', ['--no-config', '-c', script], {
        cwd: place.cwd,
        env,
        encoding: 'utf8',
      });
      expect(stderr).toBe('');
      const found = stdout.split('\n').map(line => line.split('\t')[0]);
      expect(found, typed).toContain(wanted.trimEnd().split(' ').at(-1));
    }
  });
});

describe('the script', () => {
  it('of an unknown shell is wrong usage', async () => {
    const {code, stderr} = await runProgram(['completion', 'tcsh'], {place});
    expect(code).toBe(2);
    expect(stderr).toContain('It is there for bash, zsh, fish.');
  });

  it('gives options of one name the same values everywhere, since a shell sees only the option', () => {
    const values = new Map<string, string>();
    for (const {flags, value} of [...globalFlags, ...completedCommands.flatMap(command => command.flags)])
      for (const flag of flags) {
        expect(values.get(flag) ?? JSON.stringify(value), flag).toBe(JSON.stringify(value));
        values.set(flag, JSON.stringify(value));
      }
  });

  it('asks for names without making a workspace, in a fraction of a second', async () => {
    const empty = makePlace();
    try {
      const {code, stdout, stderr} = await runProgram(['__names', 'datasets'], {place: empty});
      expect({code, stdout, stderr}).toEqual({code: 0, stdout: '', stderr: ''});
      expect(existsSync(empty.workspace)).toBe(false);
    } finally {
      empty.remove();
    }
    expect((await runProgram(['__names', 'sessions'], {place})).stdout).toBe('last\nq3-report\n');
    expect((await runProgram(['--help'], {place})).stdout).not.toContain('__names');
  });
});
