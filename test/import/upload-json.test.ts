// What `ds-agent upload` prints and which options it has, through the built program.

import {createHash} from 'node:crypto';
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {DatabaseSync} from 'node:sqlite';
import {gzipSync} from 'node:zlib';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import type {UploadedFileJson} from '../../src/cli/json-schemas.ts';
import {makePlace, type Place, runProgram, type Stdin} from '../support/program.ts';

let place: Place;

beforeEach(() => {
  place = makePlace();
});

afterEach(() => place.remove());

type FileJson = Partial<UploadedFileJson> & {error?: {code: string}};
type Json = {status: string; files: FileJson[]; error: null | {code: string}};

async function upload(args: string[], stdin?: Stdin): Promise<{code: number | null; files: FileJson[]; json: Json}> {
  const run = await runProgram(['upload', '--json', ...args], {place, ...(stdin ? {stdin} : {})});
  const json: Json = JSON.parse(run.stdout);
  return {code: run.code, files: json.files, json};
}

const messy = [
  'Sales of 2024;;',
  '',
  'id;Name, full;Preis',
  '1;"Müller; Köln";1.234,50',
  '2;Lee;3,00',
  '3;Roe',
  '4;Doe;n/a;extra',
  '5;"open;7,25',
  '6;Ann;8,00',
  '7;Bob;9,00',
  '',
  'Source: the shop, by hand',
];

describe('upload --json', () => {
  it('tells all there is to know of a file', async () => {
    const bytes = Buffer.from(`${messy.join('\r\n')}\r\n`, 'latin1');
    place.file('sales.csv', bytes);
    const {code, files, json} = await upload(['sales.csv']);
    expect(code).toBe(0);
    expect(json).toMatchObject({schema_version: 1, status: 'imported', error: null});
    expect(files).toHaveLength(1);
    const [file = {}] = files;
    expect(file).toMatchObject({
      file: 'sales.csv',
      status: 'imported',
      dataset: 'sales',
      version: 1,
      format: 'csv',
      rows: 7,
      rows_in: 8,
      rows_out: 7,
      rows_dropped: 1,
      dialect: {
        delimiter: ';',
        quote: '"',
        escape: '"',
        header_rows: 1,
        preamble_rows: 2,
        decimal: ',',
        encoding: 'windows-1252',
        confidence: expect.any(Number),
      },
      encoding: {name: 'windows-1252', bad_characters: 0},
      line_counts: {padded: 1, extra_cells: 1, open_quote: 1, footer: 1},
      sha256: createHash('sha256').update(bytes).digest('hex'),
      bytes: bytes.length,
      ms: expect.any(Number),
    });
    expect(file.dialect).toHaveProperty('runner_up');
    expect(file.lines).toEqual([
      {line: 6, kind: 'padded', text: '3;Roe'},
      {line: 7, kind: 'extra_cells', text: '4;Doe;n/a;extra'},
      {line: 8, kind: 'open_quote', text: '5;"open;7,25'},
      {line: 12, kind: 'footer', text: 'Source: the shop, by hand'},
    ]);
    expect(file.columns).toMatchObject([
      {
        name: 'id',
        original_name: 'id',
        type: 'BIGINT',
        null_count: 0,
        distinct_count: 7,
        evidence: {filled: 7, missing: 0, misfits: 0},
      },
      {name: 'Name, full', type: 'VARCHAR'},
      {
        name: 'Preis',
        type: 'DOUBLE',
        null_count: 2,
        notes: [expect.stringMatching(/thousands/), expect.stringMatching(/decimal comma/)],
      },
      {name: 'extra_cells', type: 'VARCHAR', null_count: 6},
    ]);
    expect(file.warnings).toHaveLength(6);
    expect(readFileSync(join(place.workspace, 'uploads', String(file.stored_file)))).toEqual(bytes);
    const rejects = readFileSync(join(place.workspace, String(file.rejects_file)), 'utf8')
      .trimEnd()
      .split('\n');
    expect(rejects.map(line => JSON.parse(line))).toEqual(file.lines);
  });

  it('tells the same again of a file that is known already', async () => {
    place.file('sales.csv', `${messy.join('\n')}\n`);
    place.file('copy.csv', `${messy.join('\n')}\n`);
    const [first = {}] = (await upload(['sales.csv'])).files;
    const [again = {}] = (await upload(['copy.csv'])).files;
    const {ms, file, status, ...known} = again;
    expect([status, file]).toEqual(['already_known', 'copy.csv']);
    const {warnings, ...rest} = known;
    expect(first).toMatchObject(rest);
    expect(first.warnings).toEqual(warnings);
    expect(ms).toBe(0);
  });

  it('renamed columns are mapped to what the file calls them', async () => {
    place.file('n.csv', 'a,A,,__proto__\n1,2,3,4\n');
    const [file = {}] = (await upload(['n.csv'])).files;
    expect(file.renamed_columns).toEqual([
      {from: 'A', to: 'A_2'},
      {from: '', to: 'column_3'},
    ]);
  });

  it('a file without quotes says so, one with backslashes too', async () => {
    place.file('p.csv', 'a,b\n1,2\n3,4\n');
    place.file('s.csv', 'a,b\n1,"x \\"y\\", z"\n2,"w"\n');
    const {files} = await upload(['p.csv', 's.csv']);
    expect(files[0]?.dialect).toMatchObject({delimiter: ',', quote: null, escape: null});
    expect(files[1]?.dialect).toMatchObject({delimiter: ',', quote: '"', escape: '\\'});
  });

  it('of several files the good ones are kept, the bad ones told, and the first failure gives the exit code', async () => {
    place.file('a.csv', 'a\n1\n');
    place.file('b.csv', '');
    place.file('c.json', '[{"x": 1}]');
    const {code, files, json} = await upload(['a.csv', 'b.csv', 'nope.csv', 'c.json']);
    expect(code).toBe(3);
    expect(files.map(({status}) => status)).toEqual(['imported', 'rejected', 'rejected', 'imported']);
    expect(files[1]).toMatchObject({file: 'b.csv', error: {code: 'import.empty', hint: expect.any(String)}});
    expect(json).toMatchObject({status: 'failed', error: {code: 'import.empty'}});
  });
});

