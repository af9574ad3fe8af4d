import {describe, expect, it} from 'vitest';
import {groundAnswer} from '../../../src/agent/grounding/ground-answer.ts';
import {numbersOf, numbersOfResult} from '../../../src/agent/grounding/known-numbers.ts';
import {createGrounder} from '../../../src/agent/grounding/session-numbers.ts';
import type {Cell} from '../../../src/core/dataset.ts';
import type {ToolResult} from '../../../src/core/tool.ts';
import {column, dataset} from '../../privacy/data.ts';

const known = [11.1673, 6.79087, 4_000, 12_345_678, 0.2841, -0.125, 882, 949, 3_421_000_000, 9.3e-7, 57.123456, 4_873];
const unsupported = (answer: string, rows = 5) => groundAnswer(answer, {numbers: [numbersOf(known)], rows}).unsupported;

describe('a number that a result holds is supported', () => {
  it.each([
    ['as it stands', 'The average is 11.1673.'],
    ['rounded', 'About 11.17, 11.2 or 11; East has 6.79 and 6.8.'],
    ['bold, in code alone, in brackets and at the end', '**11.1673** `6.79087` (882) 949'],
    ['with separators of any kind', "4,000 or 4 000 or 4'000 or 12,345,678 rows"],
    ['as on the continent', '11,17 und 4.000 und 12.345.678'],
    ['in thousands, millions and billions', '4k, 4.9k, 12.3M, 12.35 million, 3.42 bn and 3,421 million'],
    ['with money signs', '$11.17, €6.79 and £4,000'],
    ['a fraction as a percentage', '28.4 % or 28.41% or 28 percent'],
    ['a percentage as a fraction', 'a share of 0.571 (57.1 %)'],
    ['the size of a negative number', 'It fell by 12.5 %, that is -0.125.'],
    ['in the exponent form', 'p = 9.3e-7, or 9.3 × 10⁻⁷, or 9.3x10^-7'],
    ['rounded to thousands', 'about 4,900 and roughly 5,000'],
    ['in a table', '| region | price |\n| --- | ---: |\n| Coast | 11.17 |\n| East | 6.79 |'],
    ['behind the mark of a list', '- 882 rows\n* 949\n+ 11.17\n– 6.79'],
    ['in a range', 'from 6.79-11.17, 6.79–11.17'],
  ])('%s', (_, answer) => {
    expect(unsupported(answer)).toEqual([]);
  });
});

describe('what is no figure is left alone', () => {
  it.each([
    [
      'dates and times',
      'On 2024-03-17, 17.03.2024, 3/17/2024, March 17, 17 March 2024, Mar 2031, at 14:35 and 2:30 pm',
    ],
    ['quarters, weeks and years', 'in Q3 2019 and 2023-W07, since 2017, between 2014 and 2018 (2021)'],
    ['ordinals', 'the 37th row, 1st and 22nd, the 75th percentile'],
    ['list numbers', '1. one\n2. two\n  37. far\n> 38) further'],
    ['names', 'v27, col_35, COVID-19, p95, ISO-8601, utf8, 3D, 2.17.4, q1_2027'],
    ['references', 'result #37'],
    ['code and SQL', '```sql\nSELECT 123 FROM t LIMIT 77\n```\nand `WHERE x > 345`'],
    ['addresses', 'see https://example.com/a/12345?b=678'],
    ['levels by custom', '95 % confidence interval, a 99% CI, p < 0.05, the 5 % level, alpha = 0.01'],
    ['placeholders', '{{37:12:price}}'],
    ['words', 'twenty, two thirds, a dozen'],
    ['an empty answer', ''],
  ])('%s', (_, answer) => {
    expect(groundAnswer(answer, {numbers: [], rows: 0})).toEqual({
      numbers: 0,
      supported: 0,
      derived: 0,
      unsupported: [],
    });
  });
});

describe('a number that nothing holds is named as it stands', () => {
  it.each([
    ['The average is 42.7.', ['42.7']],
    ['It is 11.18 and **6.81**', ['11.18', '6.81']],
    ['28.9 % of 4,100 rows', ['28.9 %', '4,100']],
    ['$12.50 and 13.4M and -11.17', ['$12.50', '13.4M', '-11.17']],
    ['1,234 and 1,234 again', ['1,234']],
    ['4,873.5 is not 4,873', ['4,873.5']],
    ['2019 rows and 2,019 rows', ['2019', '2,019']],
    ['n = 883', ['883']],
    ['`43.2` in code alone', ['43.2']],
    ['5,000 with nothing that says about', ['5,000']],
    ['17 regions', ['17']],
    ['p = 0.043', ['0.043']],
  ])('%s', (answer, expected) => {
    expect(unsupported(answer)).toEqual(expected);
  });
});

