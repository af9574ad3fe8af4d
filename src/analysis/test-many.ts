// The same test on several columns, with p corrected for their number.

import {ToolError} from '../core/errors.ts';
import type {Reader, Selection} from './column-values.ts';
import {adjustPValues, type Correction} from './hypothesis/multiple-testing.ts';
import {type TestAnswer, type TestRequest, testColumns} from './test-hypothesis.ts';

/** `problem` says why a column could not be tested; those don't count as tests. */
export type ManyAnswer = {
  correction: Correction;
  tests: {column: string; answer: TestAnswer | null; adjusted: number | null; problem: string | null}[];
};

/** @throws ToolError for an unknown column; what else a column is refused for stands in its place */
export async function testMany(
  reader: Reader,
  selection: Selection,
  {more = [], ...request}: TestRequest,
  correction: Correction = 'benjamini-hochberg',
): Promise<ManyAnswer> {
  const found: {column: string; answer: TestAnswer | null; problem: string | null}[] = [];
  for (const column of new Set([request.value, ...more])) {
    try {
      found.push({column, answer: await testColumns(reader, selection, {...request, value: column}), problem: null});
    } catch (error) {
      if (
        !(error instanceof ToolError) ||
        !error.code.match(/^(test|analysis)\./) ||
        error.code === 'analysis.unknown_column'
      )
        throw error;
      found.push({column, answer: null, problem: error.message});
    }
  }
  const adjusted = adjustPValues(
    found.map(({answer}) => answer?.result.p ?? Number.NaN),
    correction,
  );
  return {
    correction,
    tests: found.map((each, i) => ({...each, adjusted: Number.isNaN(adjusted[i]) ? null : (adjusted[i] ?? null)})),
  };
}
