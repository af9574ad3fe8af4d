// What was forecast, in words, as a table and as a chart.

import type {Frequency} from '../../analysis/time-series/frequency.ts';
import {labelOf} from '../../analysis/time-series/read-series.ts';
import type {Cell, Dataset, Table} from '../../core/dataset.ts';
import {formatCount, formatNumber, printable} from '../../core/text.ts';
import {quoteName} from '../../engine/sql-text.ts';
import {type Forecasted, leastMeasured} from '../../models/forecasting/forecast.ts';
import type {ChartSpec} from '../../render/chart-spec.ts';
import {forecastSpec} from '../../render/model-charts.ts';
import {renderMarkdownTable} from '../../render/table.ts';
import {datasetLine} from '../catalog.ts';
import {countsOnly, type Line} from '../disclose.ts';
import {pairsOf, tableOf} from '../result-table.ts';
import {sqlNumber} from './nearest-centre.ts';
import {beyond, type Prepared} from './read-series.ts';

const usual: Record<string, number> = {year: 3, quarter: 4, month: 12, week: 12, day: 14, 'business day': 10, hour: 24};
const shownRows = 40;

/** A year of months, two weeks of days; never more than half of what is known. */
export function defaultSteps({name, period}: Frequency, known: number): number {
  return Math.max(1, Math.min(usual[name] ?? Math.min(period ?? 10, 60), Math.floor(known / 2)));
}

/** Where nothing was ever below 0, nothing below 0 is expected. */
export function nonNegative(found: Forecasted, {values}: Prepared): {found: Forecasted; cut: boolean} {
  const cut = values.every(value => value >= 0) && [...found.mean, ...found.lower].some(value => value < 0);
  const above = (each: Float64Array) => each.map(value => Math.max(0, value));
  return {
    cut,
    found: cut ? {...found, mean: above(found.mean), lower: above(found.lower), upper: above(found.upper)} : found,
  };
}

function labels({series}: Prepared, count: number): string[] {
  const longer = beyond(series, count);
  const first = series.frequency.length;
  return Array.from({length: count}, (_, h) => labelOf(longer, first + h));
}

/** The name of the time column in what is shown and kept; the others are named already. */
function timeName({time}: Prepared): string {
  return ['forecast', 'lower', 'upper'].includes(time.toLowerCase()) ? `${time}_time` : time;
}

/** The steps ahead as one SELECT: DATE, TIMESTAMP or the year, the forecast and its limits. */
export function forecastSql({mean, lower, upper}: Forecasted, prepared: Prepared): string {
  const names = labels(prepared, mean.length);
  const type = !prepared.series.isDate ? 'BIGINT' : names.every(name => !name.includes('T')) ? 'DATE' : 'TIMESTAMP';
  const rows = names.map(
    (name, h) => `('${name}'::${type}, ${[mean, lower, upper].map(each => sqlNumber(each[h])).join(', ')})`,
  );
  return `SELECT * FROM (VALUES ${rows.join(', ')}) AS ahead(${quoteName(timeName(prepared))}, forecast, lower, upper)`;
}

export function forecastTable({mean, lower, upper}: Forecasted, prepared: Prepared): Table {
  const names = labels(prepared, mean.length);
  const rows = names.map((name, h): Cell[] => [name, mean[h] ?? null, lower[h] ?? null, upper[h] ?? null]);
  return tableOf(
    [[timeName(prepared), 'text'], ...pairsOf({forecast: 'number', lower: 'number', upper: 'number'})],
    rows,
  );
}

export function forecastChart({mean, lower, upper}: Forecasted, prepared: Prepared): ChartSpec {
  const {series, values, what, time} = prepared;
  const shown = Math.min(values.length, Math.max(3 * mean.length, 40));
  const at = (label: string) => (series.isDate ? label : `${label.padStart(4, '0')}-01-01`);
  const first = values.length - shown;
  return forecastSpec(
    {
      observed: {
        times: Array.from({length: shown}, (_, i) => at(labelOf(series, first + i))),
        values: [...values.subarray(first)],
      },
      forecast: {times: labels(prepared, mean.length).map(at), values: [...mean], low: [...lower], high: [...upper]},
      level: 0.95,
      time,
      value: what,
    },
    {title: `${what} by ${series.frequency.name}, and ${formatCount(mean.length)} ahead`, n: shown},
  );
}

type Told = {found: Forecasted; cut: boolean; prepared: Prepared; dataset: Dataset; table: Table; from: string[]};