describe('plain arithmetic on supported numbers is told apart', () => {
  it.each([
    ['a difference', '949 against 882, 67 more'],
    ['a difference of two numbers as they are rounded there', '57.12 against 11.17, 45.95 more'],
    ['a sum', '949 and 882, together 1,831'],
    ['a ratio', '11.17 against 6.79, 1.64 times as much'],
    ['a change', '949 after 882, up 7.6 %'],
    ['a share', '882 of 4,000 rows, 22.05 % of all'],
    ['rows of a table counted by eye', '3 of these lie above 11.17'],
  ])('%s', (_, answer) => {
    const found = groundAnswer(answer, {numbers: [numbersOf(known)], rows: 5});
    expect(found).toMatchObject({derived: 1, unsupported: []});
    expect(found.supported + found.derived).toBe(found.numbers);
  });

  it('but not when the other number does not stand in the answer, nor for a wrong one', () => {
    expect(unsupported('That is 67 more.')).toEqual(['67']);
    expect(unsupported('949 against 882, 76 more')).toEqual(['76']);
  });
});

function result(cells: Cell[][], more: {sql?: string; summary?: string} = {}): ToolResult {
  const receipt = {id: 1, tool: 'run_sql', args: {}, datasets: [], rowsRead: 77, sampled: false, ms: 12_345};
  const columns = [{name: 'c', type: 'X', kind: 'text' as const}];
  const {summary = '', ...rest} = more;
  return {ok: true, summary, table: {columns, rows: cells, totalRows: 48_112}, receipt: {...receipt, ...rest}};
}

describe('what counts as known', () => {
  const ground = (answer: string, results: ToolResult[], questions: string[] = []) =>
    createGrounder().ground(answer, {results, questions, datasets: [dataset('d', [column('x', {nullCount: 321})])]});

  it('every cell of a result, also far below the rows that a model saw', () => {
    const rows = Array.from({length: 1_000}, (_, i): Cell[] => [i * 1.37 + 0.001]);
    expect(ground('Row 900 holds 1,233.001', [result(rows)]).unsupported).toEqual([]);
  });

  it.each([
    [
      'bigints and decimals kept as text',
      [[9_007_199_254_740_993n], ['123456789012.34']],
      '9,007,199,254,740,993 and 123,456,789,012.34',
    ],
    ['numbers inside of texts', [['1 to 55'], ['a|66']], 'from 1 to 55, 66'],
    ['the rows of a result and those read', [['a']], '1 of 48,112 rows, from 77'],
  ])('%s', (_, cells, answer) => {
    expect(ground(answer, [result(cells)]).unsupported).toEqual([]);
  });

  it('the conditions of a statement, the words of a result, the question, and the size of the data', () => {
    const found = result([[1]], {sql: 'SELECT 1 WHERE q >= 17.5', summary: '95 pairs'});
    const answer = 'Of 4,000 rows (321 missing) with q >= 17.5 I took 63; 95 pairs.';
    expect(ground(answer, [found], ['take 63']).unsupported).toEqual([]);
    expect(ground(answer, []).unsupported).toEqual(['17.5', '63', '95']);
  });

  it('the numbers of a failure, but not the time that a result took', () => {
    const failed: ToolResult = {ok: false, code: 'x', message: 'more than 777 levels', hint: 'at most 55'};
    expect(ground('777, not 55; 12,345 ms', [failed, result([])]).unsupported).toEqual(['12,345']);
  });

  it('nothing that is not finite', () => {
    expect([...numbersOfResult(result([[Number.NaN], [Number.POSITIVE_INFINITY], [2]]))]).not.toContain(Number.NaN);
  });
});

it('a long answer over a large result costs less than a frame', () => {
  const rows = Array.from({length: 10_000}, (_, i): Cell[] => [i * 1.1, `name ${i}`]);
  const results = [result(rows)];
  const answer = Array.from({length: 400}, (_, i) => `value ${(i * 1.1).toFixed(1)}`).join('\n');
  const grounder = createGrounder();
  const told = {results, questions: [], datasets: []};
  grounder.ground(answer, told);
  const started = performance.now();
  expect(grounder.ground(answer, told).unsupported).toEqual([]);
  expect(performance.now() - started).toBeLessThan(100);
});
