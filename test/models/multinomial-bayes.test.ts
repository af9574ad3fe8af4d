// Multinomial naive Bayes against scikit-learn's, and where training tries it at all.

import {readFileSync} from 'node:fs';
import {describe, expect, it} from 'vitest';
import {Mt19937} from '../../src/models/mt19937.ts';
import {multinomialNaiveBayes} from '../../src/models/multinomial-bayes.ts';
import {codeTexts, type RawColumn} from '../../src/models/raw-columns.ts';
import {train} from '../../src/models/train.ts';

type Case = {
  name: string;
  alpha: number;
  classCount: number;
  features: number[][];
  target: number[];
  weights: number[] | null;
  logs: number[][];
  probabilities: number[][];
};
const {cases}: {cases: Case[]} = JSON.parse(
  readFileSync(new URL('../fixtures/models/multinomial-sklearn.json', import.meta.url), 'utf8'),
);
const typed = (columns: readonly number[][]) => columns.map(column => Float64Array.from(column));

it.each(cases.map(each => [each.name, each] as const))(
  "%s: the probabilities are scikit-learn's to 1e-12",
  (_, each) => {
    const {classCount, alpha, weights} = each;
    const features = typed(each.features);
    const input = {features, target: Float64Array.from(each.target), classCount, seed: 1};
    const model = multinomialNaiveBayes.fit(weights ? {...input, weights: Float64Array.from(weights)} : input, {alpha});
    const found = model.probabilities?.(features) ?? [];
    each.probabilities.forEach((column, k) => {
      column.forEach((wanted, i) => {
        expect(Math.abs((found[k]?.[i] ?? Number.NaN) - wanted)).toBeLessThan(1e-12);
      });
    });
  },
);

it('a feature below 0 takes no part', () => {
  const target = Float64Array.of(0, 0, 1, 1);
  const count = Float64Array.of(3, 2, 0, 1);
  const below = Float64Array.of(-1, 5, 2, 9);
  const other = Float64Array.of(0, 1, 4, 2);
  const fit = (features: Float64Array[]) => multinomialNaiveBayes.fit({features, target, classCount: 2, seed: 1});
  expect(fit([count, below, other]).probabilities?.([count, below, other])).toEqual(
    fit([count, other]).probabilities?.([count, other]),
  );
});

describe('training', () => {
  const rows = 200;
  const random = new Mt19937(3);
  const target = Float64Array.from({length: rows}, () => (random.nextDouble() < 0.5 ? 0 : 1));
  const words = ['good', 'bad', 'slow', 'quick', 'kind', 'rude'];
  const wordOf = (k: number) =>
    words[Math.floor(random.nextDouble() * 4) + (random.nextDouble() < 0.7 ? 2 * k : 0)] ?? '';
  const texts = Array.from(target, k => Array.from({length: 6}, () => wordOf(k)).join(' '));
  const text = codeTexts('review', 'text', texts);
  const number: RawColumn = {name: 'n', kind: 'number', values: target.map(() => random.nextDouble())};
  const kind = codeTexts(
    'kind',
    'category',
    Array.from(target, () => (random.nextDouble() < 0.5 ? 'a' : 'b')),
  );
  const trained = (columns: RawColumn[], only?: string[]) =>
    train(
      {columns, target, classCount: 2, seed: 42, budgetMs: Number.POSITIVE_INFINITY, keepLeaks: false, only},
      () => 0,
    );
  const tried = (columns: RawColumn[]) =>
    trained(columns, ['multinomial_bayes', 'logistic']).leaderboard.map(({estimator}) => estimator.split(' ')[0]);

  it('tries it on words, with categories beside them too', () => {
    expect(tried([text])).toContain('multinomial_bayes');
    expect(tried([text, kind])).toContain('multinomial_bayes');
    const {leaderboard} = trained([text], ['multinomial_bayes']);
    const [best, baseline] = [leaderboard[0]?.error ?? 9, leaderboard.find(each => each.baseline)?.error ?? 0];
    expect(best).toBeLessThan(0.8 * baseline);
  });

  it('does not try it on numbers, says why where it was asked for, and else does not speak of it', () => {
    const {leaderboard, skipped} = trained([text, number], ['multinomial_bayes', 'logistic']);
    expect(leaderboard.map(({estimator}) => estimator)).not.toContain('multinomial_bayes');
    expect(skipped).toEqual([{name: 'multinomial_bayes', why: 'it needs words or counts'}]);
    expect(trained([number]).skipped.map(({name}) => name)).not.toContain('multinomial_bayes');
    expect(trained([kind]).leaderboard.map(({estimator}) => estimator)).not.toContain('multinomial_bayes');
  });
});
