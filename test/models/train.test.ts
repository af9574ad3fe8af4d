import {describe, expect, it} from 'vitest';
import {ESTIMATORS} from '../../src/models/estimators.ts';
import {Mt19937} from '../../src/models/mt19937.ts';
import {codeTexts, type RawColumn} from '../../src/models/raw-columns.ts';
import {featuresOf} from '../../src/models/recipe.ts';
import {entryOf} from '../../src/models/search.ts';
import {train} from '../../src/models/train.ts';
import type {Trained, TrainingData} from '../../src/models/training-data.ts';
import {apartNotes} from '../../src/models/winner.ts';

const rows = 150;

/** A number (or a class) that hangs on x and on the kind, and not on the noise. */
function sample(classCount = 0): TrainingData {
  const random = new Mt19937(11);
  const draw = () => Float64Array.from({length: rows}, () => random.nextDouble());
  const [x, noise] = [draw(), draw()];
  const kinds = Array.from(draw(), value => (value > 0.5 ? 'a' : 'b'));
  const target = x.map((value, i) => 3 * value + (kinds[i] === 'a' ? 1 : 0) + 0.2 * random.nextDouble());
  return {
    columns: [
      {name: 'x', kind: 'number', values: x},
      {name: 'noise', kind: 'number', values: noise},
      codeTexts('kind', 'category', kinds),
    ],
    target: classCount > 0 ? target.map(value => (value > 2.2 ? 1 : 0)) : target,
    classCount,
    seed: 42,
    budgetMs: Number.POSITIVE_INFINITY,
    keepLeaks: false,
  };
}

/** Only the first candidates, which is quick and the same each time. */
const quick = (data: TrainingData) => train({...data, budgetMs: -1}, () => 0);
const bestError = ({leaderboard}: ReturnType<typeof train>) => leaderboard[0]?.error ?? Number.NaN;

describe.each([
  ['a number', 0],
  ['two classes', 2],
])('training on %s', (_, classCount) => {
  const trained = train(sample(classCount), () => 0);

  it('puts the baseline into the table, below what has learnt something', () => {
    expect(trained.leaderboard.at(-1)?.baseline).toBe(true);
    expect(trained.leaderboard.length).toBeGreaterThanOrEqual(7);
    const metric = classCount > 0 ? 'log_loss' : 'rmse';
    expect(trained.holdout.winner[metric]).toBeLessThan(0.7 * (trained.holdout.baseline[metric] ?? 0));
  });

  it('finds that x matters most and noise does not', () => {
    const [first] = trained.importance;
    expect(first?.column).toBe('x');
    expect(Math.abs(trained.importance.find(({column}) => column === 'noise')?.mean ?? 1)).toBeLessThan(
      0.1 * (first?.mean ?? 0),
    );
  });

  it('falls to the baseline when the target is shuffled', () => {
    const data = sample(classCount);
    const order = new Mt19937(5).permutation(rows);
    const shuffled = train({...data, target: Float64Array.from(order, i => data.target[i] ?? 0)}, () => 0);
    const baseline = shuffled.leaderboard.find(each => each.baseline)?.error ?? 0;
    expect(bestError(shuffled)).toBeGreaterThan(0.93 * baseline);
  });

  it('flags a copy of the target and leaves it out, unless it was asked for', () => {
    const data = sample(classCount);
    const copy: RawColumn = {name: 'copy', kind: 'number', values: data.target.map(value => 7 - 2 * value)};
    const leaking = {...data, columns: [...data.columns, copy]};
    expect(quick(leaking).leaks.map(({column}) => column)).toEqual(['copy']);
    expect(quick(leaking).recipe.steps.map(({name}) => name)).not.toContain('copy');
    expect(quick({...leaking, keepLeaks: true}).recipe.steps.map(({name}) => name)).toContain('copy');
    expect(trained.leaks).toEqual([]);
  });

  it('is the same for the same seed, and for renamed or moved numbers', () => {
    const data = sample(classCount);
    expect(quick(data)).toEqual(quick(sample(classCount)));
    const moved = data.columns.map(
      (column): RawColumn =>
        column.kind === 'number'
          ? {...column, name: `my ${column.name}`, values: column.values.map(value => value + 1000)}
          : column,
    );
    expect(bestError(quick({...data, columns: moved}))).toBeCloseTo(bestError(quick(data)), 6);
  });
});

