// Puts the results of hypothesis tests into words and tables; computes nothing.

import {formatP, resultSentence} from '../analysis/hypothesis/sentence.ts';
import type {TestAnswer} from '../analysis/test-hypothesis.ts';
import type {ManyAnswer} from '../analysis/test-many.ts';
import type {Cell, Table} from '../core/dataset.ts';
import {formatNumber, printable} from '../core/text.ts';
import {renderMarkdownTable} from '../render/table.ts';
import {tableOf} from './result-table.ts';

/** The test first, its further effects, then the checks of what it assumes. */
export function testTable({result, checks}: TestAnswer): Table {
  const row = (role: string, {test, statisticName, statistic, df, p, n, dropped}: TestAnswer['result']): Cell[] => [
    role,
    test,
    statisticName,
    statistic,
    df[0] ?? null,
    df[1] ?? null,
    Number.isNaN(p) ? null : p,
    n.join(', '),
    dropped,
  ];
  const [main, ...others] = result.effects;
  const effect = (each: typeof main): Cell[] => [
    each?.name ?? null,
    each?.value ?? null,
    each?.low ?? null,
    each?.high ?? null,
  ];
  const kinds = {role: 'text', test: 'text', statistic_name: 'text', statistic: 'number', df: 'number'} as const;
  const rest = {
    df2: 'number',
    p: 'number',
    n: 'text',
    dropped: 'number',
    effect: 'text',
    effect_size: 'number',
  } as const;
  return tableOf({...kinds, ...rest, low: 'number', high: 'number'}, [
    [...row('test', result), ...effect(main)],
    ...others.map(each => [...row('test', result), ...effect(each)]),
    ...checks.map(check => [...row(`check of ${text(check.what)}`, check.result), ...effect(check.result.effects[0])]),
  ]);
}

export function testSummary(answer: TestAnswer): string[] {
  const {name, why, result, checks, samples, counts, comparisons, dropped, alternative} = answer;
  const lines = [resultSentence(result)];
  if (why !== null) lines.push(`Test chosen: ${name}. Why: ${why}.`);
  if (alternative !== 'two-sided') lines.push(`One-sided: ${alternative}; the interval is two-sided.`);
  const further = result.effects.slice(1).map(({name: effect, value, low, high}) => {
    const interval = low === null || high === null ? '' : ` [${formatNumber(low)}, ${formatNumber(high)}]`;
    return `${effect} ${formatNumber(value)}${interval}`;
  });
  if (further.length > 0) lines.push(`Also: ${further.join(', ')}.`);
  lines.push(`Method: ${result.method}. Assumes ${result.assumes}.`);
  if (checks.length > 0)
    lines.push(
      `Checked: ${checks.map(({what, result: {test, p}}) => `${test} of ${text(what)}: ${formatP(p)}`).join('; ')}.`,
    );
  lines.push(dropped.length > 0 ? `Rows left out: ${dropped.map(text).join(', ')}.` : 'No rows left out.');
  if (samples.length > 0) lines.push(samplesText(samples));
  if (counts) lines.push(countsText(counts));
  if (comparisons) lines.push(...comparisonLines(comparisons, samples));
  return lines;
}

/** Pairs without a difference that are listed beside those that differ; more are told in one line. */
const mostAlike = 5;

/** Pairs that do not differ are told in one line: a list of them would read like findings. */
function comparisonLines(
  {method, pairs}: NonNullable<TestAnswer['comparisons']>,
  samples: TestAnswer['samples'],
): string[] {
  const told = ({first, second, difference, low, high, p}: (typeof pairs)[number]) => {
    const pair = `${text(samples[first]?.name ?? '')} − ${text(samples[second]?.name ?? '')}`;
    const interval = low === null || high === null ? '' : ` [${formatNumber(low)}, ${formatNumber(high)}]`;
    return `${pair}: ${formatNumber(difference)}${interval}, ${formatP(p)}`;
  };
  const head = `${method} (holds for all pairs together):`;
  const differing = pairs.filter(({p}) => p < 0.05);
  const others = pairs.filter(pair => !differing.includes(pair)).sort((a, b) => a.p - b.p);
  const [nearest] = others;
  if (differing.length === 0 && nearest) {
    const which = pairs.length === 1 ? 'the only pair does not differ' : `none of the ${pairs.length} pairs differs`;
    return [
      `${head} ${which} at the 5 % level${pairs.length === 1 ? '' : '; the nearest to it is'}: ${told(nearest)}.`,
    ];
  }
  if (others.length <= mostAlike || !nearest) return [head, ...pairs.map(pair => `- ${told(pair)}`)];
  return [
    head,
    ...differing.map(pair => `- ${told(pair)}`),
    `The other ${others.length} pairs do not differ at the 5 % level; the nearest to it is ${told(nearest)}.`,
  ];
}

function samplesText(samples: TestAnswer['samples']): string {
  const rows = samples.map(({name, n, mean, sd, median}): Cell[] => [name, n, ...[mean, sd, median].map(orNull)]);
  return renderMarkdownTable(
    tableOf({sample: 'text', n: 'number', mean: 'number', sd: 'number', median: 'number'}, rows),
  );
}

function countsText({rows, columns, cells}: NonNullable<TestAnswer['counts']>): string {
  const kinds = Object.fromEntries(columns.slice(0, 12).map(name => [`= ${name}`, 'number' as const]));
  const body = cells.map((row, i): Cell[] => [rows[i] ?? '', ...row.slice(0, 12)]);
  const left = columns.length > 12 ? `\n(12 of ${columns.length} values shown)` : '';
  return `${renderMarkdownTable(tableOf({'': 'text', ...kinds}, body))}${left}`;
}

function orNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

function text(name: string): string {
  return printable(name, {oneLine: true});
}

export function manySummary({tests, correction}: ManyAnswer): string[] {
  const done = tests.filter(each => each.answer !== null);
  const lines = [`${done.length} ${done.length === 1 ? 'test' : 'tests'}, p corrected together (${correction}):`];
  for (const {column, answer, adjusted, problem} of tests) {
    if (!answer) lines.push(`- ${text(column)}: not tested, ${text(problem ?? '')}`);
    else
      lines.push(`- ${text(column)}: ${formatP(adjusted ?? Number.NaN)} corrected. ${resultSentence(answer.result)}`);
  }
  const dropped = done.filter(({answer}) => answer && answer.dropped.length > 0);
  for (const {column, answer} of dropped)
    lines.push(`Rows left out of ${text(column)}: ${answer?.dropped.map(text).join(', ')}.`);
  return lines;
}

export function manyTable({tests}: ManyAnswer): Table {
  const rows = tests.map(({column, answer, adjusted, problem}): Cell[] => {
    const result = answer?.result;
    const [main] = result?.effects ?? [];
    const numbers = [result?.statistic, result?.df[0], result?.p].map(each => orNull(each ?? Number.NaN));
    const effect = [main?.name ?? null, orNull(main?.value ?? Number.NaN), main?.low ?? null, main?.high ?? null];
    return [column, result?.test ?? null, ...numbers, adjusted, result?.n.join(', ') ?? null, ...effect, problem];
  });
  const kinds = {column: 'text', test: 'text', statistic: 'number', df: 'number', p: 'number'} as const;
  const effect = {effect: 'text', effect_size: 'number', low: 'number', high: 'number'} as const;
  return tableOf({...kinds, p_adjusted: 'number', n: 'text', ...effect, problem: 'text'}, rows);
}
