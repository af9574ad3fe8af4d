// What a command line asks for, as one closed union made from the values that the parser read.

import {UsageError} from '../core/errors.ts';
import type {Command} from './command-table.ts';
import type {Flags} from './config.ts';
import type {PredictRequest} from './models/predict.ts';
import type {ModelsRequest} from './models/registry.ts';
import {modelsRequest, predictRequest, trainRequest} from './models/requests.ts';
import type {TrainRequest} from './models/train.ts';
import type {SessionsRequest} from './session-commands.ts';
import type {SessionChoice} from './sessions/open-session.ts';
import {parseNumber} from './settings.ts';

const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

export type OutputFormat = 'text' | 'json' | 'stream-json';

export type ImportFlags = {
  name?: string;
  delimiter?: string;
  encoding?: string;
  header?: number;
  dateOrder?: 'dmy' | 'mdy' | 'ymd';
  na: string[];
  strict: boolean;
  base64: boolean;
  sheet?: string;
  limitMb?: number;
  dryRun: boolean;
};

export type Shared = {
  format: OutputFormat;
  quiet: boolean;
  yes: boolean;
  stdin: boolean;
  /** The least severity of a caution that fails the run. */
  failOn: 'info' | 'warn' | null;
  dataFiles: string[];
  dataset: string | null;
  session: SessionChoice;
  /** Settings given as flags. */
  flags: Flags;
};

export type Invocation =
  | {command: 'ask'; shared: Shared; prompt: string | null; question: string | null; batch: boolean}
  | {command: 'upload'; shared: Shared; files: string[]; options: ImportFlags}
  | {command: 'datasets'; shared: Shared; remove: string | null}
  | {command: 'export'; shared: Shared; dataset: string; output: string; force: boolean}
  | {command: 'sessions'; shared: Shared; request: SessionsRequest}
  | {command: 'replay'; shared: Shared; session: string; verify: boolean}
  | {command: 'report'; shared: Shared; output: string; force: boolean}
  | {command: 'validate'; shared: Shared; rules: string}
  | {command: 'train'; shared: Shared; request: TrainRequest}
  | {command: 'predict'; shared: Shared; request: PredictRequest}
  | {command: 'models'; shared: Shared; request: ModelsRequest}
  | {command: 'undo'; shared: Shared; dataset: string; to: number | null}
  | {command: 'demo' | 'doctor' | 'config'; shared: Shared}
  | {command: 'completion'; shared: Shared; shell: Shell}
  | {command: '__names'; shared: Shared; kind: string}
  | {command: 'help'; text: string}
  | {command: 'version'};

/** What commander read, by the camel-cased name of each option. */
export type Values = Record<string, string | boolean | string[] | undefined>;

export function askOf(words: string[], values: Values): Invocation {
  const prompt = textOf(values.prompt);
  if (prompt !== undefined && words.length > 0) {
    throw new UsageError('usage.two_questions', 'A question was given twice: with -p and as words.', {
      hint: 'Put the whole question in quotes after -p.',
    });
  }
  if (values.batch === true && (prompt !== undefined || words.length > 0)) {
    throw new UsageError(
      'usage.batch_question',
      '--batch reads its questions from standard input, and one was given.',
      {
        hint: 'Leave out the question, or leave out --batch.',
      },
    );
  }
  if (prompt !== undefined && prompt.trim() === '')
    throw new UsageError('usage.empty_question', 'The question after -p is empty.');
  return {
    command: 'ask',
    shared: sharedOf(values),
    prompt: prompt ?? null,
    question: words.length > 0 ? words.join(' ') : null,
    batch: values.batch === true,
  };
}

export function commandOf(command: Command, files: string[], values: Values): Invocation {
  const shared = sharedOf(values);
  switch (command.name) {
    case 'upload':
      return {command: 'upload', shared, files, options: importFlags(values)};
    case 'datasets':
      return {command: 'datasets', shared, remove: removedDataset(files)};
    case 'export':
      return {
        command: 'export',
        shared,
        dataset: files[0] ?? '',
        output: outputFile(values, 'ds-agent export DATASET -o FILE.csv'),
        force: values.force === true,
      };
    case 'undo': {
      const to = numberOf('--to', values.to, {min: 1, max: 1_000_000, whole: true});
      return {command: 'undo', shared, dataset: files[0] ?? '', to: to ?? null};
    }
    case 'report': {
      const output = outputFile(values, 'ds-agent report -o FILE.pdf');
      return {command: 'report', shared, output, force: values.force === true};
    }
    case 'validate':
      return {command: 'validate', shared, rules: files[0] ?? ''};
    case 'train':
      return {command: 'train', shared, request: trainRequest(values)};
    case 'predict':
      return {command: 'predict', shared, request: predictRequest(files, values)};
    case 'models':
      return {command: 'models', shared, request: modelsRequest(files, values)};
    case 'sessions':
      return {command: 'sessions', shared, request: sessionsRequest(files, values)};
    case 'replay':
      return {command: 'replay', shared, session: files[0] ?? '', verify: values.verify === true};
    case 'completion':
      return {command: 'completion', shared, shell: shellOf(files[0] ?? '')};
    case '__names':
      return {command: '__names', shared, kind: files[0] ?? ''};
    case 'demo':
    case 'doctor':
    case 'config':
      return {command: command.name, shared};
    default:
      throw new Error(`no action for the command ${command.name}`);
  }
}

