// Says a test result in one plain sentence, without claiming more than it shows.

import {formatCount, formatNumber} from '../../core/text.ts';
import type {TestResult} from './result.ts';

/** "p < 0.001", "p = 0.034": never 0, never more than three decimals. */
export function formatP(p: number): string {
  if (Number.isNaN(p)) return 'p is undefined';
  if (p < 0.001) return p < 1e-300 ? 'p < 1e-300' : `p = ${p.toExponential(1)}`;
  return p > 0.999 ? 'p > 0.999' : `p = ${p.toFixed(3)}`;
}

/**
 * Such as "Welch's t-test: t = 2.3, df = 57.2, p = 0.025, difference of means 1.2 [0.16, 2.24]; n = 40 and 31; significant at
 * 5 %." A p above 5 % is called "no evidence of a difference", not a proof of equality.
 */
export function resultSentence(result: TestResult): string {
  const {test, statisticName, statistic, df, p, effects, n, dropped} = result;
  const freedom = df.length > 0 ? [`df = ${df.map(formatNumber).join(', ')}`] : [];
  const [main] = effects;
  const effectText = main ? [`${main.name} ${formatNumber(main.value)}${interval(main.low, main.high)}`] : [];
  const counts = `n = ${listed(n.map(formatCount))}${dropped > 0 ? ` (${formatCount(dropped)} missing left out)` : ''}`;
  const figures = [`${statisticName} = ${formatNumber(statistic)}`, ...freedom, formatP(p), ...effectText].join(', ');
  return `${test}: ${figures}; ${counts}; ${verdict(result)}.`;
}

/** "40 and 31", "40, 31 and 12". */
function listed(counts: readonly string[]): string {
  const last = counts.at(-1) ?? '';
  return counts.length > 1 ? `${counts.slice(0, -1).join(', ')} and ${last}` : last;
}

function interval(low: number | null, high: number | null): string {
  return low === null || high === null ? '' : ` [${formatNumber(low)}, ${formatNumber(high)}]`;
}

function verdict({test, p}: TestResult): string {
  const isNormality = test.includes('normality');
  if (Number.isNaN(p)) return 'nothing can be concluded';
  if (isNormality) return p < 0.05 ? 'not normal (5 % level)' : 'no evidence against normality';
  return p < 0.05 ? 'significant at the 5 % level' : 'no evidence of a difference or relation at the 5 % level';
}
