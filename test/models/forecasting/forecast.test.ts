import {describe, expect, it} from 'vitest';
import {fitAll, planBacktest} from '../../../src/models/forecasting/backtest.ts';
import {boostedLags} from '../../../src/models/forecasting/boosted-lags.ts';
import {FORECASTERS, forecast} from '../../../src/models/forecasting/forecast.ts';
import {naive, seasonalNaive} from '../../../src/models/forecasting/naive.ts';
import {Mt19937} from '../../../src/models/mt19937.ts';
import {seriesOf} from './reference.ts';

const quiet = () => {};
const noise = (i: number) => ((i * 7919) % 101) / 101 - 0.5;
const seasonal = Float64Array.from({length: 60}, (_, i) => 100 + i + 20 * Math.sin((i / 12) * 2 * Math.PI) + noise(i));

describe('the baselines', () => {
  it('the naive error grows with the root of the steps, the seasonal one with each season', () => {
    const walk = Float64Array.of(1, 2, 4, 3);
    const ahead = naive.fit(walk, 1)?.ahead(4);
    expect([...(ahead?.mean ?? [])]).toEqual([3, 3, 3, 3]);
    const sd = Math.sqrt((1 + 4 + 1) / 3);
    expect([...(ahead?.sds ?? [])]).toEqual([1, 2, 3, 4].map(h => sd * Math.sqrt(h)));
    const season = seasonalNaive.fit(Float64Array.of(1, 5, 2, 7), 2)?.ahead(3);
    expect([...(season?.mean ?? [])]).toEqual([2, 7, 2]);
    expect([...(season?.sds ?? [])]).toEqual([1, 1, Math.SQRT2].map(each => each * Math.sqrt(5 / 2)));
  });
});

describe('planBacktest', () => {
  it.each([
    [100, 12, 12, {steps: 12, count: 5}],
    [24, 12, 12, {steps: 8, count: 1}],
    [10, 1, 3, {steps: 3, count: 3}],
    [730, 7, 14, {steps: 14, count: 5}],
  ])('%i values with a season of %i and %i steps', (n, period, wanted, {steps, count}) => {
    const plan = planBacktest(n, period, wanted);
    expect([plan.steps, plan.origins.length]).toEqual([steps, count]);
    expect(plan.origins.at(-1)).toBe(n - steps);
    for (const origin of plan.origins) expect(origin).toBeGreaterThanOrEqual(n / 2);
  });
});