export function forecastLines({found, cut, prepared, dataset, table, from}: Told): Line[] {
  const {series, what, time, notes, combined} = prepared;
  const n = series.values.length;
  const about = {kind: 'statistic' as const, from, n};
  // A naive forecast is a value that was recorded, and so may any be where every value is of one row.
  const isRecorded = !combined || found.scores.find(({name}) => name === found.winner)?.baseline === true;
  const head = `${datasetLine(dataset)}. ${what} by ${series.frequency.name} of ${time}: ${formatCount(n)} steps`;
  const range = `${labelOf(series, 0)} to ${labelOf(series, n - 1)}`;
  const season = series.frequency.period === null ? '' : `, season of ${series.frequency.period}`;
  return [
    {
      text: printable(`${head}, ${range}${season}.`, {oneLine: true}),
      about: {...about, kind: 'value'},
      otherwise: printable(`${head}${season}.`),
    },
    ...(notes.length > 0 ? [{text: printable(notes.join('\n')), about: countsOnly}] : []),
    ...(found.used < n ? [{text: `Learnt from the last ${formatCount(found.used)} steps.`, about: countsOnly}] : []),
    {
      text: `Backtest: ${formatCount(found.backtestSteps)} step${found.backtestSteps === 1 ? '' : 's'} ahead from ${found.origins} earlier end${found.origins === 1 ? '' : 's'}, each method fitted anew (MASE 1: as good as the seasonal naive inside):`,
      about: countsOnly,
    },
    {text: renderMarkdownTable(scoreTable(found)), about},
    {text: verdict(found), about},
    ...(found.by === 'rmse' ? [{text: whyRmse(prepared.values), about}] : []),
    ...(cut ? [{text: 'No value was ever below 0, so the forecast is cut there.', about: countsOnly}] : []),
    {text: renderMarkdownTable(table, {maxRows: shownRows}), about: isRecorded ? {...about, kind: 'value'} : about},
    ...(table.rows.length > shownRows
      ? [{text: `The first ${shownRows} of ${formatCount(table.rows.length)} steps.`, about: countsOnly}]
      : []),
  ];
}

function scoreTable({scores}: Forecasted): Table {
  const rows = scores.map(({name, baseline, scores: each, describes}): Cell[] => [
    baseline ? `${name} (baseline)` : name,
    each?.mase ?? null,
    each?.smape ?? null,
    each?.rmse ?? null,
    each ? each.coverage * 100 : null,
    each ? describes : 'cannot be fitted to these values',
  ]);
  return tableOf(
    {
      method: 'text',
      MASE: 'number',
      'sMAPE %': 'number',
      RMSE: 'number',
      'inside 95 % limits, %': 'number',
      what: 'text',
    },
    rows,
  );
}

function whyRmse(values: Float64Array): string {
  const zeros = values.filter(value => value === 0).length;
  return zeros > values.length / 2
    ? `Compared by RMSE: ${formatCount(zeros)} of ${formatCount(values.length)} values are 0, where a forecast of 0 has the smallest MASE and misses all that comes between.`
    : 'Compared by RMSE: there is no MASE where the past never changed.';
}

/** Which won, by how much, and how far its limits are to be trusted. */
function verdict({winner, says, scores, by, origins, backtestSteps, widened}: Forecasted): string {
  const own = scores.find(({name}) => name === winner);
  const rival = scores.find(each => each.baseline && each.scores);
  const gain = own?.scores && rival?.scores ? 1 - own.scores[by] / rival.scores[by] : null;
  const first = own?.baseline
    ? `No method did better than the baseline ${winner}, so it is the forecast.`
    : `Best: ${winner} (${says})${gain === null || Number.isNaN(gain) ? '' : `, its error ${formatNumber(Math.round(gain * 100))} % below that of ${rival?.name}`}.`;
  const measured = origins * backtestSteps;
  const held = own?.scores
    ? `In the backtest its 95 % limits held ${formatNumber(Math.round(own.scores.coverage * 1000) / 10)} % of ${formatCount(measured)} values${measured < leastMeasured ? ', too few to be sure' : widened > 1 ? `, so the limits below are drawn ${formatNumber(Number(widened.toPrecision(3)))} × as wide, which would have held 95 %` : own.scores.coverage < 0.85 ? ': they are too narrow' : ''}.`
    : '';
  return `${first} ${held}`.trim();
}
