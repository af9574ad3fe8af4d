import {describe, expect, it} from 'vitest';
import {Mt19937} from '../../src/models/mt19937.ts';
import {codeTexts, type RawColumn} from '../../src/models/raw-columns.ts';
import {neighbourCorrelation, spreadsOf, tiesOf} from '../../src/models/ties.ts';
import {train} from '../../src/models/train.ts';
import type {TrainingData} from '../../src/models/training-data.ts';

const random = new Mt19937(5);
const draw = (rows: number) => Float64Array.from({length: rows}, () => random.nextDouble());
const numbers = (name: string, values: Float64Array): RawColumn => ({name, kind: 'number', values});
const asked = (data: Pick<TrainingData, 'columns' | 'target'> & Partial<TrainingData>): TrainingData => ({
  classCount: 0,
  seed: 42,
  budgetMs: Number.POSITIVE_INFINITY,
  keepLeaks: false,
  ...data,
});

describe('the spread of a target between groups', () => {
  it("is the intraclass correlation that SciPy 1.10.1's f_oneway gives: (F − 1) / (F + n₀ − 1)", () => {
    const groups = [
      [9, 2, 5, 8],
      [6, 1, 3, 2, 4],
      [8, 4, 6, 8, 7, 6],
      [7, 1],
    ];
    const codes = Int32Array.from(groups.flatMap((values, code) => values.map(() => code)));
    const {within} = spreadsOf({codes, count: 4, rows: codes.length}, [Float64Array.from(groups.flat())]);
    expect(within).toBeCloseTo(0.20758044998666864, 12);
  });
});

describe('rows of one patient', () => {
  const [patients, visits] = [60, 6];
  const rows = patients * visits;
  const patient = Float64Array.from({length: rows}, (_, i) => 100 + Math.floor(i / visits));
  const [sick, marker] = [draw(patients).map(value => +(value < 0.4)), draw(patients)];
  const of = (each: Float64Array) => Float64Array.from({length: rows}, (_, i) => each[Math.floor(i / visits)] ?? 0);
  const target = of(sick);
  const noisy = of(marker).map(value => value + 0.01 * random.nextDouble());
  const columns = [numbers('marker', noisy), numbers('patient', patient)];

  it('on both sides of the folds are told of, with the error on patients that were not learnt from', () => {
    const {holdout, notes} = train(asked({columns, target, classCount: 2, only: ['random_forest']}), () => 0);
    const note = notes.find(each => each.includes('patient')) ?? '';
    expect(note).toContain('(60 values of it in 360 rows)');
    const [, apart, baseline] = /its log_loss was ([\d.]+) \(baseline ([\d.]+)\)/.exec(note) ?? [];
    expect(Number(apart)).toBeGreaterThan(Number(baseline));
    expect(holdout.winner.log_loss).toBeLessThan(0.3 * Number(apart));
  });

  it('are not looked for where rows of a group are kept together, nor among numbers that say something by their size', () => {
    expect(tiesOf(asked({columns, target, classCount: 2}), true)).toEqual([]);
    const age = Float64Array.from({length: rows}, (_, i) => 20 + (i % 60));
    const grown = {columns: [numbers('age', age)], target: age.map(value => 3 * value + random.nextDouble())};
    expect(tiesOf(asked(grown), false)).toEqual([]);
    const half = of(draw(patients)).map(value => value + random.nextDouble());
    expect(tiesOf(asked({columns, target: half}), false)).toEqual([]);
  });

  it('are not looked for among so many cells that it would take long', () => {
    const many = Float64Array.from({length: 50_000}, (_, i) => Math.floor(i / 5));
    const tied = (count: number) => {
      const columns = Array.from({length: count}, (_, j) => numbers(`patient ${j}`, many));
      return tiesOf(asked({columns, target: many.map(value => (value * 7919) % 1009)}), false).length;
    };
    expect([tied(2), tied(81)]).toEqual([1, 0]);
  });

  it('named by a text are found too, in three classes', () => {
    const named = codeTexts(
      'who',
      'category',
      Array.from(patient, value => `p${value}`),
    );
    const three = patient.map(value => (value * 7) % 3);
    expect(tiesOf(asked({columns: [named], target: three, classCount: 3}), false).map(({text}) => text)).toEqual([
      expect.stringContaining('the same who'),
    ]);
  });
});

describe('rows of several shops, day by day', () => {
  const [shops, days] = [6, 60];
  const rows = shops * days;
  const level = draw(shops).map(value => 1000 * value);
  const walks = Array.from({length: shops}, () => {
    let at = 0;
    return draw(days).map(value => {
      at += value - 0.5;
      return at;
    });
  });
  const shopOf = (i: number) => i % shops;
  const dayOf = (i: number) => Math.floor(i / shops);
  const target = Float64Array.from(
    {length: rows},
    (_, i) => (level[shopOf(i)] ?? 0) + (walks[shopOf(i)]?.[dayOf(i)] ?? 0),
  );
  const day = Float64Array.from({length: rows}, (_, i) => dayOf(i));
  const shop = codeTexts(
    'shop',
    'category',
    Array.from({length: rows}, (_, i) => `s${shopOf(i)}`),
  );
  const data = asked({columns: [shop, numbers('day (days)', day)], target, moments: ['day (days)']});

  it('are alike within a shop, which the order of all rows hides, and the error on the latest days is told', () => {
    expect(neighbourCorrelation({time: day, target})).toBeLessThan(0.5);
    const {holdout, notes} = train({...data, only: ['random_forest']}, () => 0);
    const note = notes.find(each => each.includes('shuffled folds look ahead')) ?? '';
    expect(note).toContain('within each shop');
    const [, late] = /On the latest rows, learnt from earlier ones, its rmse was ([\d.]+)/.exec(note) ?? [];
    expect(Number(late)).toBeGreaterThan(1.5 * (holdout.winner.rmse ?? Number.POSITIVE_INFINITY));
  });

  it('are not told of where time is mostly missing, where days say nothing, or where the rows are copies', () => {
    const seldom = day.map((value, i) => (i % 3 === 0 ? value : Number.NaN));
    expect(tiesOf({...data, columns: [shop, numbers('day (days)', seldom)]}, false)).toEqual([]);
    expect(tiesOf({...data, target: draw(rows)}, false)).toEqual([]);
    const copied = Float64Array.from({length: rows}, (_, i) => Math.floor(i / 5));
    const apart = draw(rows / 5);
    const copies = {...data, columns: [numbers('day (days)', copied)], target: copied.map(value => apart[value] ?? 0)};
    expect(tiesOf(copies, false)).not.toEqual([]);
    expect(tiesOf({...copies, groups: Int32Array.from(copied)}, false).filter(({time}) => time)).toEqual([]);
  });
});
