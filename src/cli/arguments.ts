// The command line as one closed union of what to do. Commander parses; the tables say what exists.

import {CommanderError, Command as Parser, Option as ParserOption} from 'commander';
import {UsageError} from '../core/errors.ts';
import {editDistance} from '../core/text.ts';
import {type Command, commandTable, exitCodeText, globalOptions, type Option, topExamples} from './command-table.ts';
import type {Flags} from './config.ts';
import {parseNumber, settingsTable} from './settings.ts';

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
  dataFiles: string[];
  dataset: string | null;
  /** Settings given as flags. */
  flags: Flags;
};

export type Invocation =
  | {command: 'ask'; shared: Shared; prompt: string | null; question: string | null; batch: boolean}
  | {command: 'upload'; shared: Shared; files: string[]; options: ImportFlags}
  | {command: 'datasets'; shared: Shared; remove: string | null}
  | {command: 'export'; shared: Shared; dataset: string; output: string; force: boolean}
  | {command: 'undo'; shared: Shared; dataset: string; to: number | null}
  | {command: 'demo' | 'doctor' | 'config'; shared: Shared}
  | {command: 'help'; text: string}
  | {command: 'version'};

type Values = Record<string, string | boolean | string[] | undefined>;

/** @throws UsageError for anything the tables do not know */
export function parseArguments(argv: readonly string[], columns = 80): Invocation {
  let result: Invocation | null = null;
  const program = newParser('ds-agent', columns)
    .description('A data-science assistant for the terminal.')
    .argument('[question...]', 'a question to start the chat with');
  let help = '';
  const quietOutput = {
    writeOut: (text: string) => {
      help += text;
    },
    writeErr: () => {},
  };
  program.configureOutput(quietOutput);
  for (const option of globalOptions) addOption(program, option);
  program.option('-V, --version', 'print the version');
  program.action((words: string[], values: Values) => {
    refuseMistypedCommand(words);
    result = values.version ? {command: 'version'} : askOf(words, values);
  });
  for (const command of commandTable) {
    const child = newParser(command.name, columns).description(command.about);
    child.configureOutput(quietOutput);
    for (const argument of command.args.split(' ').filter(Boolean)) child.argument(argument);
    for (const option of command.options) addOption(child, option);
    for (const option of globalOptions) addOption(child, option, true);
    child.action((...received: unknown[]) => {
      const words = received
        .slice(0, -2)
        .flat()
        .filter(word => word !== undefined)
        .map(String);
      result = commandOf(command, words, {...program.opts<Values>(), ...defined(child.opts<Values>())});
    });
    program.addCommand(child);
  }
  program.addHelpText('after', () => `\n${helpTail()}`);
  try {
    program.parse([...argv], {from: 'user'});
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.code === 'commander.helpDisplayed' || error.code === 'commander.help')
      return {command: 'help', text: help};
    throw new UsageError('usage.arguments', sentence(error.message), {
      hint: 'ds-agent --help lists commands and options.',
    });
  }
  return result ?? {command: 'help', text: help};
}

/** The whole help text at the given width. */
export function helpText(columns = 80): string {
  const invocation = parseArguments(['--help'], columns);
  return invocation.command === 'help' ? invocation.text : '';
}

function newParser(name: string, columns: number): Parser {
  return new Parser(name)
    .exitOverride()
    .helpCommand(false)
    .helpOption('-h, --help', 'show this help')
    .configureHelp({helpWidth: columns})
    .showSuggestionAfterError(true)
    .allowExcessArguments(false);
}

function addOption(parser: Parser, option: Option, hidden = false): void {
  const pair = /^(--\w+), (--no-\w+)$/.exec(option.flags);
  for (const flags of pair ? [pair[1] ?? '', pair[2] ?? ''] : [option.flags]) {
    const parsed = new ParserOption(flags, option.about);
    if (option.repeatable)
      parsed.argParser((value: string, before: string[] | undefined) => [...(before ?? []), value]);
    if (pair) parsed.default(undefined);
    if (hidden || (pair && flags === pair[2])) parsed.hideHelp();
    parser.addOption(parsed);
  }
}

function defined(values: Values): Values {
  return Object.fromEntries(
    Object.entries(values).filter(([name, value]) => value !== undefined && !(name === 'stdin' && value === true)),
  );
}

function askOf(words: string[], values: Values): Invocation {
  const prompt = textOf(values.prompt);
  if (prompt !== undefined && words.length > 0) {
    throw new UsageError('usage.two_questions', 'A question was given twice: with -p and as words.', {
      hint: 'Put the whole question in quotes after -p.',
    });
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

function commandOf(command: Command, files: string[], values: Values): Invocation {
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
        output: outputFile(values),
        force: values.force === true,
      };
    case 'undo': {
      const to = numberOf('--to', values.to, {min: 1, max: 1_000_000, whole: true});
      return {command: 'undo', shared, dataset: files[0] ?? '', to: to ?? null};
    }
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

function outputFile(values: Values): string {
  const output = textOf(values.output);
  if (output === undefined)
    throw new UsageError('usage.output', 'The file to write is missing.', {
      hint: 'ds-agent export DATASET -o FILE.csv',
    });
  return output;
}

function sharedOf(values: Values): Shared {
  const flags: Flags = {};
  const workspace = textOf(values.workspace);
  const provider = textOf(values.provider);
  const limit = textOf(values.limitMb);
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
    dataFiles: Array.isArray(values.data) ? values.data : [],
    dataset: textOf(values.dataset) ?? null,
    flags,
  };
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

/** "uplaod sales.csv" is a mistyped command, not a question. */
function refuseMistypedCommand(words: readonly string[]): void {
  const first = words[0]?.toLowerCase();
  if (first === undefined || /\s/.test(first) || words.length > 3) return;
  const meant = commandTable.find(({name}) => editDistance(first, name) <= (name.length > 5 ? 2 : 1));
  if (meant)
    throw new UsageError('usage.unknown_command', `There is no command "${words[0]}".`, {
      hint: `Did you mean: ds-agent ${meant.name} ${words.slice(1).join(' ')}`.trimEnd(),
    });
}

function sentence(message: string): string {
  const text = message
    .replace(/^error: /, '')
    .replaceAll(/\s*\n\s*/g, ' ')
    .trim();
  return /[.?)]$/.test(text) ? text : `${text}.`;
}

function helpTail(): string {
  const pad = Math.max(...topExamples.map(([line]) => line.length));
  const width = Math.max(...settingsTable.map(setting => setting.variable.length));
  const variables = settingsTable.map(
    ({variable, fallback, about}) =>
      `  ${variable.padEnd(width)}  ${about}${fallback === null ? '' : ` (${fallback})`}`,
  );
  return [
    'Examples:',
    ...topExamples.map(([line, about]) => `  ${line.padEnd(pad)}  ${about}`),
    '',
    'Variables (default in parentheses):',
    ...variables,
    '',
    exitCodeText,
  ].join('\n');
}
