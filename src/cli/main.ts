// The composition root: reads the process once, decides what to do, and ends with the right exit code.

import {readFileSync} from 'node:fs';
import {homedir} from 'node:os';
import {join} from 'node:path';
import {systemClock} from '../core/clock.ts';
import {DsAgentError, type ErrorKind, exitCodes, toDsAgentError, UsageError} from '../core/errors.ts';
import {parseArguments} from './arguments.ts';
import {type Config, type ConfigFile, loadConfig} from './config.ts';
import type {Invocation, OutputFormat, Shared} from './invocation.ts';
import {jsonResult, jsonText} from './json-result.ts';
import {errorText} from './outcome.ts';
import {recordRun} from './sinks/run-record.ts';
import {processOutput} from './streams.ts';
import {imageWayOf, multiplexerOf, showsLinks, wrapsCursorRow} from './terminal-abilities.ts';

const stopping = new AbortController();
const output = processOutput(failed => {
  // Nothing is left to do. That the reader of the answer has gone is no failure.
  process.exit(failed ? exitCodes.internal : exitCodes.answered);
});

/** In the chat the view handles signals itself; everywhere else the first one stops the work and the second one the process. */
let chatting = false;
const signals: readonly [NodeJS.Signals, ErrorKind, string][] = [
  ['SIGINT', 'interrupt', 'Stopped by Ctrl-C.'],
  ['SIGTERM', 'terminate', 'Stopped by SIGTERM.'],
  ['SIGHUP', 'hangup', 'The terminal was closed.'],
];
for (const [signal, kind, message] of signals) {
  process.on(signal, () => {
    if (chatting) return;
    if (stopping.signal.aborted) process.exit(exitCodes[kind as keyof typeof exitCodes]);
    stopping.abort(new DsAgentError(kind, 'aborted', message));
  });
}

main().then(finish, fail);

async function main(): Promise<number> {
  const invocation = parseArguments(process.argv.slice(2), process.stdout.columns);
  switch (invocation.command) {
    case 'help':
      await output.out(invocation.text);
      return 0;
    case 'version':
      await output.out(`${packageVersion()}\n`);
      return 0;
    default:
      return run(invocation, readConfig(invocation.shared));
  }
}

async function run(invocation: Exclude<Invocation, {command: 'help' | 'version'}>, config: Config): Promise<number> {
  const {shared} = invocation;
  const json = shared.format !== 'text';
  const clock = systemClock;
  const context = {config, clock, output, signal: stopping.signal};
  switch (invocation.command) {
    case 'upload': {
      const {runUpload} = await import('./upload.ts');
      return runUpload(invocation, context);
    }
    case 'datasets': {
      const {runDatasets} = await import('./dataset-commands.ts');
      return runDatasets(invocation.remove, {...context, shared});
    }
    case 'export': {
      const {runExport} = await import('./dataset-commands.ts');
      return runExport(invocation, {...context, shared});
    }
    case 'undo': {
      const {runUndo} = await import('./dataset-commands.ts');
      return runUndo(invocation, {...context, shared});
    }
    case 'report': {
      const {runReport} = await import('./report.ts');
      return runReport(invocation, {...context, shared});
    }
    case 'validate': {
      const {runValidate} = await import('./validate.ts');
      return runValidate(invocation.rules, {...context, shared});
    }
    case 'train': {
      const {runTrain} = await import('./models/train.ts');
      return runTrain(invocation.request, {...context, shared});
    }
    case 'predict': {
      const {runPredict} = await import('./models/predict.ts');
      return runPredict(invocation.request, {...context, shared});
    }
    case 'models': {
      const {runModels} = await import('./models/registry.ts');
      return runModels(invocation.request, {...context, shared});
    }
    case 'completion': {
      const {completionScript} = await import('./completion/script.ts');
      await output.out(completionScript(invocation.shell));
      return 0;
    }
    case '__names': {
      const {knownNames} = await import('./completion/names.ts');
      await output.out(knownNames(config.workspace, invocation.kind));
      return 0;
    }
    case 'sessions': {
      const {runSessions} = await import('./session-commands.ts');
      return runSessions(invocation.request, {...context, shared});
    }
    case 'replay': {
      const {runReplay} = await import('./replay-command.ts');
      return runReplay(invocation, {...context, shared});
    }
    case 'doctor': {
      const {runDoctor} = await import('./doctor.ts');
      return runDoctor(config, {json, output, version: packageVersion()});
    }
    case 'config': {
      const {runConfig} = await import('./show-config.ts');
      return runConfig(config, {json, output});
    }
    case 'demo': {
      const {exampleFile, runDemo} = await import('./demo.ts');
      if (isChat(shared)) return chat({...shared, dataFiles: [exampleFile]}, config, null);
      return runDemo(shared, context);
    }
    case 'ask': {
      const {prompt, question, batch} = invocation;
      if (prompt === null && !batch && isChat(shared)) return chat(shared, config, question);
      if (process.stdin.isTTY && prompt === null && question === null) {
        throw new UsageError('usage.needs_terminal', 'The chat needs a terminal for its output.', {
          hint: 'Ask with ds-agent -p "QUESTION".',
        });
      }
      const {runScript} = await import('./script.ts');
      const asked = prompt ?? question;
      return runScript({shared, prompts: asked === null ? null : [asked], batch}, context);
    }
    default:
      return invocation satisfies never;
  }
}