it('folds that agree but for the rounding of their sums have a spread of 0, others theirs', () => {
  const [of] = ESTIMATORS;
  if (!of) throw new Error('there is no estimator');
  const spread = (errors: number[]) => entryOf(of, {}, errors).sd;
  // The log loss of a constant guess, whose sums were taken in another order in each fold.
  expect(spread([0.5623351446188083, 0.5623351446188085, 0.5623351446188082])).toBe(0);
  expect(spread([0.56233514, 0.56233515])).toBeCloseTo(7.07e-9, 11);
});

it.each([
  ['in a fold', 0],
  ['held out', 9],
])('one value of 1e200 %s leaves no figure that a file can not hold, and what it ruins is named', (_, row) => {
  const data = sample();
  const [x] = data.columns;
  if (x?.kind === 'number') x.values[row] = 1e200;
  const {leaderboard, importance, skipped} = train({...data, only: ['linear']}, () => 0);
  const figures = [...leaderboard.flatMap(({error, sd}) => [error, sd]), ...importance.map(({mean}) => mean)];
  expect(figures.filter(figure => !Number.isFinite(figure))).toEqual([]);
  const told = [...leaderboard.map(({estimator}) => estimator), ...skipped.map(({name}) => name)];
  expect(told.sort()).toEqual(['dummy_mean', 'linear']);
});

it('begins no candidate after its time, but always the baseline and one other', () => {
  const {leaderboard, skipped} = quick(sample());
  expect(leaderboard.map(({estimator}) => estimator).sort()).toEqual(['dummy_mean', 'linear']);
  expect(skipped).toContainEqual({name: 'random_forest', why: 'no time left'});
});

