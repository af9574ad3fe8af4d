// Files made to fill memory, disk or time: what refusing them costs, the reader's process and the engine included.

import {spawn} from 'node:child_process';
import {createWriteStream, readdirSync, readFileSync, statSync} from 'node:fs';
import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {DatabaseSync} from 'node:sqlite';
import {finished} from 'node:stream/promises';
import {gzipSync, zstdCompressSync} from 'node:zlib';
import * as arrow from 'apache-arrow';
import {ZipWriter} from '../src/import/zip-writer.ts';
import {cleanEnv, program, withTempDirectory} from './measure.ts';
import type {Figure} from './run.ts';

type Bomb = {file: string; make(path: string): Promise<void>};

const rels = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"';
const book: Record<string, string> = {
  '[Content_Types].xml': '<Types/>',
  'xl/workbook.xml': `<workbook ${rels}><sheets><sheet name="s" sheetId="1" r:id="r0"/></sheets></workbook>`,
  'xl/_rels/workbook.xml.rels':
    '<Relationships><Relationship Id="r0" Type="x/worksheet" Target="worksheets/s.xml"/></Relationships>',
};
const sheet = 'xl/worksheets/s.xml';
const cells = (text: string) => `<worksheet><sheetData>${text}</sheetData></worksheet>`;

const bombs: Bomb[] = [
  {file: 'rows.csv.gz', make: path => repeated(path, gzipSync('1,2\n'.repeat(2 ** 24)), 64)},
  {file: 'rows.csv.zst', make: path => repeated(path, zstdCompressSync('1,2\n'.repeat(2 ** 24)), 64)},
  {file: 'blanks.csv.gz', make: path => repeated(path, gzipSync(Buffer.alloc(2 ** 26)), 64)},
  {file: 'rows.zip', make: path => zip(path, {'a.csv': () => times('1,2\n'.repeat(2 ** 18), 800)})},
  {file: 'nested.zip', make: path => zip(path, {'a.zip': () => times('PK\u0003\u0004'.repeat(2 ** 18), 800)})},
  {
    file: 'rows.xlsx',
    make: path => zip(path, {...book, [sheet]: () => around(times('<row><c><v>1</v></c></row>'.repeat(40_000), 800))}),
  },
  {
    file: 'strings.xlsx',
    make: path =>
      zip(path, {
        ...book,
        'xl/sharedStrings.xml': () => times('<si><t>aaaaaaaaaaaaaaaaaaaa</t></si>'.repeat(30_000), 800),
        [sheet]: cells('<row><c t="s"><v>0</v></c></row>'),
      }),
  },
  {
    file: 'corner.xlsx',
    make: path => zip(path, {...book, [sheet]: cells('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')}),
  },
  {
    file: 'generated.db',
    async make(path) {
      const database = new DatabaseSync(path);
      database.exec('CREATE TABLE t(a, b TEXT GENERATED ALWAYS AS (hex(zeroblob(1900000))) VIRTUAL)');
      database.exec(
        'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) INSERT INTO t SELECT i FROM n',
      );
      database.close();
    },
  },
  {
    file: 'dictionary.arrow',
    async make(path) {
      const words = Array.from({length: 20_000}, () => 0);
      const type = new arrow.Dictionary(new arrow.Utf8(), new arrow.Int32());
      const dictionary = arrow.vectorFromArray(['x'.repeat(2 ** 20)], new arrow.Utf8());
      const data = arrow.makeData({type, length: words.length, data: Int32Array.from(words), dictionary});
      await writeFile(path, arrow.tableToIPC(new arrow.Table({a: new arrow.Vector([data])}), 'file'));
    },
  },
  {file: 'deep.json', make: path => writeFile(path, '[{"a":'.repeat(2 ** 21))},
  {file: 'closed.json', make: path => writeFile(path, `${'[{"a":'.repeat(50_000)}1${'}]'.repeat(50_000)}`)},
  {
    file: 'names.ndjson',
    make: path => writeFile(path, Array.from({length: 50_000}, (_, at) => `{"k${at}":1}\n`).join('')),
  },
  {file: 'wide.json', make: path => writeFile(path, `[{${Array.from({length: 200_000}, (_, at) => `"k${at}":1`)}}]`)},
];

