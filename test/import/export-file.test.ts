import {existsSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {exportFile} from '../../src/import/export-file.ts';
import type {ImportResult} from '../../src/import/job.ts';
import {Importing} from './importing.ts';

let importing: Importing;

beforeEach(async () => {
  importing = await Importing.start();
});

afterEach(() => importing.stop());

const csv = [
  'id,zip,price,ok,day,at,clock,text',
  '1,00123,1.5,true,2024-01-31,2024-01-31 10:00:00,10:30:00,"a ""b"", c"',
  '2,00456,-2,false,2023-12-01,2024-02-29 23:59:59,00:00:01,<&> ü',
  '3,,,,,,,',
].join('\n');

function write(result: ImportResult, name: string, force = false) {
  const output = join(importing.folder, name);
  const signal = new AbortController().signal;
  return exportFile({version: result.version, output, force}, {workspace: importing.workspace, signal});
}

describe('round trip', () => {
  it.each(['csv', 'tsv', 'parquet', 'json', 'ndjson', 'xlsx'])(
    '.%s read again gives the same typed data',
    async format => {
      const first = await importing.text(csv);
      const {path, rows, guardedCells} = await write(first, `out.${format}`);
      expect({rows, guardedCells}).toEqual({rows: 3, guardedCells: 0});
      const second = await importing.import(path, {name: 'again'});
      const types = (result: ImportResult) => result.version.columns.map(({name, type}) => [name, type]);
      expect(types(second)).toEqual(types(first));
      expect(await importing.rows(second)).toEqual(await importing.rows(first));
      expect(readdirSync(importing.workspace.path('data')).sort()).toEqual(['again', 'data']);
    },
  );
});

describe('an awkward table', () => {
  const awkward = [
    'id,code,big,when,note,share,price,json,month',
    '1,007,9007199254740993,2024-01-05T10:00:00+02:00,"a\nb",12.5%,"$1,234.50","{""a"":1}",1996-04',
    '2,1E5,9007199254740994,2024-01-06T10:00:00Z,"say ""hi"" ",3%,$2.00,[1],1996-05',
    '3,0x1F,9007199254740995,2024-01-07T10:00:00Z,tab\tin,4%,$3.00,x,1997-06',
    '4,,,,,,,,',
    '5,00,1,2024-01-07 10:00:00.5Z,,5%,$5.00,y,1997-07',
  ].join('\n');

  it.each(['csv', 'tsv', 'parquet', 'json', 'ndjson', 'xlsx'])('comes back from .%s with its types', async format => {
    const first = await importing.text(awkward);
    const {path} = await write(first, `out.${format}`);
    const second = await importing.import(path, {name: 'again'});
    const types = (result: ImportResult) => result.version.columns.map(({name, type}) => `${name} ${type}`);
    expect(types(second)).toEqual(types(first));
    expect(types(first).slice(2, 4)).toEqual(['big BIGINT', 'when TIMESTAMP WITH TIME ZONE']);
    expect(await importing.rows(second)).toEqual(await importing.rows(first));
  });
});

describe('formulas', () => {
  it.each(['csv', 'xlsx'])(
    'in .%s, text that begins like one is prefixed and counted; negative numbers are not',
    async format => {
      const first = await importing.text('a,b\n=cmd|x,1\n+1 x,2\n-5,3\n@sum,4\n-x,5\nplain,6\n');
      const {path, guardedCells} = await write(first, `out.${format}`);
      expect(guardedCells).toBe(4);
      const again = await importing.rows(await importing.import(path, {name: 'again'}));
      expect(again.map(row => row[0])).toEqual(["'=cmd|x", "'+1 x", '-5', "'@sum", "'-x", 'plain']);
    },
  );

  it('on import they are kept as they are', async () => {
    const result = await importing.text('a,b\n=cmd|x,1\n');
    expect(await importing.rows(result)).toEqual([['=cmd|x', 1]]);
  });
});

describe('refusals', () => {
  it('a file that is there is only replaced with force', async () => {
    const first = await importing.text(csv);
    writeFileSync(join(importing.folder, 'out.csv'), 'mine');
    await expect(write(first, 'out.csv')).rejects.toMatchObject({code: 'export.exists'});
    expect(readFileSync(join(importing.folder, 'out.csv'), 'utf8')).toBe('mine');
    await write(first, 'out.csv', true);
    expect(readFileSync(join(importing.folder, 'out.csv'), 'utf8')).toContain('zip');
  });

  it.each([
    ['out.exe', 'export.format'],
    ['out', 'export.format'],
    ['none/out.csv', 'export.no_folder'],
  ])('%s is refused with %s', async (name, code) => {
    const first = await importing.text(csv);
    await expect(write(first, name)).rejects.toMatchObject({code});
    expect(existsSync(join(importing.folder, name))).toBe(false);
  });
});
