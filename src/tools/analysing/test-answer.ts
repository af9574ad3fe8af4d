// Which test answers what was asked, and what it says.

import {abTest} from '../../analysis/ab-test.ts';
import type {Reader, Selection} from '../../analysis/column-values.ts';
import {baselineOf, planSample} from '../../analysis/plan-sample.ts';
import {type TestAnswer, testColumns} from '../../analysis/test-hypothesis.ts';
import {testMany} from '../../analysis/test-many.ts';
import type {Column, Table} from '../../core/dataset.ts';
import {ToolError} from '../../core/errors.ts';
import {abSummary, abTable, planSummary, planTable} from '../ab-text.ts';
import {manySummary, manyTable, testSummary, testTable} from '../hypothesis-text.ts';

/** What was asked of a test; of a plan too, where `baseline`, `sd` and the rest say what is known already. */
export type TestQuestion = {
  columns: readonly Column[];
  value: string;
  group?: string | undefined;
  paired_with?: string | undefined;
  more?: string[] | undefined;
  mu?: number | undefined;
  test?: string | undefined;
  alternative?: 'two-sided' | 'less' | 'greater' | undefined;
  correction?: Parameters<typeof testMany>[3];
} & PlanQuestion;

type PlanQuestion = Parameters<typeof planSample>[0];

/** `n`: the rows of the smallest sample, or of the rarest value of a table of counts; 0 where it was not looked at. */
export type Answer = {summary: string[]; table: Table; n: number};

/** @throws ToolError `test.*`, `analysis.*`, `power.*` */
export async function testAnswer(reader: Reader, selection: Selection, asked: TestQuestion): Promise<Answer> {
  const {columns, value, group, more = [], mu, test, alternative, correction, paired_with: pairedWith} = asked;
  if (test === 'power') {
    const found = await baselineOf(reader, selection, {columns, value});
    const plan = planSample({...asked, baseline: asked.baseline ?? found.baseline, sd: asked.sd ?? found.sd});
    return {summary: planSummary(plan), table: planTable(plan), n: 0};
  }
  if (test === 'ab') {
    if (group === undefined) throw new ToolError('test.needs', 'An A/B test needs group, a column with two values.');
    const answer = await abTest(reader, selection, {columns, value, group});
    return {summary: abSummary(answer), table: abTable(answer), n: Math.min(...answer.result.n)};
  }
  const request = {columns, value, group, mu, test, alternative, pairedWith, more};
  const isRepeated = test === 'friedman' || ((test ?? 'auto') === 'auto' && !group && !pairedWith && mu === undefined);
  if (more.length > 0 && !isRepeated) {
    const answer = await testMany(reader, selection, request, correction);
    const sizes = answer.tests.map(each => (each.answer ? smallestIn(each.answer) : 0));
    return {summary: manySummary(answer), table: manyTable(answer), n: Math.min(...sizes)};
  }
  const answer = await testColumns(reader, selection, request);
  return {summary: testSummary(answer), table: testTable(answer), n: smallestIn(answer)};
}

function smallestIn({samples, counts, result}: TestAnswer): number {
  const totals = counts?.columns.map((_, j) => counts.cells.reduce((sum, row) => sum + (row[j] ?? 0), 0)) ?? [];
  const rows = counts?.cells.map(row => row.reduce((sum, cell) => sum + cell, 0)) ?? [];
  return Math.min(...result.n, ...samples.map(({n}) => n), ...totals, ...rows);
}
