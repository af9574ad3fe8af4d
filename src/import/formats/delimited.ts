// Delimited text. Large clean files go straight to DuckDB's strict reader; all others through our own parser, which
// repairs what it can and reports every line it touched.

import {createReadStream} from 'node:fs';
import {open} from 'node:fs/promises';
import {ImportError} from '../../core/errors.ts';
import {formatCount, printable} from '../../core/text.ts';
import {quotePath} from '../../engine/sql-text.ts';
import type {Dialect} from '../dialect/detect.ts';
import {detectDialect} from '../dialect/detect.ts';
import type {Encoding} from '../encoding.ts';
import {CountingDecoder, guessEncoding} from '../encoding.ts';
import type {Format, LoadedTable, LoadJob, WrittenTable} from '../job.ts';
import {MoreLines} from '../rejects.ts';
import {RowRepair} from '../repair-row.ts';
import {RowParser} from '../rows.ts';
import type {ShapeReport} from '../shape.ts';
import {TableShaper} from '../shape.ts';
import {refuseWide} from '../too-wide.ts';
import {CellWriter} from './cell-writer.ts';
import {withoutFrame} from './frame.ts';
import {readStrictly, textColumns, writeAtOnce} from './strict-read.ts';

const directFrom = 4 * 2 ** 20;
const leastLines = 2;
const longHeadBytes = 2 * 2 ** 20;

export const delimited: Format = {
  name: 'csv',
  kinds: ['text'],
  async load(job) {
    const encoding = encodingOf(job);
    const {text, complete} = await decodeHead(job, encoding);
    const dialect = detectDialect(text, complete, {
      delimiter: delimiterMark(job.options.delimiter),
      header: job.options.header,
    });
    refuseWide(dialect.width, job);
    const direct = isPlain(job, dialect, encoding) ? await loadStrict(job, dialect) : null;
    const loaded: Loaded = direct ?? (await loadParsed(job, dialect, encoding));
    return [await withoutFrame(job, describe(job, {...loaded, dialect, encoding}))];
  },
};

/** A tab can't be typed on most command lines, so its names are taken for it. */
function delimiterMark(wanted: string | undefined): string | undefined {
  return wanted === '\\t' || wanted?.toLowerCase() === 'tab' ? '\t' : wanted || undefined;
}

function encodingOf(job: LoadJob): Encoding {
  const {stored, options} = job;
  if (options.encoding !== undefined) {
    try {
      const {encoding} = new TextDecoder(options.encoding);
      const guessed = guessEncoding(stored.head, null);
      return {name: encoding, bomBytes: guessed.name === encoding ? guessed.bomBytes : 0, confidence: 1};
    } catch {
      throw new ImportError(
        'import.bad_encoding',
        `"${printable(options.encoding)}" is not an encoding that can be read.`,
        {
          hint: 'Try utf-8, windows-1252, utf-16le, shift_jis or gb18030.',
        },
      );
    }
  }
  const marked = guessEncoding(stored.head, stored.badSample === null);
  return marked.confidence === 1 || stored.badSample === null ? marked : guessEncoding(stored.badSample, false);
}

async function decodeHead({stored}: LoadJob, encoding: Encoding): Promise<{text: string; complete: boolean}> {
  const first = decodeStart(stored.head, stored.sizeBytes, encoding);
  if (first.complete || first.text.split(/\r\n?|\n/, leastLines + 1).length > leastLines) return first;
  // Lines so long that the head holds hardly one: very many columns.
  const file = await open(stored.path);
  try {
    const buffer = Buffer.alloc(Math.min(stored.sizeBytes, longHeadBytes));
    const {bytesRead} = await file.read(buffer, 0, buffer.length, 0);
    return decodeStart(buffer.subarray(0, bytesRead), stored.sizeBytes, encoding);
  } finally {
    await file.close();
  }
}

