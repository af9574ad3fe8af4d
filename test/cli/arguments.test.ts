import {describe, expect, it} from 'vitest';
import {helpText, parseArguments} from '../../src/cli/arguments.ts';
import {type Command, commandTable, globalOptions, type Option} from '../../src/cli/command-table.ts';
import {settingsTable} from '../../src/cli/settings.ts';
import {UsageError} from '../../src/core/errors.ts';
import {evaluationCharts} from '../../src/tools/applying/evaluation-chart-names.ts';

function usageError(argv: string[]): UsageError {
  try {
    parseArguments(argv);
  } catch (error) {
    if (error instanceof UsageError) return error;
    throw error;
  }
  throw new Error(`${argv.join(' ')} was accepted`);
}

/** A value that each kind of option accepts. */
function sampleOf({flags}: Option): string[] {
  const samples: Record<string, string> = {
    format: 'json',
    number: '5',
    rows: '1',
    version: '2',
    order: 'dmy',
    severity: 'warn',
  };
  const wanted = /<(\w+)>/.exec(flags)?.[1];
  return wanted === undefined ? [] : [samples[wanted] ?? 'sales'];
}

const longNames = ({flags}: Option): string[] => [...flags.matchAll(/--[\w-]+/g)].map(([name]) => name);
const shortName = ({flags}: Option): string[] => (/^-\w/.exec(flags) ?? []).slice();
const words: Record<string, string[]> = {
  upload: ['a.csv'],
  export: ['sales', '-o', 'x.csv'],
  report: ['-o', 'x.pdf'],
  undo: ['sales'],
  replay: ['last'],
  completion: ['bash'],
  __names: ['datasets'],
  validate: ['r.yaml'],
  train: ['--target', 'price'],
  predict: ['latest', 'a.csv', '-o', 'x.csv'],
};
const wordsOf = ({name}: Command): string[] => words[name] ?? [];

/** An option of "models" goes with one of its actions. */
function actionFor({name}: Command, {flags}: Option): string[] | null {
  if (name !== 'models') return null;
  if (/--(output|force)/.test(flags)) return ['export', 'latest', '-o', 'm.onnx'];
  return [/--(column|row)/.test(flags) ? 'explain' : 'evaluate'];
}

describe('-p', () => {
  it('given twice is refused, since one of the two questions would be lost', () => {
    expect(usageError(['-p', 'a', '-p', 'b'])).toMatchObject({code: 'usage.question_twice', exitCode: 2});
  });
});

describe('every option of the tables', () => {
  const own = globalOptions.flatMap(option =>
    [...longNames(option), ...shortName(option)].map(name => [name, option] as const),
  );

  it.each(own)('%s is read before a question', (name, option) => {
    expect(parseArguments([name, ...sampleOf(option)])).toMatchObject({command: 'ask'});
  });

  const ofCommands = commandTable.flatMap((command: Command) =>
    command.options.flatMap(option =>
      [...longNames(option), ...shortName(option)].map(name => [command.name, name, command, option] as const),
    ),
  );
  it.each(ofCommands)('%s %s is read', (_, name, command, option) => {
    const rest = (actionFor(command, option) ?? wordsOf(command)).filter(
      (word, index, all) => !(option.flags.includes('--output') && (word === '-o' || all[index - 1] === '-o')),
    );
    expect(parseArguments([command.name, ...rest, name, ...sampleOf(option)])).toMatchObject({command: command.name});
  });

  it('the charts that completion offers are those of an evaluation', () => {
    const models: Command | undefined = commandTable.find(({name}) => name === 'models');
    expect(models?.options.find(({flags}) => flags.startsWith('--chart'))?.words).toEqual(evaluationCharts);
  });

  it.each(commandTable.map((command: Command) => [command.name, command] as const))(
    '%s takes the global options before and after its name',
    (name, command) => {
      const before = parseArguments(['--json', '--workspace', 'w', name, ...wordsOf(command)]);
      const after = parseArguments([name, ...wordsOf(command), '--json', '--workspace', 'w']);
      expect(before).toEqual(after);
      expect(before).toMatchObject({command: name, shared: {format: 'json', flags: {DS_AGENT_WORKSPACE: 'w'}}});
    },
  );

  it('all stand in the help, as do all commands and variables', () => {
    const help = helpText(100);
    for (const option of globalOptions) expect(help).toContain(longNames(option)[0]);
    for (const command of commandTable)
      expect(new RegExp(`^  ${command.name}\\b`, 'm').test(help)).toBe(!('hidden' in command));
    for (const {variable} of settingsTable) expect(help).toContain(variable);
    for (const line of helpText(80).split('\n')) expect(line.trimEnd()).toBe(line);
  });

  it.each(commandTable.map((command: Command) => [command.name, command] as const))(
    '%s --help lists its options',
    (name, command) => {
      const invocation = parseArguments([name, '--help']);
      const text = invocation.command === 'help' ? invocation.text : '';
      expect(text).toContain(`ds-agent ${name}`);
      for (const option of command.options) expect(text).toContain(longNames(option)[0]);
    },
  );
});

