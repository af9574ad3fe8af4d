// Slash commands of the chat: they run without a model. /help, completion and dispatch share this one table.

import type {Caution} from '../core/caution.ts';
import {currentVersion, type Table} from '../core/dataset.ts';
import {UsageError} from '../core/errors.ts';
import {formatCount, nearest, printable, sizeWords} from '../core/text.ts';
import type {Artifact} from '../core/tool.ts';
import type {App} from './app.ts';
import {droppedFile, pathOf} from './dropped-path.ts';
import {analysisCommands} from './slash/analysis-commands.ts';
import {needed, toolResult, viaTool} from './slash/run-tool.ts';
import {breakerLines, sizeOf, status} from './slash/status.ts';

/** `note` names the receipt, for the chat; a script says it on stderr. */
/** `charts` stand above the text. */
export type SlashAnswer = {text: string; table?: Table; note?: string; charts?: Artifact[]} | 'quit' | 'clear';
export type Run = (args: string, app: App, signal: AbortSignal) => Promise<SlashAnswer>;
/** `completes` and `words` are what Tab offers behind the command. */
export type SlashCommand = {
  name: string;
  args: string;
  about: string;
  run: Run;
  completes?: readonly ('columns' | 'datasets' | 'files')[];
  words?: readonly string[];
};

