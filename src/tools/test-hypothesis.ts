// Hypothesis tests as one tool: it proposes the test from the columns, or runs the one that was named.

import {z} from 'zod';
import {createReader} from '../analysis/column-values.ts';
import {HYPOTHESIS_TESTS} from '../analysis/hypothesis/hypothesis-tests.ts';
import {formatP, resultSentence} from '../analysis/hypothesis/sentence.ts';
import {type TestAnswer, testColumns} from '../analysis/test-hypothesis.ts';
import {type Cell, currentVersion, type Table} from '../core/dataset.ts';
import {formatNumber, printable} from '../core/text.ts';
import {defineTool, type Tool} from '../core/tool.ts';
import {renderMarkdownTable} from '../render/table.ts';
import type {Catalog} from './catalog.ts';
import {disclosed, originOf} from './disclose.ts';
import {tableOf} from './result-table.ts';

const names = ['auto', ...HYPOTHESIS_TESTS.map(test => test.name)] as const;

export function testHypothesis(catalog: Catalog): Tool {
  return defineTool({
    name: 'test_hypothesis',
    description: 'Test value by group, against paired_with (same row) or mu. auto chooses the test and says why.',
    parallel: true,
    args: z.object({
      dataset: z.string(),
      value: z.string(),
      group: z.string().optional(),
      paired_with: z.string().optional(),
      mu: z.number().optional(),
      test: z.enum(names).optional(),
      alternative: z.enum(['two-sided', 'less', 'greater']).optional(),
      where: z.string().min(1).optional(),
    }),
    async run({dataset: name, where, paired_with: pairedWith, ...asked}, {signal}) {
      const dataset = await catalog.dataset(name);
      const {columns} = currentVersion(dataset);
      const reader = createReader(await catalog.engine(), signal);
      const answer = await testColumns(reader, {dataset: dataset.name, where}, {...asked, columns, pairedWith});
      const source = await catalog.sourceOf([dataset.name], reader.sql.join(';\n'));
      const names = [asked.value, asked.group, pairedWith].filter(each => each !== undefined);
      const about = {kind: 'group' as const, from: originOf(dataset, names), n: smallestIn(answer)};
      const lines = summaryOf(answer).map(line => ({text: line, about}));
      return {ok: true, ...disclosed(lines), table: tableText(answer), source};
    },
  });
}

/** The rows of the smallest sample, or of the rarest value of a table of counts. */
function smallestIn({samples, counts, result}: TestAnswer): number {
  const totals = counts?.columns.map((_, j) => counts.cells.reduce((sum, row) => sum + (row[j] ?? 0), 0)) ?? [];
  const rows = counts?.cells.map(row => row.reduce((sum, cell) => sum + cell, 0)) ?? [];
  return Math.min(...result.n, ...samples.map(({n}) => n), ...totals, ...rows);
}

/** The test first, its further effects, then the checks of what it assumes. */
function tableText({result, checks}: TestAnswer): Table {
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

function summaryOf(answer: TestAnswer): string[] {
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
  if (comparisons.length > 0) {
    lines.push('Tukey HSD (p and intervals hold for all pairs together):');
    for (const {first, second, difference, low, high, p} of comparisons) {
      const pair = `${text(samples[first]?.name ?? '')} − ${text(samples[second]?.name ?? '')}`;
      lines.push(`- ${pair}: ${formatNumber(difference)} [${formatNumber(low)}, ${formatNumber(high)}], ${formatP(p)}`);
    }
  }
  return lines;
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
