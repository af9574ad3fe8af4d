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