/** Memory is the sum of the peaks of the program and its reader; both need only be bounded by what they may use. */
export async function bombed(): Promise<Figure[]> {
  return withTempDirectory(async directory => {
    let memory = 0;
    let slowest = 0;
    let wrong = 0;
    const only = process.argv.find(each => each.startsWith('--bomb='))?.slice(7);
    for (const {file, make} of bombs.filter(bomb => only === undefined || bomb.file === only)) {
      const path = join(directory, file);
      await make(path);
      const workspace = join(directory, `w-${file}`);
      const outcome = await upload(path, workspace);
      const left = readdirSync(workspace, {recursive: true, encoding: 'utf8'}).filter(name =>
        statSync(join(workspace, name)).isFile(),
      );
      memory = Math.max(memory, outcome.peakBytes);
      slowest = Math.max(slowest, outcome.wallMs);
      const isWrong = outcome.code !== 3 || left.length > 0;
      if (isWrong) wrong++;
      if (isWrong || process.argv.includes('--verbose'))
        console.log(
          `        ${file} [${outcome.peaks.map(peak => Math.round(peak / 2 ** 20)).join(' + ')}] (${(statSync(path).size / 1e6).toFixed(1)} MB): exit ${outcome.code}, ${left.length} files left, ` +
            `${Math.round(outcome.peakBytes / 2 ** 20)} MB, ${Math.round(outcome.wallMs)} ms: ${outcome.said.split('\n')[0]}`,
        );
    }
    return [
      {name: `most memory of ${bombs.length} bombs`, value: memory / 2 ** 20, unit: 'MB', budget: 300},
      {name: 'slowest refusal of a bomb', value: slowest / 1000, unit: 's', budget: 10},
      {name: 'bombs not refused, or that left files', value: wrong, unit: '', budget: 0},
    ];
  });
}

async function upload(path: string, workspace: string) {
  const started = performance.now();
  const env = {...cleanEnv(), DS_AGENT_WORKSPACE: workspace, UPLOAD_SIZE_LIMIT_MB: '50'};
  const child = spawn(process.execPath, [program, 'upload', path], {env, stdio: ['ignore', 'ignore', 'pipe']});
  let said = '';
  child.stderr.on('data', chunk => {
    said += chunk;
  });
  const peaks = new Map<number, number>();
  const look = setInterval(() => {
    for (const pid of family(child.pid ?? 0)) peaks.set(pid, Math.max(peaks.get(pid) ?? 0, peakOf(pid)));
  }, 20);
  const code = await new Promise<number | null>(resolve => child.once('close', resolve));
  clearInterval(look);
  const peakBytes = [...peaks.values()].reduce((sum, peak) => sum + peak, 0);
  return {code, said, peaks: [...peaks.values()], peakBytes, wallMs: performance.now() - started};
}

function family(pid: number): number[] {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
    return [pid, ...children.flatMap(family)];
  } catch {
    return [];
  }
}

function peakOf(pid: number): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}

async function repeated(path: string, bytes: Uint8Array, count: number): Promise<void> {
  const out = createWriteStream(path);
  for (let i = 0; i < count; i++) out.write(bytes);
  out.end();
  await finished(out);
}

async function zip(path: string, entries: Record<string, string | (() => Iterable<string>)>): Promise<void> {
  const writer = await ZipWriter.open(path);
  for (const [entry, content] of Object.entries(entries))
    await writer.add(entry, typeof content === 'string' ? [content] : content());
  await writer.finish();
  await writer.close();
}

function* times(text: string, count: number): Generator<string> {
  for (let i = 0; i < count; i++) yield text;
}

function* around(rows: Iterable<string>): Generator<string> {
  yield '<worksheet><sheetData>';
  yield* rows;
  yield '</sheetData></worksheet>';
}