function decodeStart(head: Buffer, sizeBytes: number, encoding: Encoding): {text: string; complete: boolean} {
  const decoder = new CountingDecoder(encoding);
  const complete = head.length === sizeBytes;
  const text = decoder.decode(head) + (complete ? decoder.end() : '');
  return {text, complete};
}

/** True when DuckDB's strict reader reads the file exactly as our parser would, or rejects what differs. */
function isPlain({stored}: LoadJob, dialect: Dialect, encoding: Encoding): boolean {
  return (
    stored.sizeBytes >= directFrom &&
    encoding.name === 'utf-8' &&
    stored.badSample === null &&
    !stored.hasNul &&
    dialect.delimiter?.length === 1 &&
    (dialect.quote === null || dialect.quote === '"') &&
    dialect.escape !== '\\' &&
    !dialect.skipSpace &&
    !dialect.runs &&
    dialect.width > 1
  );
}

type Loaded = {
  relation: string;
  written?: WrittenTable;
  report: ShapeReport;
  badCharacters: number;
  usesQuotes: boolean;
  more?: MoreLines;
};

/** Null when any line is not as the dialect says: then every line is looked at by our own parser. */
async function loadStrict(job: LoadJob, dialect: Dialect): Promise<Loaded | null> {
  const done = await writeAtOnce(job, dialect, originalNames(dialect));
  if (done.kind === 'oddLines') return null;
  const read = done.kind === 'written' ? {relation: '', rows: done.table.rows} : await readStrictly(job, dialect);
  if (!read) return null;
  const {relation, rows} = read;
  const report: ShapeReport = {rowsIn: rows, rowsOut: rows, rowsDropped: 0, counts: {}, lines: [], hasExtra: false};
  const loaded = {relation, report, badCharacters: 0, usesQuotes: dialect.usesQuotes};
  return done.kind === 'written' ? {...loaded, written: done.table} : loaded;
}

function originalNames({names, width}: Dialect): string[] {
  return (names ?? Array.from({length: width}, () => '')).slice(0, width);
}

async function loadParsed(job: LoadJob, dialect: Dialect, encoding: Encoding): Promise<Loaded> {
  const writer = await CellWriter.open(job.temporary('.csv'));
  try {
    const more = new MoreLines(job.temporary('.jsonl'));
    const repairs = new RowRepair(dialect, dialect.profile);
    const shaper = new TableShaper(
      dialect,
      cells => writer.write(cells),
      line => more.add(line),
      row => repairs.repair(row),
    );
    const parser = new RowParser(dialect, row => {
      if (row.cells.some(cell => cell.length > maxCellChars)) throw cellTooLong(job, row.line);
      shaper.add(row);
    });
    const decoder = new CountingDecoder(encoding);
    let readBytes = 0;
    for await (const piece of createReadStream(job.stored.path, {highWaterMark: 1 << 20})) {
      job.signal.throwIfAborted();
      readBytes += piece.length;
      job.progress('read', readBytes);
      parser.push(decoder.decode(piece));
      await writer.drain();
    }
    parser.push(decoder.end());
    parser.end();
    shaper.end();
    await writer.close();
    const relation = await loadCells(job, writer.path, dialect.width);
    const {badCharacters} = decoder;
    return {relation, report: shaper.report, badCharacters, usesQuotes: parser.sawQuotes, more};
  } finally {
    await writer.close();
  }
}

const maxCellChars = 4 * 2 ** 20;

function cellTooLong({shown}: LoadJob, line: number): ImportError {
  return new ImportError(
    'import.cell_too_long',
    `${shown} has a cell of more than 4 MB in line ${formatCount(line)}.`,
    {
      hint: 'A quote that never closes can do that; look at that line, or give --delimiter.',
    },
  );
}

