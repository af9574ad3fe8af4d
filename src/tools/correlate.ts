// Correlation as a tool: all pairs of columns, or what goes with one of them.

import {z} from 'zod';
import {createReader} from '../analysis/column-values.ts';
import type {Correlations} from '../analysis/correlate-columns.ts';
import {formatP} from '../analysis/hypothesis/sentence.ts';
import {type Cell, currentVersion} from '../core/dataset.ts';
import type {CountedExposure} from '../core/privacy.ts';
import {formatCell, formatCount, formatNumber, printable} from '../core/text.ts';
import {type Artifact, defineTool, type Tool} from '../core/tool.ts';
import {renderMarkdownTable} from '../render/table.ts';
import {analyse} from './analysing/analyse.ts';
import type {Catalog} from './catalog.ts';
import type {ChartSetting} from './charts/keep-chart.ts';
import {countsOnly, disclosed, type Line, originOf} from './disclose.ts';
import {tableOf} from './result-table.ts';

const shownPairs = 15;
const mostInMatrix = 12;
const mostInChart = 40;

export function correlate(catalog: Catalog, charts: ChartSetting): Tool {
  return defineTool({
    name: 'correlate',
    description: 'Correlate all pairs of columns, or each column with target; value, interval, n, p. Categories too.',
    parallel: true,
    args: z.object({
      dataset: z.string(),
      columns: z.array(z.string()).optional(),
      target: z.string().optional(),
      method: z.enum(['auto', 'pearson', 'spearman', 'kendall']).optional(),
      where: z.string().min(1).optional().describe('SQL condition'),
    }),
    async run({dataset: name, columns: only, target, method, where}, {signal}) {
      const dataset = await catalog.dataset(name);
      const {columns} = currentVersion(dataset);
      const reader = createReader(await catalog.engine(), signal);
      const selection = {dataset: dataset.name, where};
      const request = {columns, only, target, method};
      const found = await analyse('correlations', {selection, request}, {reader, dataset, signal});
      const strongest = [...found.pairs].sort((a, b) => Math.abs(b.value ?? 0) - Math.abs(a.value ?? 0));
      const rows = strongest.map((each): Cell[] => [
        each.a,
        each.b,
        each.measure,
        each.value,
        each.low,
        each.high,
        each.n,
        each.p,
        each.pAdjusted,
        each.corrected ?? null,
      ]);
      const kinds = {a: 'text', b: 'text', measure: 'text', value: 'number', low: 'number', high: 'number'} as const;
      const table = tableOf({...kinds, n: 'number', p: 'number', p_adjusted: 'number', bias_corrected: 'number'}, rows);
      const about = (names: readonly string[], n: number): CountedExposure => ({
        kind: 'statistic',
        from: originOf(dataset, names),
        n,
      });
      const lines = summaryOf(found, strongest, target === undefined, about);
      const artifacts = target === undefined ? await matrixChart(found, charts) : [];
      return {
        ok: true,
        ...disclosed(lines),
        table,
        artifacts,
        source: await catalog.sourceOf([dataset.name], reader.sql.join(';\n')),
      };
    },
  });
}

/** A heatmap of the matrix, of three columns or more. */
async function matrixChart({pairs}: Correlations, charts: ChartSetting): Promise<Artifact[]> {
  const names = [...new Set(pairs.flatMap(({a, b}) => [a, b]))];
  if (names.length < 3 || names.length > mostInChart) return [];
  const cell = (a: string, b: string) => {
    const pair = pairs.find(each => (each.a === a && each.b === b) || (each.a === b && each.b === a));
    return {y: a === b ? 1 : (pair?.value ?? null), ...(pair && {n: pair.n})};
  };
  const measures = [...new Set(pairs.map(({measure}) => measure))].join(', ');
  const nameless = {name: '', kind: 'category' as const};
  const spec = {
    mark: 'correlation' as const,
    title: 'Correlation matrix',
    x: nameless,
    y: {name: measures, kind: 'number' as const, range: [-1, 1] satisfies [number, number]},
    group: nameless,
    points: names.flatMap(group => names.map(x => ({x, group, ...cell(group, x)}))),
    totalRows: names.length ** 2,
    nullCount: 0,
    sampled: false,
  };
  const {keepChart} = await import('./charts/keep-chart.ts');
  return keepChart(spec, charts);
}

