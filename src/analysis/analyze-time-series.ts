// What a series does over time: its axis and gaps, trend and season, memory, changes of level, growth.

import type {Column} from '../core/dataset.ts';
import {ToolError} from '../core/errors.ts';
import type {SeasonalModel} from '../core/seasonal-means.ts';
import {columnNamed, type Reader, type Selection} from './column-values.ts';
import {isConstant, momentsOf} from './hypothesis/sample.ts';
import {
  autocorrelation,
  type LagValue,
  lagsFor,
  ljungBox,
  partialAutocorrelation,
} from './time-series/autocorrelation.ts';
import {type ChangePoints, changePoints} from './time-series/change-points.ts';
import {type Decomposition, decompose, noiseOf, strengths} from './time-series/decompose.ts';
import type {Unit} from './time-series/frequency.ts';
import {type Growth, growthOf} from './time-series/growth.ts';
import {type Combine, readSeries, type Series} from './time-series/read-series.ts';
import {stl, trendWindow} from './time-series/stl.ts';
import {
  type AdfResult,
  type Around,
  augmentedDickeyFuller,
  dickeyFullerCost,
  type KpssResult,
  kpss,
} from './time-series/unit-root.ts';

export type TimeSeriesRequest = {
  columns: readonly Column[];
  time: string;
  value?: string | undefined;
  combine?: Combine | undefined;
  every?: Unit | undefined;
  period?: number | undefined;
  model?: SeasonalModel | 'stl' | undefined;
  /** What stands in gaps of the axis for everything but growth. */
  fill?: 'linear' | 'zero' | undefined;
};

/** `low` and `high` are places on the axis. `mean` is of the segment from the place on. */
export type LevelChange = {place: number; before: number; after: number};

export type TimeSeriesAnswer = {
  series: Series;
  time: string;
  value: string | null;
  combine: Combine;
  every: Unit | null;
  gaps: number[];
  filled: Float64Array;
  fill: 'linear' | 'zero';
  growth: Growth;
  period: number | null;
  decomposition: {model: SeasonalModel | 'stl'; parts: Decomposition} | null;
  strength: {trend: number; seasonal: number} | null;
  acf: LagValue[];
  pacf: LagValue[];
  ljungBox: ReturnType<typeof ljungBox> | null;
  stationarity: {around: Around; adf: AdfResult; kpss: KpssResult}[];
  changes: (Omit<ChangePoints, 'at'> & {found: LevelChange[]; adjusted: boolean}) | null;
  notes: string[];
};

/** Multiplications that one part of the answer may take: some seconds. */
const mostWork = 2e9;
/** Periods from which a season's strength says something. */
const fewestPeriods = 3;

/**
 * @throws ToolError `series.*`, `analysis.*`. What a series is too short, too long or too constant for is left out with a note.
 */
export async function analyzeTimeSeries(
  reader: Reader,
  selection: Selection,
  request: TimeSeriesRequest,
  signal?: AbortSignal,
): Promise<TimeSeriesAnswer> {
  const time = columnNamed(request.columns, request.time);
  const value = request.value === undefined ? null : columnNamed(request.columns, request.value);
  const combine = request.combine ?? (value ? 'mean' : 'count');
  const series = await readSeries(reader, selection, {time, value, combine, every: request.every});
  signal?.throwIfAborted();
  const {values, frequency} = series;
  const fill = request.fill ?? (combine === 'count' ? 'zero' : 'linear');
  const gaps = Array.from(values.keys()).filter(place => Number.isNaN(values[place]));
  const filled = fillGaps(values, fill);
  const notes: string[] = [];
  const period = request.period ?? frequency.period;
  const moments = momentsOf(filled, filled[0] ?? 0);
  const varies = !isConstant(moments.squares);
  if (!Number.isFinite(moments.squares))
    throw new ToolError('series.out_of_range', 'The values are too large to be squared.', {
      hint: 'Scale the column first, such as by 1e-6.',
    });
  if (!varies) notes.push('All values are equal, so there is nothing to decompose or to test');
  const decomposition = varies ? decomposed(filled, period, request.model, notes) : null;
  // With fewer periods the seasonal means follow the noise, and nearly nothing is left over to measure them by.
  const isMeasured = decomposition !== null && period !== null && filled.length >= fewestPeriods * period;
  if (decomposition && !isMeasured)
    notes.push(
      `Fewer than ${fewestPeriods} periods can't tell season from noise: no strength is given, and changes of level keep the season`,
    );
  signal?.throwIfAborted();
  const lags = lagsFor(filled.length, period !== null && period <= 400 ? period : null);
  const hasMemory = varies && filled.length >= 8;
  if (varies && !hasMemory)
    notes.push(`${filled.length} steps are too few for autocorrelation and unit-root tests, 8 are needed`);
  const pacf = hasMemory ? partialAutocorrelation(filled, lags) : [];
  if (pacf.some(({value}) => Math.abs(value) > 1))
    notes.push('Partial autocorrelations beyond ±1 (Yule-Walker with n − lag) mean too few steps for that many lags');
  return {
    series,
    time: time.name,
    value: value?.name ?? null,
    combine,
    every: request.every ?? null,
    gaps,
    filled,
    fill,
    growth: growthOf(values, {period, years: frequency.years}),
    period,
    decomposition,
    strength: isMeasured && decomposition.model !== 'multiplicative' ? strengths(decomposition.parts) : null,
    acf: hasMemory ? autocorrelation(filled, lags) : [],
    pacf,
    ljungBox: hasMemory ? ljungBox(filled, ljungLags(filled.length, period)) : null,
    stationarity: hasMemory ? stationarityOf(filled, notes) : [],
    changes: varies ? levelChanges(filled, isMeasured ? decomposition : null, signal) : null,
    notes,
  };
}