export const slashCommands: readonly SlashCommand[] = [
  {name: 'help', args: '', about: 'this list', run: async () => ({text: slashHelp()})},
  {name: 'upload', args: 'FILE', about: 'import a file', run: upload, completes: ['files']},
  {
    name: 'datasets',
    args: '',
    about: 'list the datasets',
    run: (_, app, signal) => viaTool('list_datasets', {}, app, signal),
  },
  {name: 'use', args: 'DATASET', about: 'work on this dataset', run: use, completes: ['datasets']},
  {
    name: 'profile',
    args: '[DATASET]',
    about: 'one line a column: type, nulls, quartiles, top values',
    run: profile,
    completes: ['datasets'],
  },
  {
    name: 'quality',
    args: '[DATASET]',
    about: 'missing values, duplicates, keys, outliers, spelling variants, time gaps',
    run: async (args, app, signal) => (await import('./slash/analysis.ts')).quality(args, app, signal),
    completes: ['datasets'],
  },
  {
    name: 'clean',
    args: '[STEP; STEP …]',
    about: 'plan the steps with what each changes, then ask; /clean help lists them',
    run: async (args, app, signal) => (await import('./slash/clean.ts')).clean(args, app, signal),
    completes: ['columns', 'datasets'],
    words: [
      'duplicates',
      'missing',
      'trim',
      'fill',
      'lower',
      'upper',
      'drop',
      'rename',
      'cast',
      'replace',
      'outliers',
      'keep',
    ],
  },
  {
    name: 'aggregate',
    args: 'FUNCTION COLUMN [by COLUMN …]',
    about: 'mean, sum, median, min, max, sd, count or distinct of columns, by groups',
    run: async (args, app, signal) => (await import('./slash/aggregate.ts')).aggregate(args, app, signal),
    completes: ['columns', 'datasets'],
    words: ['mean', 'median', 'sum', 'count', 'distinct', 'where'],
  },
  {
    name: 'chart',
    args: 'MARK [FUNCTION] COLUMN [by COLUMN]',
    about: 'draw and keep a chart; "tweak log y; top 10" changes it, "to FILE.png" writes it',
    run: async (args, app, signal) => (await import('./slash/aggregate.ts')).chart(args, app, signal),
    completes: ['columns', 'datasets'],
    words:
      'tweak histogram bar line area scatter box violin heatmap ecdf qq correlation missing pairs mean where'.split(
        ' ',
      ),
  },
  ...analysisCommands,
  {
    name: 'train',
    args: 'TARGET [with COLUMN …]',
    about: 'train models that predict TARGET, beside a baseline, and keep the best',
    run: async (args, app, signal) => (await import('./slash/models.ts')).train(args, app, signal),
    completes: ['columns', 'datasets'],
    words: ['with', 'by', 'in', 'where'],
  },
  {
    name: 'predict',
    args: '[MODEL] [in DATASET] [to NAME]',
    about: 'score a dataset with a kept model; "to" keeps the rows and their predictions',
    run: async (args, app, signal) => (await import('./slash/models.ts')).predict(args, app, signal),
    completes: ['datasets'],
    words: ['in', 'to', 'where'],
  },
  {
    name: 'models',
    args: '[show | compare | evaluate | explain | rm]',
    about: 'the models kept here; how good one is, by group too; what it looks at, or why a row',
    run: async (args, app, signal) => (await import('./slash/registry.ts')).models(args, app, signal),
    completes: ['columns', 'datasets'],
    words: ['show', 'compare', 'evaluate', 'explain', 'rm', 'row', 'of', 'by', 'in', 'where'],
  },
  {
    name: 'sql',
    args: 'SELECT …',
    about: 'run one SELECT',
    run: (sql, app, signal) => viaTool('run_sql', {sql: needed(sql, '/sql SELECT …')}, app, signal),
  },
  {name: 'undo', args: '[DATASET]', about: 'go back to the version before', run: undoVersion, completes: ['datasets']},
  {name: 'why', args: 'N', about: 'where result N came from: dataset version, SQL, rows, time', run: why},
  {
    name: 'show',
    args: 'N',
    about: 'the exact SQL or arguments of result N, and the result',
    run: async (args, app) => (await import('./slash/show.ts')).show(args, app),
  },
  {
    name: 'view',
    args: '[DATASET | N]',
    about: 'look through a dataset or result N: sort, filter, take rows into a question',
    run: async () => {
      throw new UsageError('chat.only', '/view needs the chat.', {hint: 'In a script, ask with /sql SELECT …'});
    },
    completes: ['datasets'],
  },
  {
    name: 'explain',
    args: '[N]',
    about: 'what the cautions beside the last answer, or about result N, mean',
    run: async (args, app) => (await import('./slash/explain.ts')).explain(args, app),
  },
  {
    name: 'sessions',
    args: '',
    about: 'the conversations kept here, and how to go on with one',
    run: async (args, app) => (await import('./slash/sessions.ts')).listSessions(args, app),
  },
  {
    name: 'export',
    args: '[FILE]',
    about: 'write this conversation as .md, .ipynb (runs with DuckDB) or .sql',
    run: async (args, app) => (await import('./slash/export.ts')).exportConversation(args, app),
  },
  {
    name: 'report',
    args: '[FILE]',
    about: 'write a report as .pdf, .html, .md or .ipynb, every number with its source',
    run: async (args, app, signal) => (await import('./slash/report.ts')).writeReport(args, app, signal),
    completes: ['files'],
  },
  {
    name: 'replay',
    args: '[SESSION]',
    about: 'compute the results again, without a model, and say what changed',
    run: async (args, app, signal) => (await import('./slash/export.ts')).replayConversation(args, app, signal),
  },
  {
    name: 'copy',
    args: '[N | code | table]',
    about: 'the last answer, its code or table, or result N, to the clipboard',
    run: async (args, app) => (await import('./slash/copy.ts')).copy(args, app),
    words: ['code', 'table'],
  },
  {
    name: 'model',
    args: '[PROVIDER] [MODEL]',
    about: 'what answers; another provider or model for this session',
    run: async (args, app) => (await import('./slash/model.ts')).model(args, app),
    words: ['openai', 'gemini', 'offline'],
  },
  {name: 'breaker', args: '[reset]', about: 'state of the circuit breakers; reset closes them', run: breaker},
  {
    name: 'privacy',
    args: '[LEVEL | hide COLUMN]',
    about: 'what may go to a model: rows, aggregates or schema; hide keeps a column here',
    run: async (args, app) => (await import('./slash/privacy.ts')).privacy(args, app),
  },
  {
    name: 'wire',
    args: '[save FILE]',
    about: 'the last request to a provider, as it was sent',
    run: async (args, app) => (await import('./slash/privacy.ts')).wire(args, app),
  },
  {name: 'status', args: '', about: 'provider, dataset, tokens, money and workspace as text', run: status},
  {name: 'clear', args: '', about: 'forget the conversation; datasets stay', run: async () => 'clear'},
  {name: 'quit', args: '', about: 'leave', run: async () => 'quit'},
];

/**
 * Runs a line that begins with "/".
 * @throws UsageError `chat.unknown_command`, and whatever the command's tool reports
 */
