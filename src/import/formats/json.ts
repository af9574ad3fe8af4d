// JSON and lines of JSON. DuckDB reads well-formed ones itself; wrapped tables and broken lines go through our own hands.

import {createReadStream} from 'node:fs';
import {open, readFile} from 'node:fs/promises';
import {ImportError} from '../../core/errors.ts';
import {clip, formatCount, printable} from '../../core/text.ts';
import {quoteName, quotePath, quoteText} from '../../engine/sql-text.ts';
import {CountingDecoder, guessEncoding} from '../encoding.ts';
import type {Format, LoadedTable, LoadJob} from '../job.ts';
import {MoreLines} from '../rejects.ts';
import {RowParser} from '../rows.ts';
import type {ReportedLine} from '../shape.ts';
import {keepDigits, keepWholes} from './json-digits.ts';
import {recordsOf} from './json-records.ts';
import {refuseUnreadable} from './json-shape.ts';
import {typedTable} from './parquet.ts';

/** A wrapped JSON file is parsed as one value in memory, about ten times its size. */
const maxWholeBytes = 256 * 2 ** 20;

export const json: Format = {
  name: 'json',
  kinds: ['json'],
  async load(job) {
    const isList = job.stored.head.toString('latin1', 0, 16).trimStart().startsWith('[');
    const isRows = /^\s*\[\s*\[/.test(job.stored.head.toString('latin1', 0, 4096));
    if (isList && !isRows && job.stored.badSample === null) {
      const table = await readDirect(job, job.stored.path, 'array').catch(error => {
        if (job.signal.aborted || error instanceof ImportError) throw error;
        return null;
      });
      if (table) return [table];
    }
    return [await readWhole(job)];
  },
};

export const ndjson: Format = {
  name: 'ndjson',
  kinds: ['ndjson'],
  async load(job) {
    const hasMark = job.stored.head[0] === 0xef || (job.stored.head[0] ?? 0) >= 0xfe;
    if (job.stored.badSample === null && !hasMark) {
      const table = await readDirect(job, job.stored.path, 'newline_delimited').catch(error => {
        if (job.signal.aborted || error instanceof ImportError) throw error;
        return null;
      });
      if (table) return [table];
    }
    return [await readLines(job)];
  },
};

async function readDirect(job: LoadJob, path: string, format: 'array' | 'newline_delimited'): Promise<LoadedTable> {
  await refuseUnreadable(job, path, format === 'newline_delimited');
  const engine = await job.engine();
  const relation = job.tableName();
  const source =
    `read_json(${quotePath(path)}, format = '${format}', sample_size = -1, maximum_object_size = 67108864, ` +
    `map_inference_threshold = -1, hive_partitioning = false)`;
  await engine.run(`CREATE TABLE ${relation} AS SELECT * FROM ${source}`, job.signal);
  const exact = await keepDigits(job, relation, columns => source.replace(/\)$/, `, columns = {${columns}})`));
  await keepWholes(job, exact);
  await readZones(job, exact);
  return typedTable(job, exact, null);
}

const zonedMoment = '\\d{4}-\\d{2}-\\d{2}[T ]\\d{2}:\\d{2}:\\d{2}(?:[.]\\d{1,9})? ?(?:Z|[+-]\\d{2}(?::?\\d{2})?)';

/** DuckDB leaves moments with a time zone in JSON as text; where all of a column are such, they get their type. */
async function readZones(job: LoadJob, relation: string): Promise<void> {
  const engine = await job.engine();
  const columns = (await engine.run(`DESCRIBE ${relation}`, job.signal)).rows;
  const texts = columns.flatMap(([name, type]) => (type === 'VARCHAR' ? [quoteName(String(name))] : []));
  if (texts.length === 0) return;
  const checks = texts.map(
    cell =>
      `count(${cell}) > 0 AND count(${cell}) = count(*) FILTER (regexp_full_match(${cell}, ${quoteText(zonedMoment)}) ` +
      `AND TRY_CAST(${cell} AS TIMESTAMPTZ) IS NOT NULL)`,
  );
  const [found = []] = (await engine.run(`SELECT ${checks.join(', ')} FROM ${relation}`, job.signal)).rows;
  for (const [index, cell] of texts.entries())
    if (found[index] === true) await engine.run(`ALTER TABLE ${relation} ALTER ${cell} TYPE TIMESTAMPTZ`, job.signal);
}

/** Parses the whole file, finds the records in it and gives them to DuckDB as lines. */
async function readWhole(job: LoadJob): Promise<LoadedTable> {
  if (job.stored.sizeBytes > maxWholeBytes) {
    throw new ImportError(
      'import.json_too_large',
      `${job.shown} is one JSON value of ${formatCount(job.stored.sizeBytes)} bytes.`,
      {
        hint: 'Write it as one record per line (NDJSON): jq -c ".[]" file.json > file.ndjson',
      },
    );
  }
  await refuseUnreadable(job, job.stored.path, false);
  const bytes = await readFile(job.stored.path);
  const encoding = guessEncoding(job.stored.head, job.stored.badSample === null);
  const decoder = new CountingDecoder(encoding);
  const text = decoder.decode(bytes) + decoder.end();
  let value: unknown;
  try {
    value = parseExact(text);
  } catch (error) {
    // One object per line under the name .json is common.
    if (/^\s*\{[^\n]*\}\s*\n\s*\{/.test(text)) return readLines(job);
    const reason = error instanceof Error ? clip(printable(error.message, {oneLine: true}), 120) : 'unknown';
    throw new ImportError('import.bad_json', `${job.shown} is not valid JSON: ${reason}.`, {
      hint: 'Check it with a JSON tool; it may have been cut short.',
    });
  }
  const records = recordsOf(value);
  if (!records) {
    throw new ImportError('import.no_table', `${job.shown} holds a single JSON value, not records.`, {
      hint: 'A table is a list of objects: [{"a": 1}, {"a": 2}].',
    });
  }
  if (records.length === 0)
    throw new ImportError('import.blank', `${job.shown} holds an empty list.`, {hint: 'There is nothing to import.'});
  const path = job.temporary('.ndjson');
  await writeLines(
    path,
    records.map(record => JSON.stringify(isRecord(record) ? record : {value: record})),
  );
  const table = await readDirect(job, path, 'newline_delimited');
  const wrapped = !Array.isArray(value) && records.length > 1;
  return {
    ...table,
    encoding: {name: encoding.name, confidence: encoding.confidence, badCharacters: decoder.badCharacters},
    warnings: wrapped ? ['The table was taken out of the JSON object around it.'] : [],
  };
}

/** Reads line by line; lines that are no JSON are reported and left out. */
async function readLines(job: LoadJob): Promise<LoadedTable> {
  const decoder = new CountingDecoder(guessEncoding(job.stored.head, job.stored.badSample === null));
  const path = job.temporary('.ndjson');
  const good: string[] = [];
  const lines: ReportedLine[] = [];
  const more = new MoreLines(job.temporary('.jsonl'));
  let bad = 0;
  const rules = {delimiter: null, quote: null, escape: null, skipSpace: false, width: 1};
  const parser = new RowParser(rules, row => {
    if (row.blank) return;
    try {
      const record: unknown = JSON.parse(row.text);
      good.push(isRecord(record) ? row.text : JSON.stringify({value: record}));
    } catch {
      bad++;
      const line: ReportedLine = {line: row.line, kind: 'bad_record', text: clip(row.text, 500)};
      if (lines.length < 1000) lines.push(line);
      else more.add(line);
    }
  });
  for await (const piece of createReadStream(job.stored.path, {highWaterMark: 1 << 20})) {
    job.signal.throwIfAborted();
    parser.push(decoder.decode(piece));
  }
  parser.push(decoder.end());
  parser.end();
  if (good.length === 0) {
    throw new ImportError('import.bad_json', `${job.shown} has no line that is a JSON record.`, {
      hint: 'NDJSON holds one {…} per line.',
    });
  }
  await writeLines(path, good);
  const table = await readDirect(job, path, 'newline_delimited');
  return {
    ...table,
    rowsIn: table.rowsIn + bad,
    rowsDropped: bad,
    counts: bad > 0 ? {bad_record: bad} : {},
    lines,
    more,
  };
}

/** JSON whose whole numbers beyond 2^53 keep their digits when they are written again. */
function parseExact(text: string): unknown {
  if (!/\d{16}/.test(text) || rawJson === null) return JSON.parse(text);
  const revive = (_: string, value: unknown, context?: {source?: string}): unknown => {
    const source = context?.source;
    const isLarge = typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(source ?? '');
    return isLarge && source !== undefined ? rawJson?.(source) : value;
  };
  return JSON.parse(text, revive);
}

const rawJson: ((text: string) => unknown) | null =
  'rawJSON' in JSON && typeof JSON.rawJSON === 'function' ? JSON.rawJSON.bind(JSON) : null;

async function writeLines(path: string, lines: readonly string[]): Promise<void> {
  const handle = await open(path, 'wx', 0o600);
  try {
    for (let from = 0; from < lines.length; from += 5_000) {
      await handle.writeFile(`${lines.slice(from, from + 5_000).join('\n')}\n`);
    }
  } finally {
    await handle.close();
  }
}

/** A number kept as it was written is an object without a prototype. */
function isRecord(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.getPrototypeOf(value) !== null;
}
