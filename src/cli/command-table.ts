// The commands and options of the command line. Help, README and completion are made from these tables.

/** What a word of the command line can be, for completion: one of these words, or a name that is looked up. */
export type Words = readonly string[] | 'files' | 'folders' | 'datasets' | 'sessions' | 'models';

/** `words` are what the value can be; `<file>` and `<dir>` say so themselves. */
export type Option = {flags: string; about: string; repeatable?: boolean; words?: Words};
/** `operands` are what the words behind the name can be; the last one repeats. A `hidden` command is not in the help. */
export type Command = {
  name: string;
  args: string;
  about: string;
  operands?: readonly Words[];
  options: readonly Option[];
  examples: readonly string[];
  hidden?: boolean;
};

export const globalOptions = [
  {flags: '-p, --prompt <text>', about: 'answer one question on stdout and exit; piped input is then data'},
  {flags: '--data <file>', about: 'import this file first (may be given several times)', repeatable: true},
  {flags: '--dataset <name>', about: 'work on this dataset', words: 'datasets'},
  {flags: '-c, --continue', about: 'go on with the last session'},
  {flags: '--session <name>', about: 'go on with this session, or begin one of this name', words: 'sessions'},
  {flags: '--batch', about: 'piped input holds one question per line, all in one conversation'},
  {flags: '-n, --no-stdin', about: 'do not read piped input'},
  {flags: '-y, --yes', about: 'approve what would otherwise be asked'},
  {
    flags: '--fail-on <severity>',
    about: 'exit with 10 when a caution (warn, or info for any) or an unsupported number stands beside an answer',
    words: ['warn', 'info'],
  },
  {flags: '-q, --quiet', about: 'nothing on stderr but errors'},
  {flags: '--json', about: 'exactly one JSON object on stdout, in every outcome'},
  {
    flags: '--output-format <format>',
    about: 'text, json or stream-json (one event a line)',
    words: ['text', 'json', 'stream-json'],
  },
  {flags: '--workspace <dir>', about: 'folder of datasets, sessions and logs (default ./workspace)'},
  {
    flags: '--provider <list>',
    about: 'openai, gemini or offline, several separated by commas in their order',
    words: ['openai', 'gemini', 'offline'],
  },
  {
    flags: '--privacy <level>',
    about: 'rows, aggregates or schema: what of the data may go to a model',
    words: ['rows', 'aggregates', 'schema'],
  },
  {flags: '--color, --no-color', about: 'force or forbid colour'},
  {flags: '--accessible', about: 'linear text for screen readers'},
] as const satisfies readonly Option[];

