import {join} from 'node:path';
import {DatabaseSync} from 'node:sqlite';
import {gzipSync, zstdCompressSync} from 'node:zlib';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {serialDate} from '../../src/import/readers/xlsx-cells.ts';
import {ZipWriter} from '../../src/import/zip-writer.ts';
import {Importing} from './importing.ts';

let importing: Importing;

beforeEach(async () => {
  importing = await Importing.start();
});

afterEach(() => importing.stop());

const csv = 'a,b\n1,x\n2,y\n';
const rows = [
  [1, 'x'],
  [2, 'y'],
];

async function zip(name: string, entries: Record<string, string | (() => Iterable<string>)>): Promise<string> {
  const path = join(importing.folder, name);
  const writer = await ZipWriter.open(path);
  for (const [entry, content] of Object.entries(entries))
    await writer.add(entry, typeof content === 'string' ? [content] : content());
  await writer.finish();
  await writer.close();
  return path;
}

describe('packed text', () => {
  it.each([
    ['data.csv.gz', gzipSync(csv)],
    ['data.csv', gzipSync(csv)],
    ['data.csv.zst', zstdCompressSync(csv)],
  ])('%s is unpacked by its bytes', async (name, bytes) => {
    const result = await importing.text(bytes, {}, name);
    expect(result.dataset.name).toBe('data');
    expect(await importing.rows(result)).toEqual(rows);
    expect(importing.left()).toHaveLength(3);
  });

  it('a zip with one table is read, whatever path its entry claims', async () => {
    const path = await zip('z.zip', {'../../../evil.csv': csv, 'readme.md': 'x', '__MACOSX/._evil.csv': 'x'});
    expect(await importing.rows(await importing.import(path))).toEqual(rows);
    expect(importing.left()).toHaveLength(3);
  });

  it('a zip with several tables asks which, and --sheet chooses', async () => {
    const path = await zip('z.zip', {'one.csv': csv, 'dir/two.csv': 'q\n5\n'});
    await expect(importing.import(path)).rejects.toMatchObject({
      code: 'import.many_entries',
      hint: 'Choose one with --sheet: one.csv, dir/two.csv.',
    });
    expect(await importing.rows(await importing.import(path, {sheet: 'two.csv'}))).toEqual([[5]]);
  });

  it.each<[string, () => Promise<string>, string]>([
    ['a zip in a zip', () => zip('z.zip', {'in.zip': 'PK\u0003\u0004'}), 'import.unsupported'],
    ['an empty zip', () => zip('z.zip', {}), 'import.unsupported'],
    ['a zip of folders', () => zip('z.zip', {'a/': ''}), 'import.empty'],
    [
      'a cut gzip',
      async () => importing.file('c.csv.gz', gzipSync('1,2,3\n'.repeat(999)).subarray(0, 30)),
      'import.damaged',
    ],
    ['a gzip in a gzip', async () => importing.file('c.gz', gzipSync(gzipSync(csv))), 'import.unsupported'],
    [
      'a tar.gz',
      async () =>
        importing.file(
          'c.tar.gz',
          gzipSync(Buffer.concat([Buffer.alloc(257, 'a'), Buffer.from('ustar\0'), Buffer.alloc(249)])),
        ),
      'import.unsupported',
    ],
    [
      'a zip cut at its end',
      async () => importing.file('c.zip', Buffer.from('PK\u0003\u0004'.padEnd(200, 'x'))),
      'import.damaged',
    ],
  ])('%s is refused and leaves nothing', async (_, make, code) => {
    await expect(importing.import(await make())).rejects.toMatchObject({code});
    expect(importing.left()).toEqual([]);
  });

  it('a gzip bomb stops at 20 times the limit with bounded memory', async () => {
    const path = importing.file('bomb.csv.gz', gzipSync(Buffer.alloc(120 * 2 ** 20, '1,2\n')));
    const before = process.memoryUsage().rss;
    await expect(importing.import(path, {limitBytes: 2 ** 20})).rejects.toMatchObject({
      code: 'import.unpacks_too_large',
    });
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * 2 ** 20);
    expect(importing.left()).toEqual([]);
  });
});

const office = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"';