describe('a column that is nearly the target', () => {
  const many = 300;
  const random = new Mt19937(8);
  const normal = () => Array.from({length: 12}, () => random.nextDouble()).reduce((sum, each) => sum + each, -6);
  const [x, other] = [Float64Array.from({length: many}, normal), Float64Array.from({length: many}, normal)];
  const learnt = (target: Float64Array, moments: string[] = []) =>
    quick({
      moments,
      ...{target, classCount: 0, seed: 1, budgetMs: 1, keepLeaks: false},
      columns: [
        {name: 'x', kind: 'number', values: x},
        {name: 'other', kind: 'number', values: other},
      ],
    });

  it.each([
    ['is flagged and kept where it is only very good', (value: number) => value + 0.03 * normal(), false],
    ['is left out where it is the target in its order', (value: number) => Math.exp(value), true],
    ['is left out where it is the target up to rounding', (value: number) => Math.round(1e4 * value) / 5e3, true],
  ])('%s', (_, of, isOut) => {
    const {leaks, notes, recipe} = learnt(x.map(of));
    expect(leaks.map(({column}) => column)).toEqual(isOut ? ['x'] : []);
    expect(notes.some(note => note.startsWith('Possible leak: x alone tells nearly the whole target'))).toBe(!isOut);
    expect(recipe.steps.map(({name}) => name)).toEqual(isOut ? ['other'] : ['x', 'other']);
  });

  it('gives an error so small that it is doubted, unlike that of a model that is only good', () => {
    const doubted = (width: number) => learnt(x.map(value => value + width * normal())).notes.join();
    expect(doubted(0.01)).toMatch(/Nearly perfect: on the rows held out 0\.\d % of the baseline's error is left/);
    expect(doubted(0.2)).not.toContain('Nearly perfect');
  });

  it('is flagged and kept where it is a moment: what grows day by day is no copy of the day', () => {
    const {leaks, recipe} = learnt(x, ['x']);
    expect([leaks, recipe.steps.map(({name}) => name)]).toEqual([[], ['x', 'other']]);
  });
});

it('what is slow and far behind after a fold is given up, which is said, unless it was asked for by name', () => {
  const random = new Mt19937(3);
  const columns = Array.from({length: 5}, () => Float64Array.from({length: rows}, () => random.nextDouble()));
  const data: TrainingData = {
    ...sample(),
    columns: columns.map((values, j): RawColumn => ({name: `x${j}`, kind: 'number', values})),
    target: Float64Array.from({length: rows}, (_, i) => columns.reduce((sum, values) => sum + (values[i] ?? 0), 0)),
  };
  const left = train(data, () => 0);
  expect(left.leaderboard.map(each => each.estimator)).not.toContain('random_forest');
  expect(left.skipped.find(({name}) => name === 'random_forest')?.why).toMatch(
    /^given up after 1 of 5 folds, with 0\.\d+ there far behind [\d.e-]+ of \S+$/,
  );
  // A tree lies as far behind, but costs next to nothing.
  expect(left.leaderboard.map(each => each.estimator)).toContain('tree');
  const asked = train({...data, only: ['linear', 'random_forest']}, () => 0);
  expect(asked.leaderboard.map(each => each.estimator)).toContain('random_forest');
});

it('the error held out and that of the folds disagree from 3 sd and a tenth of it on', () => {
  const folds = {error: 10, sd: 1, errors: [9, 10, 11]};
  expect(apartNotes(folds, 13.1)[0]).toContain('13.1 lies more than 3 sd from the mean 10 of the folds (sd 1).');
  expect(apartNotes(folds, 6.9)).toHaveLength(1);
  expect(apartNotes(folds, 12.9)).toEqual([]);
  expect(apartNotes({...folds, sd: 0.01}, 10.9)).toEqual([]);
  expect(apartNotes({...folds, errors: [9, 11]}, 20)).toEqual([]);
  expect(apartNotes(folds, Number.NaN)).toEqual([]);
});

it('holds out a fifth of the rows and refuses fewer than 20', () => {
  expect(quick(sample())).toMatchObject({trainRows: 120, holdoutRows: 30, folds: 5});
  const data = sample();
  const few = {...data, target: data.target.slice(0, 19)};
  expect(() => quick(few)).toThrow(/19 rows are too few/);
});

it('without any column there is only the baseline, not a failure and not a winner by luck', () => {
  expect(quick({...sample(), columns: []}).leaderboard.map(({baseline}) => baseline)).toEqual([true]);
});

describe('what is told while it runs', () => {
  it('is a whole model from the first one on, each better than the one before, and the last is the winner', () => {
    const told: Trained[] = [];
    const data = sample();
    const last = train(data, () => 0, {progress: () => {}, best: trained => told.push(trained)});
    const errors = told.map(({leaderboard}) => leaderboard[0]?.error ?? Number.NaN);
    expect(errors).toEqual([...errors].sort((a, b) => b - a));
    expect(told.length).toBeGreaterThan(1);
    for (const {estimator, parameters, recipe, holdout} of told) {
      const model = ESTIMATORS.find(each => each.name === estimator && each.task === 'regression')?.load(parameters);
      expect(model?.predict(featuresOf(recipe, data.columns, 3))).toHaveLength(3);
      expect(holdout.winner.rmse).toBeGreaterThan(0);
    }
    expect(last.leaderboard[0]).toEqual(told.at(-1)?.leaderboard[0]);
    expect([told[0]?.fittedRows, last.fittedRows]).toEqual([120, 150]);
  });
});

describe('rows that hang together', () => {
  /** Every group of five rows has its own level, which x gives away only to who has seen the group. */
  function grouped(): TrainingData {
    const random = new Mt19937(2);
    const levels = Float64Array.from({length: 30}, () => random.nextDouble());
    const codes = Int32Array.from({length: 150}, (_, i) => i % 30);
    const x = Float64Array.from(codes, code => (code * 7) % 30);
    const target = Float64Array.from(codes, code => (levels[code] ?? 0) + 0.01 * random.nextDouble());
    return {...sample(), columns: [{name: 'x', kind: 'number', values: x}], target, groups: codes};
  }

  it('are on one side of each split, so that knowing a group by heart helps nothing', () => {
    const data = grouped();
    const apart = train(data, () => 0);
    const loose = train({...data, groups: undefined}, () => 0);
    expect(apart.split).toBe('group');
    const gain = ({leaderboard}: Trained) =>
      (leaderboard[0]?.error ?? 0) / (leaderboard.find(({baseline}) => baseline)?.error ?? 1);
    expect(gain(loose)).toBeLessThan(0.3);
    expect(gain(apart)).toBeGreaterThan(0.85);
  });

  it('in time are learnt from earlier ones only', () => {
    const time = Float64Array.from({length: rows}, (_, i) => (i * 37) % rows);
    const {split, trainRows, holdoutRows} = quick({...sample(2), time});
    expect([split, trainRows, holdoutRows]).toEqual(['time', 120, 30]);
  });

  it('of a table of few columns that are copies are told of, those that must be alike are not', () => {
    const random = new Mt19937(5);
    const once = Float64Array.from({length: 100}, () => Math.round(random.nextDouble() * 100) / 100);
    const noise = once.map(x => Math.round((2 * x + random.nextDouble()) * 100) / 100);
    const often = (column: Float64Array) => Float64Array.from({length: 500}, (_, i) => column[i % 100] ?? 0);
    const data = (x: Float64Array, target: Float64Array): TrainingData => ({
      ...sample(),
      columns: [{name: 'x', kind: 'number', values: x}],
      target,
    });
    const told = (x: Float64Array, target: Float64Array) => quick(data(x, target)).notes.join(' ');
    expect(told(often(once), often(noise))).toMatch(
      /40\d of 500 rows repeat an earlier one in all columns, the target too/,
    );
    // Five marks out of ten possible ones: equal rows are no wonder.
    const marks = Float64Array.from({length: 500}, () => Math.floor(random.nextDouble() * 10));
    expect(
      told(
        marks,
        marks.map(mark => Math.floor((mark + random.nextDouble() * 5) / 3)),
      ),
    ).not.toContain('repeat');
  });

  it('that repeat others are found and kept together', () => {
    const data = sample();
    const twice = (values: Float64Array) => Float64Array.from({length: 2 * rows}, (_, i) => values[i % rows] ?? 0);
    const columns = data.columns.map(
      (column): RawColumn =>
        column.kind === 'number'
          ? {...column, values: twice(column.values)}
          : {...column, codes: Int32Array.from({length: 2 * rows}, (_, i) => column.codes[i % rows] ?? -1)},
    );
    const doubled = quick({...data, columns, target: twice(data.target)});
    expect(doubled.split).toBe('group');
    expect(doubled.notes[0]).toContain('150 rows repeat an earlier one');
    expect(quick(data).split).toBe('random');
  });

  it('that are alike to their neighbours in time are told of', () => {
    const day = Float64Array.from({length: rows}, (_, i) => (i * 37) % rows);
    const columns: RawColumn[] = [...sample().columns, {name: 'day (days)', kind: 'number', values: day}];
    const target = day.map(value => Math.sin(value / 10));
    const {notes} = quick({...sample(), columns, target, moments: ['day (days)']});
    expect(notes.join()).toContain('shuffled folds look ahead');
    expect(quick({...sample(), columns, moments: ['day (days)']}).notes).toEqual([]);
  });
});

it('of rare classes it moves the threshold and says so; with balanced classes each weighs the same', () => {
  const data = sample(2);
  const random = new Mt19937(8);
  const n = 1500;
  const x = Float64Array.from({length: n}, () => random.nextDouble());
  const target = x.map(value => (value + 0.3 * random.nextDouble() > 1.12 ? 1 : 0));
  const rare = {...data, columns: [{name: 'x', kind: 'number' as const, values: x}], target, classes: ['no', 'yes']};
  const {decision, notes, heldOut} = train({...rare, only: ['logistic']}, () => 0);
  expect(decision.threshold).toBeLessThan(0.5);
  expect(notes.join()).toMatch(/yes is predicted from a probability of 0\.\d+, chosen on out-of-fold predictions/);
  const {actual, predicted} = heldOut;
  const [hits, said, real] = [0, 0, 0].map((_, k) =>
    actual.reduce(
      (sum, each, i) => sum + (k === 0 ? each * (predicted[i] ?? 0) : k === 1 ? (predicted[i] ?? 0) : each),
      0,
    ),
  );
  const f1 = (2 * (hits ?? 0)) / ((said ?? 0) + (real ?? 0));
  expect(notes.join()).toContain(`at 0.5; on the rows held out ${f1.toFixed(3)}.`);
  const even = train({...rare, only: ['logistic'], balanced: true}, () => 0);
  expect(even.holdout.winner.balanced_accuracy ?? 0).toBeGreaterThan(0.85);
});