type About = (names: readonly string[], n: number) => CountedExposure;

function summaryOf(
  {pairs, leftOut}: Correlations,
  strongest: Correlations['pairs'],
  withMatrix: boolean,
  about: About,
): Line[] {
  const shown = strongest.filter(each => each.value !== null).slice(0, shownPairs);
  const failed = pairs.filter(each => each.problem !== null);
  const names = [...new Set(pairs.flatMap(({a, b}) => [a, b]))];
  const lines: Line[] = [];
  const say = (line: string, names: readonly string[] = [], n = 0) => {
    lines.push({text: line, about: names.length > 0 ? about(names, n) : countsOnly});
  };
  const fewest = Math.min(...pairs.map(each => each.n));
  const order = shown.length > 1 ? '; strongest first:' : shown.length === 1 ? ':' : ', and none has a value.';
  say(`${pairsText(pairs.length)}, rows complete for each pair${order}`);
  for (const {a, b, measure, value, low, high, n, p, pAdjusted, corrected} of shown) {
    const unbiased = typeof corrected === 'number' ? ` (bias-corrected ${formatNumber(corrected)})` : '';
    const interval = low === null || high === null ? '' : ` [${formatNumber(low)}, ${formatNumber(high)}]`;
    const chance = p === null ? '' : `, ${formatP(p)}, adjusted ${formatP(pAdjusted ?? p)}`;
    say(
      `- ${text(a)} ~ ${text(b)}: ${measure} ${formatCell(value)}${unbiased}${interval}, n = ${formatCount(n)}${chance}`,
      [a, b],
      n,
    );
  }
  if (strongest.length - failed.length > shown.length)
    say(`Showing ${shown.length} of ${formatCount(pairs.length)} pairs.`);
  if (withMatrix && names.length > 2 && names.length <= mostInMatrix) say(matrixText(names, pairs), names, fewest);
  const tests = pairs.filter(each => each.p !== null).length;
  if (tests > 1) say(`Adjusted p: Benjamini-Hochberg over ${formatCount(tests)} tests. Intervals are 95 %.`);
  if (failed.length > 0) {
    const reasons = failed.slice(0, 5).map(({a, b, problem}) => `${text(a)} ~ ${text(b)} (${text(problem ?? '')})`);
    say(
      `No value for ${pairsText(failed.length)}: ${reasons.join('; ')}${failed.length > 5 ? ' …' : ''}`,
      failed.flatMap(({a, b}) => [a, b]),
    );
  }
  if (leftOut.length > 0)
    say(`Left out, not numbers: ${leftOut.slice(0, 10).map(text).join(', ')}${leftOut.length > 10 ? ' …' : ''}`);
  return lines;
}

function matrixText(names: readonly string[], pairs: Correlations['pairs']): string {
  const values = new Map(pairs.flatMap(({a, b, value}) => [[key(a, b), value] as const, [key(b, a), value] as const]));
  // As in pandas' corr: a column has no correlation with itself where it has none with any other.
  const varies = new Set(pairs.flatMap(({a, b, value}) => (value === null ? [] : [a, b])));
  const cell = (a: string, b: string): Cell => values.get(key(a, b)) ?? (a === b && varies.has(a) ? 1 : null);
  const rounded = (value: Cell) => (typeof value === 'number' ? Number(value.toPrecision(4)) : value);
  const rows = names.map((a): Cell[] => [a, ...names.map(b => rounded(cell(a, b)))]);
  return renderMarkdownTable(tableOf([['', 'text'], ...names.map(name => [name, 'number'] as const)], rows));
}

function pairsText(count: number): string {
  return `${formatCount(count)} pair${count === 1 ? '' : 's'}`;
}

function key(a: string, b: string): string {
  return JSON.stringify([a, b]);
}

function text(name: string): string {
  return printable(name, {oneLine: true});
}
