// The shape of a column as a tool: is it normal, which family fits it best, and where does it leave that family.

import {z} from 'zod';
import {checkDistribution, type DistributionCheck} from '../analysis/check-distribution.ts';
import {createReader} from '../analysis/column-values.ts';
import {formatP} from '../analysis/hypothesis/sentence.ts';
import {type Cell, currentVersion, type Table} from '../core/dataset.ts';
import {formatCount, formatNumber, printable} from '../core/text.ts';
import {defineTool, type Tool} from '../core/tool.ts';
import {renderMarkdownTable} from '../render/table.ts';
import type {Catalog} from './catalog.ts';
import {disclosed, originOf} from './disclose.ts';
import {tableOf} from './result-table.ts';

export function checkDistributionTool(catalog: Catalog): Tool {
  return defineTool({
    name: 'check_distribution',
    description: 'Shape of a number column: normality tests, best-fitting families by AIC with parameters, QQ points.',
    parallel: true,
    args: z.object({
      dataset: z.string(),
      column: z.string(),
      families: z.array(z.string()).optional().describe('such as normal, gamma, poisson'),
      where: z.string().min(1).optional(),
    }),
    async run({dataset: name, column, families, where}, {signal}) {
      const dataset = await catalog.dataset(name);
      const {columns} = currentVersion(dataset);
      const reader = createReader(await catalog.engine(), signal);
      const selection = {dataset: dataset.name, where};
      const found = await checkDistribution(reader, selection, {columns, column, families}, signal);
      const source = await catalog.sourceOf([dataset.name], reader.sql.join(';\n'));
      const about = {kind: 'statistic' as const, from: originOf(dataset, [column]), n: found.shape.n};
      const lines = summaryOf(found).map(line => ({text: line, about}));
      return {ok: true, ...disclosed(lines), table: tableText(found), source};
    },
  });
}

/** One measure a row: `part` is shape, normality, fit, parameter or qq; of qq points `name` is the share. */
function tableText({shape, normality, ranked, qq}: DistributionCheck): Table {
  const rows: Cell[][] = Object.entries(shape).map(([measure, value]) => ['shape', '', measure, value]);
  for (const {name, result} of normality)
    if (result) rows.push(['normality', name, 'statistic', result.statistic], ['normality', name, 'p', result.p]);
  for (const {family, logLikelihood, aic, bic, ks, parameters} of ranked) {
    for (const [measure, value] of Object.entries({log_likelihood: logLikelihood, aic, bic, ks}))
      rows.push(['fit', family.name, measure, value]);
    for (const [measure, value] of Object.entries(parameters)) rows.push(['parameter', family.name, measure, value]);
  }
  for (const {share, expected, observed} of qq)
    rows.push(['qq', String(share), 'expected', expected], ['qq', String(share), 'observed', observed]);
  return tableOf({part: 'text', name: 'text', measure: 'text', value: 'number'}, rows);
}

function summaryOf({column, shape, normality, ranked, refused, qq}: DistributionCheck): string[] {
  const {n, missing, infinite, mean, sd, min, median, max, skewness, excessKurtosis} = shape;
  const left = [
    missing > 0 ? `${formatCount(missing)} missing` : '',
    infinite > 0 ? `${formatCount(infinite)} infinite` : '',
  ];
  const without = left.filter(Boolean).join(' and ');
  const lines = [
    `${text(column)}: n = ${formatCount(n)}${without && ` (${without} left out)`}, mean ${formatNumber(mean)}, sd ${formatNumber(sd)}, min ${formatNumber(min)}, median ${formatNumber(median)}, max ${formatNumber(max)}, skewness ${formatNumber(skewness)}, excess kurtosis ${formatNumber(excessKurtosis)}.`,
    `Normality: ${normality.map(each => `${each.name} ${each.result ? formatP(each.result.p) : `not possible (${each.problem})`}`).join('; ')}.`,
  ];
  const against = normality.filter(each => each.result && each.result.p < 0.05).length;
  const run = normality.filter(each => each.result).length;
  lines.push(
    against === 0
      ? `None of ${run} tests speaks against normality at the 5 % level.`
      : `${against} of ${run} tests speak against normality at the 5 % level${n > 5000 ? '; with this many rows even a harmless deviation does' : ''}.`,
  );
  const [best] = ranked;
  if (best) {
    lines.push(`Best family by AIC: ${best.family.name}. Fitted by maximum likelihood; ks is a distance, not a test.`);
    lines.push(fitsText(ranked));
    lines.push(`Parameters as SciPy's: ${ranked.map(each => each.family.convention).join('; ')}.`);
  }
  if (refused.length > 0) lines.push(`Not fitted: ${refusedText(refused)}.`);
  if (best && qq.length > 0) lines.push(tailText(qq, best.family.name));
  return lines;
}

function fitsText(ranked: DistributionCheck['ranked']): string {
  const rows = ranked.map(({family, parameters, logLikelihood, aic, bic, ks}): Cell[] => [
    family.name,
    Object.entries(parameters)
      .map(([name, value]) => `${name} ${formatNumber(value)}`)
      .join(', '),
    logLikelihood,
    aic,
    bic,
    ks,
  ]);
  const kinds = {family: 'text', parameters: 'text', log_likelihood: 'number', aic: 'number', bic: 'number'} as const;
  return renderMarkdownTable(tableOf({...kinds, ks: 'number'}, rows));
}

function refusedText(refused: DistributionCheck['refused']): string {
  const reasons = [...new Set(refused.map(each => each.reason))];
  const namesOf = (reason: string) => refused.filter(each => each.reason === reason).map(each => each.family.name);
  return reasons.map(reason => `${namesOf(reason).join(', ')} (${reason})`).join('; ');
}

/** Where the ends of the sample stand beside what the best family expects there. */
function tailText(qq: DistributionCheck['qq'], family: string): string {
  const [first, last] = [qq[0], qq[qq.length - 1]];
  if (!first || !last) return '';
  const side = (each: typeof first) =>
    `observed ${formatNumber(each.observed)}, expected ${formatNumber(each.expected)}`;
  return `QQ against ${family} (${qq.length} points in the table): lowest ${side(first)}; highest ${side(last)}.`;
}

function text(name: string): string {
  return printable(name, {oneLine: true});
}
