// Puts the analysis of a time series into words and into a table; computes nothing.

import type {TimeSeriesAnswer} from '../analysis/analyze-time-series.ts';
import {formatP} from '../analysis/hypothesis/sentence.ts';
import type {LagValue} from '../analysis/time-series/autocorrelation.ts';
import {labelOf} from '../analysis/time-series/read-series.ts';
import type {Cell, Table} from '../core/dataset.ts';
import {formatCount, formatNumber, printable} from '../core/text.ts';
import {tableOf} from './result-table.ts';

const shownGaps = 5;
const shownChanges = 10;
/** Longer series appear in the table without their single steps. */
const mostSteps = 5_000;

export function timeSeriesSummary(answer: TimeSeriesAnswer): string[] {
  const {notes, series} = answer;
  const lines = [axisLine(answer), ...gapLines(answer), growthLine(answer)];
  lines.push(...seasonLines(answer), ...memoryLines(answer), ...stationarityLines(answer), ...changeLines(answer));
  for (const note of notes) lines.push(`${note}.`);
  if (!series.frequency.regular)
    lines.push('The steps are not equal: all but growth treats the values as equally spaced; every makes equal steps.');
  if (series.frequency.length > mostSteps)
    lines.push(`The table leaves out the single steps, more than ${formatCount(mostSteps)}.`);
  return lines;
}

function axisLine({series, time, value, combine, every}: TimeSeriesAnswer): string {
  const {frequency, rows, times, withoutTime, withoutValue, repeated} = series;
  const span = `${labelOf(series, 0)} to ${labelOf(series, frequency.length - 1)}`;
  const what = value === null ? 'rows' : text(value);
  const left = [
    withoutTime > 0 ? `${counted(withoutTime, 'row')} without a time left out` : '',
    withoutValue > 0 ? `${formatCount(withoutValue)} without a value left out` : '',
    repeated > 0 ? `${counted(repeated, 'time')} stood in several rows, combined by ${combine}` : '',
  ].filter(Boolean);
  const step = every === null ? `frequency ${frequency.name}` : `combined by ${combine} every ${every}`;
  const tail = left.length > 0 ? `; ${left.join('; ')}` : '';
  return `${what} over ${text(time)}: ${formatCount(times.length)} times from ${formatCount(rows)} rows, ${span}, ${step}${tail}.`;
}

function gapLines({gaps, series, fill}: TimeSeriesAnswer): string[] {
  if (gaps.length === 0) return series.frequency.regular ? ['No gaps.'] : [];
  const shown = gaps.slice(0, shownGaps).map(place => labelOf(series, place));
  const more = gaps.length > shown.length ? ', …' : '';
  const how = fill === 'zero' ? 'with 0' : 'by straight lines';
  return [`${counted(gaps.length, 'step')} missing (${shown.join(', ')}${more}), filled ${how} for all but growth.`];
}

/** The one line that repeats values of single steps: the first and the last. */
export function growthLine({growth, series, period}: TimeSeriesAnswer): string {
  const {first, last, total, lastStep, meanStep, overSeason, annual} = growth;
  const parts = [
    `first ${formatNumber(first)}, last ${formatNumber(last)}`,
    total === null ? '' : `in all ${percent(total)}`,
    lastStep === null ? '' : `last step ${percent(lastStep)}`,
    meanStep === null ? '' : `mean step ${percent(meanStep)}`,
    overSeason === null ? '' : `against ${period} steps before ${percent(overSeason)}`,
    annual === null ? '' : `a year ${percent(annual)} (CAGR over ${formatNumber(series.frequency.years)} years)`,
  ];
  const rateless = series.values.some(value => value <= 0) ? ' From a value that is not above 0 there is no rate.' : '';
  return `Growth: ${parts.filter(Boolean).join(', ')}.${rateless}`;
}

function seasonLines({decomposition, strength, period, series}: TimeSeriesAnswer): string[] {
  if (!decomposition) return [];
  const {model, parts} = decomposition;
  const cycle = Array.from(parts.seasonal.subarray(0, period ?? 0));
  const place = (of: number) => `${formatNumber(of)} at ${labelOf(series, cycle.indexOf(of))}`;
  const names = {stl: 'STL', additive: 'moving averages, additive', multiplicative: 'moving averages, multiplicative'};
  const lines = [
    `Season of ${period} steps (${names[model]}): highest ${place(Math.max(...cycle))}, lowest ${place(Math.min(...cycle))}, and so on every ${period} steps.`,
  ];
  if (strength)
    lines.push(
      `Strength from 0 to 1: trend ${formatNumber(strength.trend)}, season ${formatNumber(strength.seasonal)}.`,
    );
  return lines;
}