describe('a question', () => {
  it('as words opens the chat with it; with -p it is asked and answered', () => {
    expect(parseArguments(['average', 'price'])).toMatchObject({
      command: 'ask',
      question: 'average price',
      prompt: null,
    });
    expect(parseArguments(['-p', 'average price'])).toMatchObject({
      command: 'ask',
      question: null,
      prompt: 'average price',
    });
    expect(parseArguments([])).toMatchObject({command: 'ask', question: null, prompt: null});
  });

  it('given twice is refused', () => {
    expect(usageError(['-p', 'a b', 'c', 'd', 'e', 'f'])).toMatchObject({code: 'usage.two_questions', exitCode: 2});
  });

  it('beside --batch is refused, since those come from standard input', () => {
    for (const argv of [
      ['--batch', '-p', 'a'],
      ['--batch', 'a', 'b', 'c', 'd'],
    ])
      expect(usageError(argv)).toMatchObject({code: 'usage.batch_question', exitCode: 2});
  });

  it('that is empty is refused', () => {
    expect(usageError(['-p', '  ']).code).toBe('usage.empty_question');
  });

  it('may begin with a word that looks like a command, when it is a sentence', () => {
    expect(parseArguments(['upload the figures of last year, please'])).toMatchObject({command: 'ask'});
  });
});

describe('a command line that is wrong', () => {
  it.each([
    [['uplaod', 'sales.csv'], 'ds-agent upload sales.csv'],
    [['dataset'], 'ds-agent datasets'],
    [['docter'], 'ds-agent doctor'],
    [['confg'], 'ds-agent config'],
  ])('%s is a mistyped command, not a question', (argv, meant) => {
    expect(usageError(argv)).toMatchObject({code: 'usage.unknown_command', hint: `Did you mean: ${meant}`});
  });

  it('an unknown option names the nearest one, in one line', () => {
    const error = usageError(['--jsn']);
    expect(error).toMatchObject({code: 'usage.arguments', exitCode: 2});
    expect(error.message).toContain('--json');
    expect(error.message).not.toContain('\n');
  });

  it.each([
    [['upload'], 'usage.arguments'],
    [['-p'], 'usage.arguments'],
    [['--output-format', 'xml', '-p', 'x'], 'usage.output_format'],
    [['upload', 'a.csv', '--header', 'many'], 'usage.number'],
    [['upload', 'a.csv', '--limit-mb', '-1'], 'usage.number'],
    [['upload', 'a.csv', '--date-order', 'ydm'], 'usage.date_order'],
    [['doctor', 'now'], 'usage.arguments'],
  ])('%s ends with %s', (argv, code) => {
    expect(usageError(argv)).toMatchObject({code, kind: 'usage'});
  });
});

describe('what flags set', () => {
  it('repeatable options keep their order', () => {
    expect(parseArguments(['-p', 'x', '--data', 'b.csv', '--data', 'a.csv'])).toMatchObject({
      shared: {dataFiles: ['b.csv', 'a.csv']},
    });
    expect(parseArguments(['upload', 'a.csv', '--na', '-', '--na', '?'])).toMatchObject({options: {na: ['-', '?']}});
  });

  it('colour, stdin and approval', () => {
    expect(parseArguments(['--no-color'])).toMatchObject({shared: {flags: {FORCE_COLOR: '0'}}});
    expect(parseArguments(['--color'])).toMatchObject({shared: {flags: {FORCE_COLOR: '1'}}});
    expect(parseArguments([])).toMatchObject({shared: {flags: {}, stdin: true, yes: false}});
    expect(parseArguments(['-n', '-y'])).toMatchObject({shared: {stdin: false, yes: true}});
    expect(parseArguments(['upload', 'a', '-n'])).toMatchObject({shared: {stdin: false}});
  });

  it('a tab can be named in the shell', () => {
    expect(parseArguments(['upload', 'a', '--delimiter', '\\t'])).toMatchObject({options: {delimiter: '\t'}});
  });
});