export async function runSlash(line: string, app: App, signal: AbortSignal): Promise<SlashAnswer> {
  const [, name = '', args = ''] = /^\/(\S*)\s*([\s\S]*)$/.exec(line.trim()) ?? [];
  const command = slashCommands.find(each => each.name === name || (name === 'exit' && each.name === 'quit'));
  if (!command) {
    const near = nearest(
      name,
      slashCommands.map(each => each.name),
      2,
    );
    throw new UsageError('chat.unknown_command', `There is no command /${printable(name, {oneLine: true})}.`, {
      hint:
        near.length > 0 ? `Did you mean ${near.map(each => `/${each}`).join(' or ')}?` : '/help lists the commands.',
    });
  }
  return command.run(args.trim(), app, signal);
}

/** Tells the cautions of a command behind what it showed; `before` is what the session had said when it began. */
export function tellCautions({session, events}: App, before: readonly Caution[]): void {
  if (session.cautions() === before) return;
  for (const caution of session.cautions()) events.emit({type: 'caution', caution});
}

function slashHelp(): string {
  const heads = slashCommands.map(({name, args}) => `/${name}${args ? ` ${args}` : ''}`);
  const width = Math.max(...heads.map(head => head.length));
  const lines = slashCommands.map(({about}, index) => `  ${(heads[index] ?? '').padEnd(width)}  ${about}`);
  return [
    'Ask in plain words, or:',
    ...lines,
    '',
    'Ctrl-G writes the line in $EDITOR. A pasted table is offered as an import.',
    'A bare number sends that next step. Ctrl-C stops a running answer, then clears the line, then leaves.',
  ].join('\n');
}

async function upload(args: string, app: App, signal: AbortSignal): Promise<SlashAnswer> {
  const typed = needed(args, '/upload FILE');
  const path = droppedFile(typed) ?? pathOf(typed);
  return {text: (await toolResult('import_file', {path}, app, signal)).summary};
}

async function use(args: string, app: App): Promise<SlashAnswer> {
  const dataset = await app.catalog.dataset(needed(args, '/use DATASET'));
  app.catalog.use(dataset.name);
  const {version, rows, columns} = currentVersion(dataset);
  return {
    text: `Working on ${dataset.name} v${version}: ${sizeWords(rows, columns.length)}.`,
  };
}

async function profile(args: string, app: App, signal: AbortSignal): Promise<SlashAnswer> {
  const dataset = args || (await app.catalog.active());
  if (!dataset) throw new UsageError('dataset.none', 'No dataset is imported yet.', {hint: 'Import one: /upload FILE'});
  return viaTool('describe_dataset', {dataset}, app, signal);
}

async function undoVersion(args: string, app: App): Promise<SlashAnswer> {
  const dataset = args || (await app.catalog.active());
  if (!dataset) throw new UsageError('dataset.none', 'No dataset is imported yet.', {hint: 'Import one: /upload FILE'});
  const {undo} = await import('./dataset-commands.ts');
  const {name} = await undo(app.workspace, dataset, null);
  return {text: `Now ${await sizeOf(app, name)}.`};
}

async function why(args: string, app: App): Promise<SlashAnswer> {
  const id = Number(needed(args, '/why N').replace(/^#/, ''));
  const receipt = app.session.receipt(id);
  if (!receipt) {
    const known = app.session.receipts().map(each => each.id);
    throw new UsageError('receipt.unknown', `There is no result ${printable(args, {oneLine: true})}.`, {
      hint: known.length > 0 ? `Results so far: ${known.slice(-10).join(', ')}.` : 'Nothing was computed yet.',
    });
  }
  const {tool, args: toolArgs, sql, datasets, rowsRead, sampled, ms} = receipt;
  const lines = [
    `Result ${id}: ${tool}, ${ms} ms`,
    ...datasets.map(({name, version, sha256}) => `Dataset: ${name} v${version}, sha256 ${sha256.slice(0, 16)}`),
    `Rows read: ${formatCount(rowsRead)}${sampled ? ', a SAMPLE' : ', all of them'}`,
    ...(sql ? ['SQL:', sql] : [`Arguments: ${JSON.stringify(toolArgs)}`]),
  ];
  return {text: printable(lines.join('\n'))};
}

async function breaker(args: string, app: App): Promise<SlashAnswer> {
  if (args === 'reset') {
    await app.router.resetBreakers();
    return {text: 'All circuit breakers are closed.'};
  }
  if (args) throw new UsageError('chat.arguments', '/breaker knows only "reset".');
  return {text: breakerLines(app.router.status(), app.clock.now()).join('\n')};
}