function removedDataset([action, name, ...rest]: readonly string[]): string | null {
  if (action === undefined || (action === 'ls' && name === undefined)) return null;
  if (action === 'rm' && name !== undefined && rest.length === 0) return name;
  throw new UsageError('usage.datasets', `"datasets ${action}" is not known.`, {
    hint: 'ds-agent datasets, or ds-agent datasets rm NAME',
  });
}

function shellOf(word: string): Shell {
  const shell = shells.find(each => each === word);
  if (shell) return shell;
  throw new UsageError('usage.shell', `There is no completion for "${word}".`, {
    hint: `It is there for ${shells.join(', ')}.`,
  });
}

function sessionsRequest(words: readonly string[], values: Values): SessionsRequest {
  const [action = 'ls', name] = words;
  if (action === 'ls' && name === undefined) return {action: 'list'};
  if (action === 'export' && name !== undefined)
    return {
      action: 'export',
      session: name,
      output: textOf(values.output) ?? null,
      force: values.force === true,
    };
  throw new UsageError('usage.sessions', `"sessions ${words.join(' ')}" is not known.`, {
    hint: 'ds-agent sessions, or ds-agent sessions export NAME -o FILE',
  });
}

function outputFile(values: Values, hint: string): string {
  const output = textOf(values.output);
  if (output === undefined) throw new UsageError('usage.output', 'The file to write is missing.', {hint});
  return output;
}

function failOnOf(values: Values): Shared['failOn'] {
  const failOn = textOf(values.failOn);
  if (failOn === undefined) return null;
  if (failOn === 'info' || failOn === 'warn') return failOn;
  throw new UsageError('usage.fail_on', `--fail-on is warn or info, not "${failOn}".`);
}

function sharedOf(values: Values): Shared {
  const flags: Flags = {};
  const workspace = textOf(values.workspace);
  const provider = textOf(values.provider);
  const limit = textOf(values.limitMb);
  const privacy = textOf(values.privacy);
  if (privacy !== undefined) flags.DS_AGENT_PRIVACY = privacy;
  if (workspace !== undefined) flags.DS_AGENT_WORKSPACE = workspace;
  if (provider !== undefined) flags.DS_AGENT_PROVIDERS = provider;
  if (limit !== undefined) flags.UPLOAD_SIZE_LIMIT_MB = limit;
  if (typeof values.color === 'boolean') flags.FORCE_COLOR = values.color ? '1' : '0';
  if (values.accessible === true) flags.ACCESSIBLE = 'true';
  return {
    format: formatOf(values),
    quiet: values.quiet === true,
    yes: values.yes === true,
    stdin: values.stdin !== false,
    failOn: failOnOf(values),
    dataFiles: Array.isArray(values.data) ? values.data : [],
    dataset: textOf(values.dataset) ?? null,
    session: sessionOf(values),
    flags,
  };
}

function sessionOf(values: Values): SessionChoice {
  const name = textOf(values.session);
  if (name === undefined) return {type: values.continue === true ? 'last' : 'new'};
  if (values.continue === true)
    throw new UsageError('usage.two_sessions', '-c continues the last session and --session names one.', {
      hint: 'Leave out one of them.',
    });
  return {type: 'named', name};
}

function formatOf(values: Values): OutputFormat {
  const named = textOf(values.outputFormat);
  if (named === undefined) return values.json ? 'json' : 'text';
  if (named === 'text' || named === 'json' || named === 'stream-json') return named;
  throw new UsageError('usage.output_format', `--output-format can be text, json or stream-json, not "${named}".`);
}

function importFlags(values: Values): ImportFlags {
  const options: ImportFlags = {
    na: Array.isArray(values.na) ? values.na : [],
    strict: values.strict === true,
    base64: values.base64 === true,
    dryRun: values.dryRun === true,
  };
  const {name, delimiter, encoding, sheet} = values;
  if (typeof name === 'string') options.name = name;
  if (typeof delimiter === 'string') options.delimiter = delimiter === '\\t' ? '\t' : delimiter;
  if (typeof encoding === 'string') options.encoding = encoding;
  if (typeof sheet === 'string') options.sheet = sheet;
  const header = numberOf('--header', values.header, {min: 0, max: 20, whole: true});
  if (header !== undefined) options.header = header;
  const limitMb = numberOf('--limit-mb', values.limitMb, {min: 0.000_001, max: 1_000_000});
  if (limitMb !== undefined) options.limitMb = limitMb;
  const order = textOf(values.dateOrder)?.toLowerCase();
  if (order === 'dmy' || order === 'mdy' || order === 'ymd') options.dateOrder = order;
  else if (order !== undefined)
    throw new UsageError('usage.date_order', `--date-order can be dmy, mdy or ymd, not "${order}".`);
  return options;
}

function numberOf(
  flag: string,
  value: Values[string],
  range: {min: number; max: number; whole?: boolean},
): number | undefined {
  const text = textOf(value);
  if (text === undefined) return undefined;
  const parsed = parseNumber(text, range);
  if (parsed === null)
    throw new UsageError(
      'usage.number',
      `${flag} wants a ${range.whole ? 'whole ' : ''}number from ${range.min} to ${range.max}, not "${text}".`,
    );
  return parsed;
}

function textOf(value: Values[string]): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