describe('options of upload', () => {
  const types = (file: FileJson | undefined) => file?.columns?.map(({name, type}) => [name, type]);

  it('- reads standard input, and --name names it', async () => {
    const {files} = await upload(['-', '--name', 'From pipe'], {pipe: gzipSync('a,b\n1,2\n')});
    expect(files[0]).toMatchObject({file: '-', dataset: 'from_pipe', rows: 1});
  });

  it('--delimiter, --header, --encoding, --na and --date-order each decide what was guessed', async () => {
    place.file('f.csv', Buffer.from('1;x,01/02/2024\n2;\xa4,03/04/2024\n3;gone,05/06/2024\n', 'latin1'));
    const args = [
      '--delimiter',
      ',',
      '--header',
      '0',
      '--encoding',
      'iso-8859-15',
      '--date-order',
      'mdy',
      '--na',
      '3;gone',
    ];
    const {files} = await upload(['f.csv', ...args]);
    expect(files[0]).toMatchObject({rows: 3, dialect: {delimiter: ',', header_rows: 0, encoding: 'iso-8859-15'}});
    expect(types(files[0])).toEqual([
      ['column_1', 'VARCHAR'],
      ['column_2', 'DATE'],
    ]);
    expect(files[0]?.columns?.[0]).toMatchObject({null_count: 1});
    const again = await upload(['f.csv', '--delimiter', ';']);
    expect(again.files[0]).toMatchObject({dataset: 'f', version: 2, dialect: {delimiter: ';'}});
  });

  it('--sheet takes one table of a database, --dry-run keeps nothing, --yes changes nothing', async () => {
    const database = new DatabaseSync(join(place.cwd, 'd.db'));
    database.exec(
      "CREATE TABLE one(a); INSERT INTO one VALUES (1); CREATE TABLE two(b, c BLOB); INSERT INTO two VALUES ('x', x'ff'), (2.5, NULL), (9007199254740993, 'y')",
    );
    database.close();
    const dry = await upload(['d.db', '--sheet', 'two', '--dry-run']);
    expect(dry.files[0]).toMatchObject({rows: 3, stored_file: ''});
    const {files} = await upload(['d.db', '--yes']);
    expect(files.map(({dataset, rows}) => [dataset, rows])).toEqual([
      ['d_one', 1],
      ['d_two', 3],
    ]);
  });

  it('--limit-mb refuses before reading and names sizes and variable; --strict refuses what needs repair', async () => {
    place.file('big.csv', 'x'.repeat(3 * 2 ** 20));
    place.file('odd.csv', 'a,b\n1,2\n3\n4,5\n');
    const big = await runProgram(['upload', 'big.csv', '--limit-mb', '2'], {place});
    expect(big.code).toBe(3);
    expect(big.stderr).toMatch(/size 3145728 > limit 2097152[\s\S]*UPLOAD_SIZE_LIMIT_MB/);
    const strict = await upload(['odd.csv', '--strict']);
    expect(strict).toMatchObject({code: 3, json: {error: {code: 'import.needs_repair'}}});
  });

  it('--base64 decodes what is declared; a data: URI says so itself', async () => {
    const encoded = Buffer.from('a,b\n1,2\n').toString('base64');
    place.file('e.txt', encoded);
    place.file('u.txt', `data:text/csv;base64,${encoded}`);
    const {files} = await upload(['e.txt', '--base64']);
    expect(files[0]).toMatchObject({rows: 1});
    expect((await upload(['u.txt'])).files[0]).toMatchObject({rows: 1});
    expect((await upload(['e.txt', '--name', 'plain'])).files[0]).toMatchObject({rows: 0});
  });
});
