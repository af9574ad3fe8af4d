// Shows how a file would be read before the chat imports it; one key changes a guess, and only Enter keeps the result.

import type {Table} from '../core/dataset.ts';
import {currentVersion} from '../core/dataset.ts';
import type {AgentEvent, PreviewKey} from '../core/events.ts';
import {clip, formatCount, printable, sizeWords} from '../core/text.ts';
import {importFile, importStream} from '../import/import-file.ts';
import type {ImportDeps, Imported, ImportOptions, ImportReport, ImportResult} from '../import/job.ts';
import {datasetLine} from '../tools/catalog.ts';
import type {App} from './app.ts';
import type {SlashAnswer} from './slash.ts';

/** What is imported: `file` names it on the screen, `read` does one import of it. */
export type PreviewSource = {
  file: string;
  read(options: ImportOptions & {limitBytes: number}, deps: ImportDeps): Promise<ImportResult>;
};

type PreviewEvent = Extract<AgentEvent, {type: 'import_preview'}>;

/** `ask` shows a preview and rejects with the signal's reason when that fires first. */
export type Previews = {
  ask(preview: Omit<PreviewEvent, 'type' | 'id'>, signal: AbortSignal): Promise<PreviewKey>;
  answer(id: number, key: PreviewKey): void;
};

export function createPreviews(emit: (event: PreviewEvent) => void): Previews {
  let waiting: {id: number; resolve(key: PreviewKey): void} | null = null;
  let lastId = 0;
  return {
    async ask(preview, signal) {
      signal.throwIfAborted();
      const {promise, resolve, reject} = Promise.withResolvers<PreviewKey>();
      const onAbort = () => reject(signal.reason);
      signal.addEventListener('abort', onAbort, {once: true});
      const id = ++lastId;
      waiting = {id, resolve};
      emit({type: 'import_preview', id, ...preview});
      try {
        return await promise;
      } finally {
        waiting = null;
        signal.removeEventListener('abort', onAbort);
      }
    },
    answer(id, key) {
      if (waiting?.id === id) waiting.resolve(key);
    },
  };
}

export function fileSource(path: string): PreviewSource {
  return {file: printable(path, {oneLine: true}), read: (options, deps) => importFile({...options, path}, deps)};
}

/** Always a version of the same dataset, so that a paste that went wrong can be pasted again. */
export function pastedSource(text: string): PreviewSource {
  const bytes = new TextEncoder().encode(text.endsWith('\n') ? text : `${text}\n`);
  async function* stream() {
    yield bytes;
  }
  return {
    file: 'the pasted table',
    read: (options, deps) => importStream(stream(), {...options, name: 'pasted'}, deps),
  };
}

/**
 * Reads on trial, asks, and imports in the way that was agreed on; without `previews` it imports at once.
 * @throws what the import throws; a reading that fails after a key leaves the reading before it
 */
export async function importPreviewed(
  {file, read}: PreviewSource,
  {app, previews, signal}: {app: App; previews: Previews | undefined; signal: AbortSignal},
): Promise<SlashAnswer> {
  const {workspace, events, clock, config} = app;
  const deps: ImportDeps = {workspace, signal, clock, emit: events.emit};
  const limitBytes = config.uploadLimitBytes;
  const options = previews ? await agreedOptions({file, read}, previews, limitBytes, deps) : {};
  if (options === null) return {text: 'Nothing was imported.'};
  const {dataset, alreadyKnown, others} = await read({...options, limitBytes}, deps);
  app.catalog.use(dataset.name);
  // New ones are told as events, with their warnings.
  if (!alreadyKnown) return {text: ''};
  const lines = [
    `Already imported as ${datasetLine(dataset)}.`,
    ...(others.length > 0 ? [`Also: ${others.map(other => other.dataset.name).join(', ')}`] : []),
    ...currentVersion(dataset).warnings.map(warning => `Warning: ${warning}`),
  ];
  return {text: printable(lines.join('\n'))};
}

/** Null when the person does not want the import. */
async function agreedOptions(
  {file, read}: PreviewSource,
  previews: Previews,
  limitBytes: number,
  deps: ImportDeps,
): Promise<ImportOptions | null> {
  const trial = (tried: ImportOptions) => read({...tried, limitBytes, dryRun: true}, deps);
  let options: ImportOptions = {};
  let shown = await trial(options);
  const delimiters = delimitersToTry(shown.report);
  let position = 0;
  for (;;) {
    const keys = keysFor(shown.report, options);
    const key = await previews.ask({file, ...previewOf(file, shown), keys}, deps.signal);
    if (key === 'cancel') return null;
    if (key === 'import') return options;
    if (key === 'delimiter') position = (position + 1) % delimiters.length;
    const tried = changed(options, shown.report, key, delimiters[position]);
    try {
      shown = await trial(tried);
      options = tried;
    } catch (thrown) {
      // The refusal was told as an event.
      if (deps.signal.aborted) throw thrown;
    }
  }
}

function changed(
  options: ImportOptions,
  report: ImportReport,
  key: Exclude<PreviewKey, 'import' | 'cancel'>,
  delimiter: string | undefined,
): ImportOptions {
  switch (key) {
    case 'delimiter':
      return {...options, delimiter};
    case 'header':
      return {...options, header: report.dialect?.headerRows === 0};
    case 'date_order':
      return {...options, dateOrder: isDayFirst(report, options) ? 'mdy' : 'dmy'};
    default:
      key satisfies never;
      return options;
  }
}

