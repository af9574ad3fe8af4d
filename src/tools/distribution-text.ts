// What is said of the shape of a column, and its measures as a table.

import type {DistributionCheck} from '../analysis/check-distribution.ts';
import {formatP} from '../analysis/hypothesis/sentence.ts';
import type {Cell, Table} from '../core/dataset.ts';
import {formatCount, formatNumber, printable} from '../core/text.ts';
import {renderMarkdownTable} from '../render/table.ts';
import {tableOf} from './result-table.ts';

/** One measure a row: `part` is shape, normality, fit, parameter or qq; of qq points `name` is the share. */
export function distributionTable({shape, normality, ranked, qq}: DistributionCheck): Table {
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

export function distributionSummary({column, shape, normality, ranked, refused, qq}: DistributionCheck): string[] {
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