export const commandTable = [
  {
    name: 'upload',
    args: '<file...>',
    operands: ['files'],
    about: 'import files (- is standard input) and print a line for each',
    options: [
      {flags: '--name <dataset>', about: 'name of the dataset'},
      {flags: '--delimiter <text>', about: 'delimiter, instead of finding it'},
      {flags: '--encoding <name>', about: 'text encoding, instead of finding it'},
      {flags: '--header <rows>', about: 'number of header rows, 0 for none'},
      {
        flags: '--date-order <order>',
        about: 'dmy, mdy or ymd, for dates like 01/02/2024',
        words: ['dmy', 'mdy', 'ymd'],
      },
      {flags: '--na <text>', about: 'another word for a missing value (may be given several times)', repeatable: true},
      {flags: '--strict', about: 'refuse a file with lines that need repair'},
      {flags: '--base64', about: 'the file holds base64 text of the real file'},
      {flags: '--sheet <name>', about: 'sheet of a workbook'},
      {flags: '--limit-mb <number>', about: 'largest file, instead of UPLOAD_SIZE_LIMIT_MB'},
      {flags: '--dry-run', about: 'say what would be imported, keep nothing'},
    ],
    examples: ['ds-agent upload sales.csv', 'curl -s https://example.org/t.csv | ds-agent upload - --name t'],
  },
  {
    name: 'datasets',
    args: '[action] [name]',
    about: 'list the datasets of the workspace; "rm NAME" removes one',
    operands: [['rm'], 'datasets'],
    options: [],
    examples: ['ds-agent datasets', 'ds-agent datasets rm sales'],
  },
  {
    name: 'export',
    args: '<dataset>',
    operands: ['datasets'],
    about: 'write a dataset to a file; the extension says how (csv, parquet, json, ndjson, xlsx)',
    options: [
      {flags: '-o, --output <file>', about: 'the file to write'},
      {flags: '--force', about: 'replace a file that is there'},
    ],
    examples: ['ds-agent export sales -o sales.parquet'],
  },
  {
    name: 'undo',
    args: '<dataset>',
    operands: ['datasets'],
    about: 'go back to the version before the current one; nothing is deleted',
    options: [{flags: '--to <version>', about: 'go to this version instead'}],
    examples: ['ds-agent undo sales'],
  },
  {
    name: 'sessions',
    args: '[action] [name]',
    about: 'list the conversations, newest first; "export NAME -o FILE" writes one as .md, .ipynb or .sql',
    operands: [['export'], 'sessions'],
    options: [
      {flags: '-o, --output <file>', about: 'the file to write; without it Markdown goes to standard output'},
      {flags: '--force', about: 'replace a file that is there'},
    ],
    examples: ['ds-agent sessions', 'ds-agent sessions export last -o analysis.ipynb'],
  },
  {
    name: 'replay',
    args: '<session>',
    operands: ['sessions'],
    about:
      'compute the results of a session again without a model, on its data or on --data FILE, and say what changed',
    options: [{flags: '--verify', about: 'exit code 1 when anything changed'}],
    examples: ['ds-agent replay last --verify', 'ds-agent replay q3 --data sales_q4.csv'],
  },
  {
    name: 'report',
    args: '',
    about:
      'write a report on a session (--session) or on a dataset (--dataset, --data), every number with its source; the extension says how (pdf, html, md, ipynb)',
    options: [
      {flags: '-o, --output <file>', about: 'the file to write'},
      {flags: '--force', about: 'replace a file that is there'},
    ],
    examples: ['ds-agent report --data sales.csv -o sales.pdf', 'ds-agent report --session q3 -o q3.html'],
  },
  {
    name: 'validate',
    args: '<rules>',
    operands: ['files'],
    about: 'check datasets against a file of rules (YAML or JSON); exit 9 when one is broken',
    options: [],
    examples: ['ds-agent validate rules.yaml --data orders.csv'],
  },
  {
    name: 'train',
    args: '',
    operands: [],
    about: 'train models that predict a column, beside a baseline, and keep the best',
    options: [
      {flags: '--target <column>', about: 'the column to predict'},
      {flags: '--features <columns>', about: 'learn from these only, separated by commas'},
      {flags: '--where <condition>', about: 'SQL condition that the rows must meet'},
      {flags: '--group <column>', about: 'keep its rows together in all folds; none for freely'},
      {flags: '--time <column>', about: 'test on later rows only, with --group of other groups; none for at random'},
      {flags: '--models <names>', about: 'try these only, separated by commas, beside the baseline'},
      {flags: '--balanced', about: 'let every class weigh the same, however rare'},
      {flags: '--seconds <number>', about: 'begin no other candidate after this time (60)'},
      {flags: '--seed <number>', about: 'for the folds and the models (42)'},
    ],
    examples: ['ds-agent train --data sales.csv --target price'],
  },
  {
    name: 'predict',
    args: '<model> <file>',
    operands: ['models', 'files'],
    about:
      'score a file (- is standard input) of any size with a kept model ("latest", an id, or the dataset it learnt from)',
    options: [
      {
        flags: '-o, --output <file>',
        about: 'the file to write; the extension says how (parquet, csv, json, xlsx), - is CSV on standard output',
      },
      {flags: '--force', about: 'replace a file that is there'},
    ],
    examples: ['ds-agent predict latest new.csv -o scored.parquet'],
  },
  {
    name: 'models',
    args: '[action] [name...]',
    operands: [['show', 'compare', 'evaluate', 'explain', 'rm', 'export'], 'models'],
    about:
      'list the kept models; "show", "compare", "evaluate" on --data or --dataset, "explain", "rm", "export -o FILE" as ONNX, each with NAME',
    options: [
      {flags: '--by <column>', about: 'evaluate each of its groups too'},
      {
        flags: '--chart <name>',
        about: 'chart of the evaluation',
        words: ['roc', 'pr', 'calibration', 'residuals', 'qq'],
      },
      {flags: '--column <name>', about: 'explain how the answer changes with this column'},
      {flags: '--row <number>', about: 'explain why this row (from 1) got its prediction'},
      {flags: '--where <condition>', about: 'SQL condition that the rows must meet'},
      {flags: '--seed <number>', about: 'for intervals, samples and shuffles (42)'},
      {flags: '-o, --output <file>', about: 'the ONNX file to write'},
      {flags: '--force', about: 'replace a file that is there'},
    ],
    examples: [
      'ds-agent models',
      'ds-agent models compare',
      'ds-agent models evaluate latest --data new.csv --by region',
      'ds-agent models export latest -o model.onnx',
    ],
  },
  {
    name: 'demo',
    args: '',
    about: 'import the example data and answer three questions, or open the chat on it',
    options: [],
    examples: [],
  },
  {
    name: 'doctor',
    args: '',
    about: 'check Node, terminal, keys, providers, breakers, workspace and engine',
    options: [],
    examples: [],
  },
  {name: 'config', args: '', about: 'show every setting and where it comes from', options: [], examples: []},
  {
    name: 'completion',
    args: '<shell>',
    about: 'print a script that completes commands, options and names in bash, zsh or fish',
    operands: [['bash', 'zsh', 'fish']],
    options: [],
    examples: ['source <(ds-agent completion bash)'],
  },
  {
    name: '__names',
    args: '<kind>',
    about: 'names for the completion, one a line',
    operands: [],
    options: [],
    examples: [],
    hidden: true,
  },
] as const satisfies readonly Command[];

export type CommandName = (typeof commandTable)[number]['name'];

export const topExamples = [
  ['ds-agent', 'chat about your data'],
  ['ds-agent upload sales.csv', 'import a file'],
  ['ds-agent -p "average price by region"', 'one answer on stdout'],
  ['echo "top 5 regions by revenue" | ds-agent', 'the same, piped'],
  ['cat sales.csv | ds-agent -p "describe it"', 'piped data'],
] as const;

export const exitCodeText = `Exit codes: 0 answered, 1 internal error, 2 usage, 3 input rejected, 4 configuration,
5 authentication or billing, 6 providers unavailable, 7 a limit reached, 8 action denied, 9 a tool failed,
10 answered with a caution (--fail-on), 129/130/143 ended by a signal.`;