/** A workbook of the given `<sheetData>` contents. */
function workbook(
  name: string,
  sheets: Record<string, string | (() => Iterable<string>)>,
  parts: Record<string, string> = {},
): Promise<string> {
  const names = Object.keys(sheets);
  return zip(name, {
    '[Content_Types].xml': '<Types/>',
    'xl/workbook.xml': `<workbook ${office}><sheets>${names.map((sheet, i) => `<sheet name="${sheet}" sheetId="${i + 1}" r:id="r${i}"/>`).join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships>${names.map((_, i) => `<Relationship Id="r${i}" Type="x/worksheet" Target="worksheets/s${i}.xml"/>`).join('')}</Relationships>`,
    'xl/styles.xml':
      '<styleSheet><numFmts><numFmt numFmtId="170" formatCode="dd\\.mm\\.yyyy"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="170"/><xf numFmtId="22"/></cellXfs></styleSheet>',
    'xl/sharedStrings.xml':
      '<sst><si><t>name</t></si><si><r><t>A&amp;</t></r><r><t xml:space="preserve"> b</t></r><rPh><t>no</t></rPh></si><si><t/></si></sst>',
    ...parts,
    ...Object.fromEntries(names.map((sheet, i) => [`xl/worksheets/s${i}.xml`, sheets[sheet] ?? ''])),
  });
}

const row = (number: number, cells: string) => `<row r="${number}">${cells}</row>`;
const text = (value: string) => `<c t="inlineStr"><is><t>${value}</t></is></c>`;

describe('Excel', () => {
  it('strings, dates, booleans, errors and gaps come out right', async () => {
    const sheet =
      row(1, `<c r="A1" t="s"><v>0</v></c>${text('day')}${text('at')}${text('ok')}${text('n')}${text('e')}`) +
      row(
        2,
        '<c r="A2" t="s"><v>1</v></c><c r="B2" s="1"><v>45292</v></c><c r="C2" s="2"><v>45292.5</v></c><c r="D2" t="b"><v>1</v></c><c r="E2"><v>0.30000000000000004</v></c><c r="F2" t="e"><v>#N/A</v></c>',
      ) +
      row(4, '<c r="A4" t="str"><f>x</f><v>f&lt;</v></c><c r="E4"><v>1E-3</v></c>');
    const result = await importing.import(
      await workbook('b.xlsx', {Data: `<worksheet><sheetData>${sheet}</sheetData></worksheet>`}),
    );
    expect(result.dataset.name).toBe('b');
    expect(result.version.columns.map(({name, type}) => [name, type])).toEqual([
      ['name', 'VARCHAR'],
      ['day', 'DATE'],
      ['at', 'TIMESTAMP'],
      ['ok', 'BOOLEAN'],
      ['n', 'DOUBLE'],
      ['e', 'VARCHAR'],
    ]);
    expect(await importing.rows(result)).toEqual([
      ['A& b', '2024-01-01', '2024-01-01T12:00:00', true, 0.3, null],
      ['f<', null, null, null, 0.001, null],
    ]);
  });

  it('each sheet is a dataset; --sheet takes one by name or number', async () => {
    const one = `<worksheet><sheetData>${row(1, text('a'))}${row(2, '<c><v>1</v></c>')}</sheetData></worksheet>`;
    const path = await workbook('b.xlsx', {
      First: one,
      'Second one': one.replace('<v>1<', '<v>2<'),
      Empty: '<worksheet><sheetData/></worksheet>',
    });
    const result = await importing.import(path);
    expect([result, ...result.others].map(({dataset}) => dataset.name)).toEqual(['b_first', 'b_second_one']);
    expect(await importing.rows(await importing.import(path, {sheet: 'Second one', name: 'x'}))).toEqual([[2]]);
    expect(await importing.rows(await importing.import(path, {sheet: '1', name: 'y'}))).toEqual([[1]]);
    await expect(importing.import(path, {sheet: 'Third'})).rejects.toMatchObject({
      hint: 'Its sheets: First, Second one, Empty.',
    });
  });

  it('one cell at XFD1048576 costs nothing', async () => {
    const sheet =
      row(1, text('a') + text('b')) +
      row(2, '<c><v>1</v></c><c><v>2</v></c>') +
      row(3, '<c><v>3</v></c><c><v>4</v></c>') +
      row(1_048_576, '<c r="XFD1048576"><v>9</v></c>');
    const started = performance.now();
    const result = await importing.import(
      await workbook('b.xlsx', {S: `<worksheet><sheetData>${sheet}</sheetData></worksheet>`}),
    );
    expect(result.report).toMatchObject({rowsIn: 3, counts: {extra_cells: 1}});
    expect(performance.now() - started).toBeLessThan(5000);
  });

  it('a DOCTYPE is refused', async () => {
    const path = await workbook('b.xlsx', {
      S: '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><worksheet><sheetData/></worksheet>',
    });
    await expect(importing.import(path)).rejects.toMatchObject({code: 'import.unsafe'});
    expect(importing.left()).toEqual([]);
  });

  it.each<[string, () => Promise<string>, string]>([
    [
      'a Word file',
      () => zip('d.xlsx', {'[Content_Types].xml': '<Types/>', 'word/document.xml': '<x/>'}),
      'import.unsupported',
    ],
    ['a sheet cut in a row', () => workbook('b.xlsx', {S: '<worksheet><sheetData><row r="1"><c>'}), 'import.damaged'],
    ['a book without tables', () => workbook('b.xlsx', {S: '<worksheet><sheetData/></worksheet>'}), 'import.blank'],
  ])('%s is refused', async (_, make, code) => {
    await expect(importing.import(await make())).rejects.toMatchObject({code});
    expect(importing.left()).toEqual([]);
  });

  it('a sheet that unpacks to far more than it weighs stops at the cap, in bounded memory and time', async () => {
    const block = row(1, '<c><v>1</v></c>').repeat(20_000);
    const bomb = function* () {
      yield '<worksheet><sheetData>';
      for (let i = 0; i < 150; i++) yield block;
      yield '</sheetData></worksheet>';
    };
    const path = await workbook('b.xlsx', {S: bomb});
    const before = process.memoryUsage().rss;
    await expect(importing.import(path, {limitBytes: 2 * 2 ** 20})).rejects.toMatchObject({
      code: 'import.unpacks_too_large',
    });
    expect(process.memoryUsage().rss - before).toBeLessThan(300 * 2 ** 20);
    expect(importing.left()).toEqual([]);
  });

  it.each([
    [0.5, false, '12:00:00'],
    [1, false, '1900-01-01'],
    [59, false, '1900-02-28'],
    [61, false, '1900-03-01'],
    [45292, false, '2024-01-01'],
    [45292.75, false, '2024-01-01 18:00:00'],
    [43830, true, '2024-01-01'],
    [-1, false, null],
  ])('serial %d (1904: %s) is %s', (serial, is1904, expected) => {
    expect(serialDate(serial, is1904)).toBe(expected);
  });
});