describe('forecast', () => {
  it('goes on with trend and season, beats both baselines, and its limits hold what comes', () => {
    const found = forecast({series: seasonal.slice(0, 48), period: 12, steps: 12}, quiet);
    const baselines = found.scores.filter(({baseline}) => baseline).map(({scores}) => scores?.mase ?? 0);
    expect(found.scores[0]?.name).toBe(found.winner);
    expect(found.scores[0]?.scores?.mase).toBeLessThan(Math.min(...baselines) / 2);
    const truth = seasonal.slice(48);
    expect(Math.max(...truth.map((value, h) => Math.abs(value - (found.mean[h] ?? 0))))).toBeLessThan(4);
    const inside = truth.filter((value, h) => value >= (found.lower[h] ?? 0) && value <= (found.upper[h] ?? 0));
    expect(inside.length).toBeGreaterThanOrEqual(9);
  });

  it('no method beats the naive one on a random walk by much, and the airline series is forecast with a season', () => {
    let at = 0;
    const walk = Float64Array.from({length: 80}, (_, i) => {
      at += noise(i * 3 + 1);
      return at;
    });
    const {scores} = forecast({series: walk, period: 1, steps: 5}, quiet);
    const naiveError = scores.find(({name}) => name === 'naive')?.scores?.mase ?? 0;
    expect(scores[0]?.scores?.mase).toBeGreaterThan(0.6 * naiveError);
    const {values, period} = seriesOf('air');
    const air = forecast({series: values.slice(0, 96), period, steps: 12}, quiet);
    const mape =
      values.slice(96, 108).reduce((sum, value, h) => sum + Math.abs(value - (air.mean[h] ?? 0)) / value, 0) / 12;
    expect(mape).toBeLessThan(0.08);
  });

  it('draws limits wider that held far too little in the backtest, so far out that they would have held 95 %', () => {
    // Calm for long, then wild: what a method learnt of its errors holds no more.
    const turning = Float64Array.from({length: 120}, (_, i) => 50 + (i < 60 ? 0.2 : 12) * noise(i * 7 + 3));
    const found = forecast({series: turning, period: 1, steps: 10}, quiet);
    const won = found.scores[0]?.scores;
    expect(won?.coverage).toBeLessThan(0.85);
    expect(found.widened).toBeCloseTo((won?.reach ?? 0) / 1.959963984540054, 12);
    expect(found.widened).toBeGreaterThan(1.1);
    const calm = forecast({series: seasonal, period: 12, steps: 12}, quiet);
    expect([calm.widened, (calm.scores[0]?.scores?.coverage ?? 0) > 0.85]).toEqual([1, true]);
  });

  it('a constant goes on as it is', () => {
    const {mean, lower, upper} = forecast({series: new Float64Array(20).fill(5), period: 1, steps: 3}, quiet);
    for (const value of [...mean, ...lower, ...upper]) expect(value).toBeCloseTo(5, 6);
  });

  it('a series that begins with zeros only is averaged over the methods that can be fitted to those, and says so', () => {
    const late = Float64Array.from({length: 60}, (_, i) => (i < 40 ? 0 : 10 + (i % 3)));
    const {scores} = forecast({series: late, period: 1, steps: 12}, quiet);
    const fitted = scores.filter(each => each.scores).map(({name}) => name);
    expect(fitted).toContain('average');
    const zeros = late.slice(0, 36);
    const fits = fitAll(FORECASTERS, zeros, 1);
    expect(fits[FORECASTERS.findIndex(({name}) => name === 'average')]?.says).toBe('the mean of ets, theta');
  });

  it('methods are compared by RMSE where most values are 0, since absolute errors would have a forecast of 0', () => {
    const random = new Mt19937(2);
    const sold = () => (random.nextDouble() < 0.3 ? Math.ceil(5 * random.nextDouble()) : 0);
    const rare = Float64Array.from({length: 120}, sold);
    const found = forecast({series: rare, period: 1, steps: 12}, quiet);
    expect(found.by).toBe('rmse');
    const errors = found.scores.map(({scores}) => scores?.rmse ?? Number.POSITIVE_INFINITY);
    expect(errors).toEqual(errors.toSorted((a, b) => a - b));
    const mean = rare.reduce((sum, value) => sum + value, 0) / rare.length;
    expect(found.mean[0]).toBeGreaterThan(0.5 * mean);
    expect(forecast({series: seasonal, period: 12, steps: 12}, quiet).by).toBe('mase');
  });

  it('scaling and shifting the series scales and shifts the forecast of every method that adds up', () => {
    const turned = seasonal.map(value => 1000 + 3 * value);
    for (const method of FORECASTERS.filter(({name}) => ['naive', 'seasonal_naive', 'arima'].includes(name))) {
      const [a, b] = [method.fit(seasonal, 12)?.ahead(6).mean, method.fit(turned, 12)?.ahead(6).mean];
      for (const [h, value] of [...(b ?? [])].entries())
        expect((value - 1000) / 3 / (a?.[h] ?? 0), method.name).toBeCloseTo(1, 2);
    }
  });

  it('refuses too few values and a horizon longer than the past', () => {
    expect(() => forecast({series: Float64Array.of(1, 2, 3), period: 1, steps: 1}, quiet)).toThrow(
      'There are 3 values',
    );
    expect(() => forecast({series: new Float64Array(10), period: 1, steps: 11}, quiet)).toThrow('11 steps ahead');
  });
});

describe('boosted lags', () => {
  it('learns a season that turns at a threshold, with errors that never fall with the steps', () => {
    const odd = Float64Array.from({length: 200}, (_, i) => (i % 7 < 5 ? 10 : 2) + (i % 7 === 3 ? 5 : 0) + noise(i));
    const ahead = boostedLags.fit(odd, 7)?.ahead(14);
    ahead?.mean.forEach((value, h) => {
      const i = 200 + h;
      expect(Math.abs(value - ((i % 7 < 5 ? 10 : 2) + (i % 7 === 3 ? 5 : 0)))).toBeLessThan(1.5);
    });
    for (const [h, sd] of [...(ahead?.sds ?? [])].entries()) expect(sd).toBeGreaterThanOrEqual(ahead?.sds[h - 1] ?? 0);
    expect(boostedLags.fit(odd.slice(0, 40), 7)).toBeNull();
  });
});