function isChat(shared: Shared): boolean {
  return process.stdin.isTTY === true && process.stdout.isTTY === true && shared.format === 'text';
}

async function chat(shared: Shared, config: Config, firstLine: string | null): Promise<number> {
  const {runChatCommand} = await import('./chat.ts');
  const color = config.color ?? process.stdout.hasColors?.() ?? false;
  const {env} = process;
  const editor = env.VISUAL || env.EDITOR || null;
  const request = {
    shared,
    firstLine,
    color,
    editor,
    wrapsCursorRow: wrapsCursorRow(env),
    links: showsLinks(env),
    images: imageWayOf(config.images, env),
    multiplexer: multiplexerOf(env),
    dumb: env.TERM === 'dumb',
    version: packageVersion(),
  };
  const onStart = () => {
    chatting = true;
  };
  return runChatCommand(request, {config, clock: systemClock, signal: stopping.signal, onStart});
}

/** @throws ConfigError */
function readConfig(shared: Shared): Config {
  const {env} = process;
  const home = homedir();
  const files = [
    readConfigFile(join(env.XDG_CONFIG_HOME || join(home, '.config'), 'ds-agent', 'config.json'), 'user file'),
    readConfigFile('ds-agent.json', 'project file'),
  ].filter(file => file !== null);
  const defaultStateDirectory = join(env.XDG_STATE_HOME || join(home, '.local', 'state'), 'ds-agent');
  return loadConfig({flags: shared.flags, env, files, defaultStateDirectory});
}

function readConfigFile(path: string, origin: ConfigFile['origin']): ConfigFile | null {
  try {
    return {path, text: readFileSync(path, 'utf8'), origin};
  } catch {
    return null;
  }
}

function packageVersion(): string {
  const parsed: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  return typeof parsed === 'object' && parsed !== null && 'version' in parsed ? String(parsed.version) : 'unknown';
}

async function fail(thrown: unknown): Promise<void> {
  const error = toDsAgentError(stopping.signal.aborted ? stopping.signal.reason : thrown);
  output.err(errorText(error));
  const format = askedFormat();
  if (format !== 'text') {
    const result = jsonResult({
      session: null,
      turns: [],
      answers: [],
      usage: null,
      error,
      record: recordRun().record,
      gate: null,
      breakers: [],
      durationMs: performance.now(),
    });
    await output.out(jsonText(format === 'json' ? result : {type: 'result', ...result}));
  }
  finish(error.exitCode);
}

/** The format asked for, also when the rest of the command line could not be read. */
function askedFormat(): OutputFormat {
  const argv = process.argv.slice(2);
  if (argv.includes('--output-format=stream-json') || argv[argv.indexOf('--output-format') + 1] === 'stream-json')
    return 'stream-json';
  return argv.includes('--json') ||
    argv.includes('--output-format=json') ||
    argv[argv.indexOf('--output-format') + 1] === 'json'
    ? 'json'
    : 'text';
}

/** Leaves once everything written has reached its reader; nothing still open may keep the process. */
function finish(exitCode: number): void {
  process.exitCode = exitCode;
  process.stdout.write('', () => process.stderr.write('', () => process.exit(exitCode)));
}