describe('SQLite', () => {
  it('every table is a dataset, views are left alone, the source is not touched', async () => {
    const path = join(importing.folder, 'd.sqlite');
    const database = new DatabaseSync(path);
    database.exec(`CREATE TABLE t1(id INTEGER, name TEXT, v REAL); INSERT INTO t1 VALUES (1, 'a', 1.5), (4611686018427387905, NULL, 2.5);
      CREATE TABLE "odd name"(x, b BLOB); INSERT INTO "odd name" VALUES ('007', x'00ff');
      CREATE VIEW v AS WITH RECURSIVE r(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM r) SELECT * FROM r;`);
    database.close();
    const result = await importing.import(path);
    expect([result, ...result.others].map(({dataset}) => dataset.name).sort()).toEqual(['d_odd_name', 'd_t1']);
    const warnings = [result, ...result.others].flatMap(({version}) => version.warnings);
    expect(warnings.join()).toContain('Views are not read, since they run code: v.');
    const t1 = await importing.import(path, {sheet: 't1', name: 't1'});
    expect(await importing.rows(t1)).toEqual([
      [1, 'a', 1.5],
      [4611686018427387905n, null, 2.5],
    ]);
    expect(await importing.rows(await importing.import(path, {sheet: 'odd name', name: 'o'}))).toEqual([
      ['007', '0x00ff'],
    ]);
  });

  it('a damaged database is refused', async () => {
    const path = importing.file('d.db', Buffer.concat([Buffer.from('SQLite format 3\0'), Buffer.alloc(4096, 7)]));
    await expect(importing.import(path)).rejects.toMatchObject({code: 'import.damaged'});
    expect(importing.left()).toEqual([]);
  });
});
