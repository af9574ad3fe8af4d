// Parses the command line with commander; the tables say what exists. Also the help text made of them.

import {CommanderError, Command as Parser, Option as ParserOption} from 'commander';
import {UsageError} from '../core/errors.ts';
import {editDistance} from '../core/text.ts';
import {commandTable, exitCodeText, globalOptions, type Option, topExamples} from './command-table.ts';
import {askOf, commandOf, type Invocation, type Values} from './invocation.ts';
import {settingsTable} from './settings.ts';

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
    program.addCommand(child, {hidden: 'hidden' in command});
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
    if (flags.includes('--prompt')) parsed.argParser(oneQuestion);
    if (pair) parsed.default(undefined);
    if (hidden || (pair && flags === pair[2])) parsed.hideHelp();
    parser.addOption(parsed);
  }
}

function oneQuestion(text: string, before: string | undefined): string {
  if (before === undefined) return text;
  throw new UsageError('usage.question_twice', 'Two questions were given with -p.', {
    hint: 'Ask one, or pipe several lines to ds-agent --batch.',
  });
}

function defined(values: Values): Values {
  return Object.fromEntries(
    Object.entries(values).filter(([name, value]) => value !== undefined && !(name === 'stdin' && value === true)),
  );
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
