import {StatementType} from '@duckdb/node-api';
import fc from 'fast-check';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import type {ChatRequest} from '../../../src/core/chat.ts';
import {ToolError} from '../../../src/core/errors.ts';
import {reply} from '../../../src/providers/offline/analyst.ts';
import {isSql} from '../../../src/providers/offline/special.ts';
import {ident, textLiteral} from '../../../src/providers/offline/sql.ts';
import {allTables, seeded} from './datasets.ts';
import {Laboratory, quote, rowsOf, sqlOf, type TableSpec} from './laboratory.ts';

const words =
  'average sum of the count how many by per region price revenue top 5 highest lowest between and or not in 2021 March over under ' +
  'missing values outliers correlation trend over time compare vs plot histogram distribution percent who survived female Berlin ' +
  'is are with without show first rows unique median 90th percentile , ? ( ) " = >= < where year month "max temp" fare sex class most ' +
  "common than only what about same duplicates describe columns weekday DROP TABLE orders ; -- ' % it this import data.csv";

const sentence = fc
  .array(fc.constantFrom(...words.split(' ')), {minLength: 1, maxLength: 14})
  .map(list => list.join(' '));
const anything = fc.oneof(sentence, fc.string({maxLength: 300}), fc.string({unit: 'binary', maxLength: 120}));

const hostileNames = [
  'a"b',
  "it's",
  'x; DROP TABLE y',
  '--',
  '/*',
  'select',
  'Group',
  ' lead',
  'ünï çødé',
  '日本',
  'a.b',
  '%',
  '\\',
  'n',
  'rows',
  'percent',
  'v',
  'lo',
  'missing',
  '$1',
  '?',
];
const random = seeded(5);
const hostile: TableSpec = {
  name: 'v',
  types: Object.fromEntries(hostileNames.map((name, at) => [name, at % 3 === 0 ? 'VARCHAR' : 'DOUBLE'])),
  rows: Array.from({length: 40}, (_, row) =>
    Object.fromEntries(
      hostileNames.map((name, at) => [
        name,
        row % 7 === at % 7 ? null : at % 3 === 0 ? `g'${row % 3}"` : Math.floor(random() * 90),
      ]),
    ),
  ),
};

let laboratory: Laboratory;
beforeAll(async () => {
  laboratory = await Laboratory.open([...allTables, hostile]);
});
afterAll(() => laboratory.close());

describe('whatever is typed', () => {
  test('a turn never throws, comes to an end, and says something', async () => {
    await fc.assert(
      fc.asyncProperty(anything, fc.constantFrom('orders', 'titanic', 'weather'), async (text, active) => {
        const answer = await laboratory.ask(text, active);
        expect(answer.rounds).toBeLessThanOrEqual(3);
        expect(answer.text.length).toBeGreaterThan(10);
        expect(answer.text).not.toMatch(/undefined|\[object Object\]/);
      }),
      {seed: 42, numRuns: 150},
    );
  });

  test('the SQL it makes is one SELECT, and the engine accepts it', async () => {
    await fc.assert(
      fc.asyncProperty(sentence, fc.constantFrom('orders', 'titanic', 'weather'), async (text, active) => {
        fc.pre(!isSql(text));
        const answer = await laboratory.ask(text, active);
        for (const sql of sqlOf(answer)) {
          expect(await laboratory.statementTypes(sql), sql).toEqual([StatementType.SELECT]);
        }
        for (const {result} of answer.calls) expect(result.ok ? '' : `${text}: ${result.message}`).toBe('');
      }),
      {seed: 7, numRuns: 100},
    );
  });

  test('the same request gives the same reply', () => {
    fc.assert(
      fc.property(anything, text => {
        const request: ChatRequest = {
          system: '',
          messages: [{role: 'user', text}],
          tools: [],
          datasets: laboratory.datasets,
          activeDataset: 'orders',
        };
        expect(reply(request)).toEqual(reply(request));
      }),
      {seed: 3, numRuns: 100},
    );
  });

  test('a hundred thousand characters are read in under a second', () => {
    for (const text of [
      'average '.repeat(20_000),
      '"'.repeat(100_000),
      '1,'.repeat(60_000),
      'a-'.repeat(50_000),
      '('.repeat(100_000),
      'and or '.repeat(15_000),
    ]) {
      const started = performance.now();
      reply({
        system: '',
        messages: [{role: 'user', text}],
        tools: [],
        datasets: laboratory.datasets,
        activeDataset: 'orders',
      });
      expect(performance.now() - started).toBeLessThan(1_000);
    }
  });
});

describe('names and texts in SQL', () => {
  test('a quoted identifier and a text literal come back from the engine as they went in', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({unit: 'grapheme', minLength: 1, maxLength: 40}), async text => {
        fc.pre(!text.includes('\0') && text.isWellFormed());
        const {columns, rows} = await laboratory.query(`SELECT ${textLiteral(text)} AS ${ident(text)}`);
        expect(columns[0]?.name).toBe(text);
        expect(rows).toEqual([[text]]);
      }),
      {seed: 9, numRuns: 300},
    );
  });

  test.each(hostileNames)('a column called %s is summarised, grouped, ranked and filtered', async name => {
    const said = `"${name.replaceAll('"', '')}"`;
    const spoken = name.includes('"') ? name.replaceAll('"', '') : said;
    for (const question of [
      `distribution of ${spoken}`,
      `count by ${spoken}`,
      `missing values in ${spoken}`,
      `count where ${spoken} is missing`,
    ]) {
      const answer = await laboratory.ask(question, 'v');
      for (const {result, args} of answer.calls)
        expect(result.ok ? '' : `${String(args.sql)}: ${result.message}`).toBe('');
      const sql = sqlOf(answer).join(' ');
      if (!name.includes('"')) expect(sql).toContain(quote(name));
    }
    const missing = hostile.rows.filter(row => row[name] === null).length;
    if (!name.includes('"'))
      expect(rowsOf(await laboratory.ask(`count where ${said} is missing`, 'v'))).toEqual([[missing]]);
  });

  test.each([
    'outliers',
    'correlation matrix',
    'missing values',
    'duplicates',
    'describe v',
    'show 3 rows',
    'top 5 rows by "n"',
  ])('%s works on columns named like our own aliases', async question => {
    const answer = await laboratory.ask(question, 'v');
    for (const {result} of answer.calls) expect(result.ok ? '' : result.message).toBe('');
  });

  test('a failing tool is reported with its message and hint', async () => {
    const failure = new ToolError('sql.failed', 'Out of rows.', {hint: 'Use fewer.'});
    laboratory.failure = failure;
    const {text} = await laboratory.ask('average price by region', 'orders');
    laboratory.failure = null;
    expect(text).toContain('That could not be computed: Out of rows. Use fewer.');
    expect(text).toContain('Read as: average unit_price by region in orders.');
  });
});