function ljungLags(n: number, period: number | null): number {
  return Math.max(1, Math.min(Math.floor(n / 5), period === null ? 10 : Math.min(2 * period, 400)));
}

/** Gaps as straight lines between their ends, or as 0; the first and last value are always present. */
export function fillGaps(values: Float64Array, fill: 'linear' | 'zero'): Float64Array {
  const filled = values.slice();
  let before = 0;
  filled.forEach((value, place) => {
    if (Number.isNaN(value)) return;
    const [start, steps] = [filled[before] ?? 0, place - before];
    for (let gap = before + 1; gap < place; gap++)
      filled[gap] = fill === 'zero' ? 0 : start + ((value - start) * (gap - before)) / steps;
    before = place;
  });
  return filled;
}

function decomposed(
  filled: Float64Array,
  period: number | null,
  model: SeasonalModel | 'stl' | undefined,
  notes: string[],
): TimeSeriesAnswer['decomposition'] {
  if (period === null) {
    notes.push('No usual season for this time axis: give period (in steps) to decompose');
    return null;
  }
  const refuse = (why: string) => {
    notes.push(`Not decomposed: ${why}`);
    return null;
  };
  if (!Number.isInteger(period) || period < 2) return refuse(`a period is a whole number from 2, not ${period}`);
  if (filled.length < 2 * period)
    return refuse(`two periods of ${period} are needed, there are ${filled.length} steps`);
  if (model === 'multiplicative' && filled.some(value => value <= 0))
    return refuse('a multiplicative model needs values above 0');
  if (model === 'additive' || model === 'multiplicative') return {model, parts: decompose(filled, period, model)};
  if (filled.length * trendWindow(period) * 5 > mostWork) {
    notes.push(`STL with a period of ${period} takes too long on ${filled.length} steps; moving averages instead`);
    return {model: 'additive', parts: decompose(filled, period, 'additive')};
  }
  return {model: 'stl', parts: stl(filled, {period})};
}

function stationarityOf(filled: Float64Array, notes: string[]): TimeSeriesAnswer['stationarity'] {
  if (dickeyFullerCost(filled.length) > mostWork / 4) {
    notes.push(`${filled.length} steps are too many for the lag search of ADF; combine them with every`);
    return [];
  }
  const found: TimeSeriesAnswer['stationarity'] = [];
  for (const around of ['constant', 'trend'] as const) {
    try {
      found.push({around, adf: augmentedDickeyFuller(filled, around), kpss: kpss(filled, around)});
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
      notes.push(`No unit-root test around a ${around}: ${error.message}`);
    }
  }
  return found.filter(({adf, kpss: other}) => Number.isFinite(adf.statistic) && Number.isFinite(other.statistic));
}

/** Of the series less its season where that was found, so that seasons don't count as changes. */
function levelChanges(
  filled: Float64Array,
  decomposition: TimeSeriesAnswer['decomposition'],
  signal: AbortSignal | undefined,
): TimeSeriesAnswer['changes'] {
  signal?.throwIfAborted();
  const adjusted = decomposition !== null && decomposition.model !== 'multiplicative';
  const seasonal = decomposition?.parts.seasonal;
  const values = adjusted && seasonal ? filled.map((value, i) => value - (seasonal[i] ?? 0)) : filled;
  const noise = noiseOf(values);
  if (!(noise > 0)) return null;
  const {at, method, penalty} = changePoints(values, 2 * Math.log(values.length) * noise ** 2);
  const ends = [0, ...at, values.length];
  const means = ends.slice(1).map((to, i) => {
    const part = values.subarray(ends[i], to);
    const origin = part[0] ?? 0;
    return origin + momentsOf(part, origin).mean;
  });
  const found = at.map((place, i) => ({place, before: means[i] ?? Number.NaN, after: means[i + 1] ?? Number.NaN}));
  return {method, penalty, adjusted, found};
}