/** The one in use, the runner-up, then the usual ones. */
function delimitersToTry({dialect}: ImportReport): string[] {
  const found = [dialect?.delimiter, dialect?.runnerUp, ',', ';', '\t', '|'];
  return [...new Set(found.filter(each => each !== null && each !== undefined))];
}

function keysFor(report: ImportReport, options: ImportOptions): PreviewKey[] {
  const dated = options.dateOrder !== undefined || ambiguousNotes(report).length > 0;
  return [
    'import',
    ...(report.dialect ? (['delimiter', 'header'] as const) : []),
    ...(dated ? (['date_order'] as const) : []),
    'cancel',
  ];
}

function ambiguousNotes({types}: ImportReport): string[] {
  return types.flatMap(({notes}) => notes.filter(note => note.startsWith('ambiguous dates')));
}

function isDayFirst(report: ImportReport, {dateOrder}: ImportOptions): boolean {
  if (dateOrder !== undefined) return dateOrder === 'dmy';
  return ambiguousNotes(report).some(note => note.includes('day/month'));
}

/** Short when there is nothing to doubt. */
function previewOf(file: string, {report, version, others}: ImportResult): {lines: string[]; table: Table} {
  const {dialect, encoding} = report;
  const table = {...(report.preview ?? {columns: [], rows: []}), totalRows: version.rows};
  const size = sizeWords(version.rows, version.columns.length);
  const more = others.length > 0 ? `, and ${formatCount(others.length)} more tables` : '';
  const head = `Preview of ${file}: ${size}${more}`;
  if (!isDoubtful(report)) {
    const facts = [
      dialect && (dialect.delimiter === null ? 'one column' : delimiterWord(dialect.delimiter)),
      dialect && headerText(dialect.headerRows),
      encoding?.name ?? report.format,
    ].filter(fact => fact !== null);
    return {lines: [`${head} (${facts.join(', ')})`], table: {...table, rows: table.rows.slice(0, shortRows)}};
  }
  const lines = [
    head,
    ...readingLines(report),
    columnsLine(report),
    ...report.warnings.map(each => `Warning: ${each}`),
  ];
  return {lines: lines.map(line => printable(line, {oneLine: true})), table};
}

const sure = 0.9;
const shortRows = 3;

function isDoubtful(report: Imported['report']): boolean {
  const {dialect, encoding, counts, renamed, warnings} = report;
  const unsure = (dialect?.confidence ?? 1) < sure || (encoding?.confidence ?? 1) < sure;
  const odd = Object.keys(counts).length > 0 || renamed.length > 0 || warnings.length > 0;
  return unsure || odd || (encoding?.badCharacters ?? 0) > 0 || ambiguousNotes(report).length > 0;
}

function readingLines({dialect, encoding, rowsIn, rowsOut, rowsDropped, counts}: ImportReport): string[] {
  const lines: string[] = [];
  if (dialect) {
    const next = dialect.runnerUp === null ? '' : `, else ${delimiterWord(dialect.runnerUp)}`;
    const facts = [
      dialect.delimiter === null ? 'none, one column' : delimiterWord(dialect.delimiter),
      headerText(dialect.headerRows),
      ...(dialect.preambleRows > 0 ? [`${formatCount(dialect.preambleRows)} lines above the table left out`] : []),
      ...(dialect.decimal === ',' ? ['decimal comma'] : []),
    ];
    const [delimiter, ...rest] = facts;
    lines.push(`Delimiter: ${delimiter} (${percent(dialect.confidence)} sure${next}); ${rest.join(', ')}`);
  }
  if (encoding) {
    const bad = encoding.badCharacters > 0 ? `, ${formatCount(encoding.badCharacters)} bad characters` : '';
    lines.push(`Encoding: ${encoding.name} (${percent(encoding.confidence)} sure${bad})`);
  }
  const repaired = Object.values(counts).reduce((sum, count) => sum + count, 0) - rowsDropped;
  lines.push(
    `Rows: ${formatCount(rowsIn)} read, ${formatCount(rowsOut)} kept, ${formatCount(Math.max(0, repaired))} repaired, ` +
      `${formatCount(rowsDropped)} dropped`,
  );
  return lines;
}

function columnsLine({types, renamed}: ImportReport): string {
  const before = new Map(renamed.map(({from, to}) => [to, from]));
  const words = types.map(({name, type}) => {
    const from = before.get(name);
    const [was = ''] = from?.trim().split('\n') ?? [];
    return was === '' || was === name ? `${name} ${type}` : `${name} ${type} (was "${was}")`;
  });
  return clip(`Columns: ${words.join(', ')}`, 600);
}

function headerText(rows: number): string {
  return rows === 0 ? 'no header row' : `${rows} header ${rows === 1 ? 'row' : 'rows'}`;
}

const delimiterWords: Record<string, string> = {
  ',': 'comma',
  ';': 'semicolon',
  '\t': 'tab',
  '|': 'pipe',
  ' ': 'blank',
  ':': 'colon',
};

function delimiterWord(delimiter: string): string {
  return delimiterWords[delimiter] ?? `"${delimiter}"`;
}

function percent(share: number): string {
  return `${Math.floor(100 * share)} %`;
}