function memoryLines({acf, pacf, ljungBox, series}: TimeSeriesAnswer): string[] {
  if (acf.length === 0 || !ljungBox) return [];
  const clear = (lags: readonly LagValue[]) => {
    const limit = 1.959963984540054 / Math.sqrt(series.frequency.length);
    const found = lags.filter(({value}) => Math.abs(value) > limit);
    const shown = [...found].sort((a, b) => Math.abs(b.value) - Math.abs(a.value)).slice(0, 6);
    return shown.length === 0
      ? 'none beyond chance'
      : shown.map(({lag, value}) => `lag ${lag}: ${formatNumber(value)}`).join(', ');
  };
  // The first that leaves ±1 takes its meaning from all that follow.
  const beyond = pacf.findIndex(({value}) => Math.abs(value) > 1);
  const partial = beyond === -1 ? pacf : pacf.slice(0, beyond);
  const upTo = beyond === -1 ? '' : beyond === 0 ? ' (not computable)' : ` (up to ${counted(beyond, 'lag')})`;
  return [
    `Autocorrelation, largest: ${clear(acf)}. Partial${upTo}: ${clear(partial)}.`,
    `Ljung-Box over ${counted(ljungBox.lags, 'lag')}: Q = ${formatNumber(ljungBox.statistic)}, ${formatP(ljungBox.p)}${ljungBox.p < 0.05 ? '; the past tells of the future' : '; no memory shown'}.`,
  ];
}

function stationarityLines({stationarity}: TimeSeriesAnswer): string[] {
  return stationarity.map(({around, adf, kpss}) => {
    const limit = kpss.atLimit === 'below' ? '< 0.01' : kpss.atLimit === 'above' ? '> 0.1' : `= ${kpss.p.toFixed(3)}`;
    const [wanders, returns] = [kpss.p < 0.05, adf.p < 0.05];
    const verdict = {
      'true,true': 'the tests disagree; a break or a changing variance is likely',
      'true,false': 'both say that it wanders: take differences',
      'false,true': `both say that it returns to its ${around === 'constant' ? 'level' : 'trend'}`,
      'false,false': 'neither is shown',
    }[`${wanders},${returns}`];
    return `Around a ${around}: ADF ${formatNumber(adf.statistic)} (${counted(adf.lags, 'lag')} by AIC), ${formatP(adf.p)}; KPSS ${formatNumber(kpss.statistic)} (${counted(kpss.lags, 'lag')}), p ${limit}: ${verdict}.`;
  });
}

function changeLines({changes, series}: TimeSeriesAnswer): string[] {
  if (!changes) return [];
  const {found, method, penalty, adjusted} = changes;
  const how = `${method}, squared error, penalty 2·ln(n)·σ² = ${formatNumber(penalty)}${adjusted ? ', without the season' : ''}`;
  if (found.length === 0) return [`No change of level (${how}).`];
  const largest = [...found].sort((a, b) => Math.abs(b.after - b.before) - Math.abs(a.after - a.before));
  const shown = largest
    .slice(0, shownChanges)
    .sort((a, b) => a.place - b.place)
    .map(({place, before, after}) => `${labelOf(series, place)}: ${formatNumber(before)} → ${formatNumber(after)}`);
  const few = found.length > shown.length ? `, the largest ${shown.length}` : '';
  return [
    `${formatCount(found.length)} change${found.length === 1 ? '' : 's'} of level (${how}; steady trends and slow waves show as steps)${few}: ${shown.join('; ')}.`,
  ];
}

/** One number a row: `part` says of what, `at` is a time, a lag or a name. */
export function timeSeriesTable(answer: TimeSeriesAnswer): Table {
  const {series, growth, strength, acf, pacf, ljungBox, stationarity, changes, gaps, decomposition, filled} = answer;
  const {frequency} = series;
  const rows: Cell[][] = [];
  const add = (part: string, at: string, value: number | null, low: Cell = null, high: Cell = null, p: Cell = null) =>
    rows.push([part, at, value, low, high, p]);
  add('axis', 'rows', series.rows);
  add('axis', 'times', series.times.length);
  add('axis', 'steps', frequency.length);
  add('axis', 'gaps', gaps.length);
  add('axis', 'repeated', series.repeated);
  for (const [name, value] of Object.entries(growth)) add('growth', name, value);
  for (const [name, value] of Object.entries(strength ?? {}))
    add('strength', name, Number.isFinite(value) ? value : null);
  for (const {lag, value, low, high} of acf) add('acf', String(lag), value, low, high);
  for (const {lag, value, low, high} of pacf) add('pacf', String(lag), value, low, high);
  if (ljungBox) add('ljung_box', String(ljungBox.lags), ljungBox.statistic, null, null, ljungBox.p);
  for (const {around, adf, kpss} of stationarity) {
    add('adf', around, adf.statistic, null, null, adf.p);
    add('kpss', around, kpss.statistic, null, null, kpss.p);
  }
  for (const {place, before, after} of changes?.found ?? []) {
    add('level_before', labelOf(series, place), before);
    add('level_after', labelOf(series, place), after);
  }
  if (frequency.length <= mostSteps) {
    const parts = {value: filled, ...decomposition?.parts};
    const labels = Array.from(filled, (_, place) => labelOf(series, place));
    for (const [part, values] of Object.entries(parts))
      for (const [place, value] of values.entries()) add(part, labels[place] ?? '', Number.isNaN(value) ? null : value);
    for (const place of gaps) add('gap', labels[place] ?? '', null);
  }
  return tableOf({part: 'text', at: 'text', value: 'number', low: 'number', high: 'number', p: 'number'}, rows);
}

function counted(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}

function percent(share: number): string {
  return `${share > 0 ? '+' : ''}${formatNumber(Number((share * 100).toPrecision(4)))} %`;
}

function text(name: string): string {
  return printable(name, {oneLine: true});
}
