import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {columnNames} from '../../src/import/names.ts';
import {Importing} from './importing.ts';

let importing: Importing;

beforeEach(async () => {
  importing = await Importing.start();
});

afterEach(() => importing.stop());

const width = 700;
const height = 40;
const cell = (row: number, column: number) =>
  [`${row * column}`, `${row + column}.5`, `w${(row * column) % 7}`, row === 3 ? '-' : `${column}`][column % 4] ?? '';
const line = (of: (column: number) => string) => Array.from({length: width}, (_, column) => of(column)).join(',');

describe('a table of 700 columns', () => {
  it('keeps every cell in its row and column, with type and facts', async () => {
    const body = Array.from({length: height}, (_, row) => line(column => cell(row, column)));
    const found = await importing.text(`${line(column => `c${column}`)}\n${body.join('\n')}\n`);
    expect(found.report).toMatchObject({rowsIn: height, rowsOut: height, rowsDropped: 0});
    expect(found.report.types.map(({type}) => type)).toEqual(
      Array.from({length: width}, (_, column) => ['BIGINT', 'DOUBLE', 'VARCHAR', 'BIGINT'][column % 4]),
    );
    const rows = await importing.rows(found);
    expect(rows).toEqual(
      Array.from({length: height}, (_, row) =>
        Array.from({length: width}, (_value, column) => {
          const text = cell(row, column);
          return text === '-' ? null : column % 4 === 2 ? text : Number(text);
        }),
      ),
    );
    expect(found.version.columns[699]).toMatchObject({
      name: 'c699',
      nullCount: 1,
      distinctCount: 1,
      min: 699,
      max: 699,
    });
    expect(found.version.columns[698]).toMatchObject({
      name: 'c698',
      distinctCount: 7,
      topValues: expect.arrayContaining(['w0']),
    });
    expect(found.report.types[699]?.evidence).toMatchObject({placeholders: 1});
  }, 60_000);

  it('comes back the same from Parquet', async () => {
    const body = Array.from({length: 3}, (_, row) => line(column => cell(row, column)));
    const first = await importing.text(`${line(column => `c${column}`)}\n${body.join('\n')}\n`);
    const again = await importing.import(importing.workspace.path(first.version.parquet));
    expect(await importing.rows(again)).toEqual(await importing.rows(first));
    const facts = (columns: typeof first.version.columns) => columns.map(({notes: _, ...rest}) => rest);
    expect(facts(again.version.columns)).toEqual(facts(first.version.columns));
  }, 60_000);
});

describe('names', () => {
  it('10,000 columns of one name are told apart within a second', () => {
    const started = performance.now();
    const names = columnNames(Array.from({length: 10_000}, (_, at) => (at % 2 ? 'x' : 'X'))).map(({name}) => name);
    expect(performance.now() - started).toBeLessThan(1000);
    expect(new Set(names.map(name => name.toLowerCase())).size).toBe(10_000);
    expect(names.slice(0, 4)).toEqual(['X', 'x_2', 'X_3', 'x_4']);
  });
});
