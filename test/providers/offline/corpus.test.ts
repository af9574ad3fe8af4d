import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import type {Cell} from '../../../src/core/dataset.ts';
import {everydayOrders} from './corpus-everyday.ts';
import {newcomerOrders, newcomerTitanic} from './corpus-newcomer.ts';
import {ordersCases} from './corpus-orders.ts';
import {orderTotalsCases} from './corpus-orders-totals.ts';
import {titanicCases} from './corpus-titanic.ts';
import {weatherCases} from './corpus-weather.ts';
import {allTables} from './datasets.ts';
import {followUps} from './follow-ups.ts';
import {type Answer, Laboratory, rowsOf} from './laboratory.ts';

let laboratory: Laboratory;
beforeAll(async () => {
  laboratory = await Laboratory.open(allTables);
});
afterAll(() => laboratory.close());

/** Rows agree in the columns that are expected; numbers to nine digits, as sums of doubles depend on their order. */
function expectRows(answer: Answer, expected: Cell[][]): void {
  const rows = rowsOf(answer);
  const width = expected[0]?.length ?? 0;
  const rounded = (row: Cell[]) => row.map(cell => (typeof cell === 'number' ? Number(cell.toPrecision(9)) : cell));
  expect(rows.map(row => rounded(pick(row, expected[0] ?? []))).slice(0, expected.length)).toEqual(
    expected.map(rounded).slice(0, rows.length),
  );
  expect(rows.length, 'number of rows').toBeGreaterThanOrEqual(Math.min(expected.length, 3));
  expect(width).toBeGreaterThan(0);
}

const pick = (row: Cell[], like: Cell[]) => row.slice(0, like.length);

describe('a question leads to the numbers that plain arithmetic gives', () => {
  const corpora = {
    orders: [...ordersCases, ...orderTotalsCases, ...newcomerOrders, ...everydayOrders],
    titanic: [...titanicCases, ...newcomerTitanic],
    weather: weatherCases,
  };
  const questions = Object.entries(corpora).flatMap(([dataset, cases]) =>
    cases.flatMap(({ask, rows}) =>
      ask
        .trim()
        .split('\n')
        .map(question => ({dataset, question: question.trim(), rows})),
    ),
  );
  test('the corpus has at least 150 questions', () => expect(questions.length).toBeGreaterThanOrEqual(150));
  test.each(questions)('$dataset: $question', async ({dataset, question, rows}) => {
    const answer = await laboratory.ask(question, dataset);
    expectRows(answer, rows);
    expect(answer.text).not.toMatch(/undefined|NaN|\[object/);
    if (!/^(select|from|with)\b/i.test(question)) expect(answer.text).toContain('Read as: ');
  });
});

describe('a follow-up changes the question before', () => {
  test.each(followUps)('$before → $next', async ({dataset, before, next, rows}) => {
    expectRows(await laboratory.ask([before, next], dataset), rows);
  });
});
