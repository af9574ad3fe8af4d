import {describe, expect, it} from 'vitest';
import {Mt19937} from '../../src/models/mt19937.ts';
import {codeTexts, type RawColumn} from '../../src/models/raw-columns.ts';
import {type TrainingData, train} from '../../src/models/train.ts';

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
    expect(trained.leaderboard).toHaveLength(7);
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
    expect(quick(leaking).leaks).toEqual(['copy']);
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

it('begins no candidate after its time, but always the baseline and one other', () => {
  const {leaderboard, skipped} = quick(sample());
  expect(leaderboard.map(({estimator}) => estimator).sort()).toEqual(['dummy_mean', 'linear']);
  expect(skipped).toContain('random_forest');
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
