// Values computed with statsmodels by test/fixtures/models/make_forecasts.py.

import {readFileSync} from 'node:fs';
import type {SmoothingForm} from '../../../src/models/forecasting/smoothing.ts';

type Form = {series: string; trend: 'add' | null; damped: boolean; season: 'add' | 'mul' | null};
type Reference = {
  series: Record<string, {values: number[]; period: number}>;
  known: (Form & {
    parameters: {
      smoothing_level: number;
      smoothing_trend?: number;
      smoothing_seasonal?: number;
      damping_trend?: number;
    };
    level: number;
    slope: number;
    seasons: number[];
    fitted: number[];
    forecast: number[];
    sse: number;
  })[];
  estimated: (Form & {sse: number})[];
  theta: {series: string; forecast: number[]; alpha: number; slope: number}[];
  arima: {
    series: string;
    order: [number, number, number];
    seasonal: [number, number, number, number];
    constant: boolean;
    llf: number;
    sigma2: number;
    names: string[];
    params: number[];
    ahead: number[];
  }[];
};

const file = new URL('../../fixtures/models/forecasts-statsmodels.json', import.meta.url);
export const reference: Reference = JSON.parse(readFileSync(file, 'utf8'));

export function seriesOf(name: string): {values: Float64Array; period: number} {
  const {values, period} = reference.series[name] ?? {values: [], period: 1};
  return {values: Float64Array.from(values), period};
}

export function formOf({series, trend, damped, season}: Form): SmoothingForm {
  return {
    trend: trend === null ? 'none' : damped ? 'damped' : 'linear',
    season: season === null ? 'none' : season === 'add' ? 'additive' : 'multiplicative',
    period: season === null ? 1 : seriesOf(series).period,
  };
}

export function largestError(actual: ArrayLike<number>, expected: readonly number[]): number {
  return Math.max(
    ...expected.map((value, i) => Math.abs((actual[i] ?? Number.NaN) - value) / Math.max(1, Math.abs(value))),
  );
}
