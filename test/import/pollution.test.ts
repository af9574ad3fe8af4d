import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {Importing} from './importing.ts';
import type {Polluted} from './pollution.ts';
import {cellPollutions, cleanTable, filePollutions, plainWriting, writeCell} from './pollution.ts';
import {readText, scoreOf} from './reading.ts';

let importing: Importing;

beforeEach(async () => {
  importing = await Importing.start();
});

afterEach(() => importing.stop());

function scores(files: readonly Polluted[]): {file: Polluted; score: number}[] {
  return files.map(file => {
    const {names, rows} = readText(file.text);
    return {file, score: scoreOf(names, rows, file)};
  });
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('one table, spoilt in one way at a time', () => {
  it('written with other marks, line ends, headers, preambles and footers it is read cell by cell', () => {
    const wrong = scores(filePollutions()).filter(({score}) => score < 9.9);
    expect(wrong.map(({file, score}) => `${file.title}: ${score}`)).toEqual([]);
  });

  it('spoilt at one of its cells it loses that row at most', () => {
    const found = scores(cellPollutions(6));
    expect(found.length).toBeGreaterThan(900);
    const low = found.filter(({score}) => score < 9.66);
    expect(low.map(({file, score}) => `${file.title}: ${score}`)).toEqual([]);
    expect(mean(found.map(({score}) => score))).toBeGreaterThan(9.99);
    const kinds = Map.groupBy(found, ({file}) => file.kind);
    for (const [kind, each] of kinds) expect(mean(each.map(({score}) => score)), kind).toBeGreaterThan(9.98);
  });
});

describe('through the whole import', () => {
  const {names, rows} = cleanTable();
  const line = (cells: readonly string[]) => `${cells.map(cell => writeCell(cell, plainWriting)).join(',')}\r\n`;
  const lines = [names, ...rows].map(line);

  it('one row with other marks is repaired, reported with its line and text, and spoils no type', async () => {
    const spoilt = lines.with(40, `${rows[39]?.join(';')}\r\n`);
    const {report, version} = await importing.text(spoilt.join(''));
    expect(version.columns.map(({type}) => type).slice(0, 5)).toEqual(['DATE', 'TIME', 'BIGINT', 'VARCHAR', 'DOUBLE']);
    expect(report.counts).toEqual({other_marks: 1});
    expect(report.lines).toEqual([{line: 41, kind: 'other_marks', text: rows[39]?.join(';')}]);
    expect(version.warnings).toEqual([
      '1 row was written with other delimiters or quotes than the rest (first: line 41).',
    ]);
    await expect(importing.text(spoilt.join(''), {strict: true})).rejects.toMatchObject({code: 'import.needs_repair'});
  });

  it('a quote that opens and never closes costs neither the rows after it nor the type of its column', async () => {
    const {report, version} = await importing.text(lines.with(7, `"${lines[7]}`).join(''));
    expect(version.rows).toBe(83);
    expect(version.columns[0]?.type).toBe('DATE');
    expect(report.counts).toEqual({stray_quote: 1});
  });

  it('a text cut at a comma without quotes is joined again', async () => {
    const row = (rows[30] ?? []).with(6, 'USB cable, 2 m, black').with(8, '');
    const result = await importing.text(lines.with(31, `${row.join(',')}\r\n`).join(''));
    expect(result.report.counts).toEqual({joined_cells: 1});
    const sql = "SELECT Description FROM t WHERE URL LIKE '%id=1030&%'";
    expect(await importing.rows(result, sql)).toEqual([['USB cable, 2 m, black']]);
  });
});