/** Reads what a CellWriter wrote: `width` columns and the one for extra cells. */
export async function loadCells(job: LoadJob, path: string, width: number): Promise<string> {
  const engine = await job.engine();
  const relation = job.tableName();
  const file = await open(path);
  const {size} = await file.stat();
  await file.close();
  const columns = textColumns(width + 1);
  const source =
    `read_csv(${quotePath(path)}, auto_detect = false, header = false, columns = {${columns}}, delim = ',', quote = '"', ` +
    `escape = '"', strict_mode = true, hive_partitioning = false, max_line_size = 33554432, buffer_size = 67108864)`;
  const none = Array.from({length: width + 1}, (_, index) => `'' AS c${index}`).join(', ');
  await engine.run(
    `CREATE TABLE ${relation} AS ${size === 0 ? `SELECT ${none} WHERE false` : `SELECT * FROM ${source}`}`,
    job.signal,
  );
  return relation;
}

type Parts = Loaded & {dialect: Dialect; encoding: Encoding};

function describe(
  job: LoadJob,
  {dialect, encoding, relation, written, report, badCharacters, usesQuotes, more}: Parts,
): LoadedTable {
  const columns: LoadedTable['columns'] = originalNames(dialect).map((originalName, index) => ({
    source: `c${index}`,
    originalName,
  }));
  if (report.hasExtra) columns.push({source: `c${dialect.width}`, originalName: 'extra_cells', keepText: true});
  const warnings: string[] = [];
  if (badCharacters > 0)
    warnings.push(
      `${formatCount(badCharacters)} characters are not valid ${encoding.name} and were replaced by "\ufffd".`,
    );
  if (encoding.name !== 'utf-8' && encoding.confidence < 0.7)
    warnings.push(`The encoding was guessed as ${encoding.name}; --encoding sets another.`);
  if (job.stored.hasNul) warnings.push('The text holds NUL characters, which were left out.');
  if (isEncoded(job, dialect)) warnings.push('The text looks like base64; --base64 imports what it stands for.');
  else if (dialect.isDoubtful)
    warnings.push(
      `The lines hardly look like a table; they were read ${dialect.delimiter === null ? 'as one column' : `with the delimiter ${markName(dialect.delimiter)}`}. --delimiter sets another.`,
    );
  if (
    dialect.delimiter !== null &&
    dialect.confidence < 0.1 &&
    dialect.runnerUp !== null &&
    job.options.delimiter === undefined
  )
    warnings.push(
      `The delimiter ${markName(dialect.delimiter)} is only a little likelier than ${markName(dialect.runnerUp)}; --delimiter decides.`,
    );
  if (dialect.preambleLines > 0)
    warnings.push(
      dialect.preambleLines === 1
        ? '1 line above the table was left out.'
        : `${formatCount(dialect.preambleLines)} lines above the table were left out.`,
    );
  return {
    label: null,
    relation,
    ...(written ? {written} : {}),
    columns,
    isText: true,
    decimalComma: null,
    dialect: {
      // Any number of blanks is told as one.
      delimiter: dialect.runs ? ' ' : dialect.delimiter,
      quote: usesQuotes ? dialect.quote : null,
      escape: usesQuotes || dialect.escape === '\\' ? dialect.escape : null,
      headerRows: dialect.headerRows,
      preambleRows: dialect.preambleLines,
      decimal: '.',
      confidence: dialect.confidence,
      runnerUp: dialect.runnerUp,
    },
    encoding: {name: encoding.name, confidence: encoding.confidence, badCharacters},
    rowsIn: report.rowsIn,
    rowsDropped: report.rowsDropped,
    counts: report.counts,
    lines: report.lines,
    ...(more ? {more} : {}),
    warnings,
  };
}

/** One long unbroken text of the base64 alphabet. It may be meant as it is, so it is only pointed out. */
function isEncoded({stored, options}: LoadJob, {delimiter}: Dialect): boolean {
  const text = stored.head.toString('latin1').replaceAll(/[\r\n]/g, '');
  return (
    delimiter === null && !options.base64 && text.length >= 64 && /^[\w+/-]+={0,2}$/.test(text) && !/^\d+$/.test(text)
  );
}

function markName(mark: string): string {
  return mark === '\t' ? 'tab' : mark === ' ' ? 'blank' : `"${printable(mark)}"`;
}
