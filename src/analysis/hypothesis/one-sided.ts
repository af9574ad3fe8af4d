// Turns a two-sided p into a one-sided one, where the test has two sides.

import {ToolError} from '../../core/errors.ts';
import {normalUpperTail} from '../distributions/normal.ts';
import {tUpperTail} from '../distributions/tails.ts';
import type {TestResult} from './result.ts';

export type Alternative = 'two-sided' | 'less' | 'greater';

/** Tests whose statistic is t itself, or a correlation that makes one. */
const symmetric = ['welch_t', 'student_t', 'paired_t', 'one_sample_t', 'pearson', 'spearman'];

/** Tests that tell both one-sided p themselves. */
const onRanks = ['mann_whitney', 'wilcoxon', 'kendall'];

/**
 * The result with p for `alternative`, as SciPy's argument of that name; intervals stay two-sided.
 * @throws ToolError `test.one_sided_unavailable`
 */
export function oneSided(result: TestResult, name: string, alternative: Alternative): TestResult {
  if (alternative === 'two-sided') return result;
  const tail = alternative === 'greater' ? 1 : -1;
  const how = result.method.replace('two-sided', '').replace(/^, /, '');
  const method = `${how === '' ? '' : `${how}, `}one-sided (${alternative}), interval two-sided`;
  if (name === 'proportion_z') return {...result, p: normalUpperTail(tail * result.statistic), method};
  if (result.tails) return {...result, p: result.tails[alternative], method};
  const [df] = result.df;
  if (df === undefined || !symmetric.includes(name))
    throw new ToolError('test.one_sided_unavailable', `${name} is only computed two-sided.`, {
      hint: `One-sided: ${[...symmetric, ...onRanks].join(', ')}, proportion_z.`,
    });
  const r = result.statistic;
  const t = result.statisticName === 't' ? r : r * Math.sqrt(df / ((1 - r) * (1 + r)));
  return {...result, p: tUpperTail(tail * t, df), method};
}
