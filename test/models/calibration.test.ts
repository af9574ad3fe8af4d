import {readFileSync} from 'node:fs';
import {describe, expect, it} from 'vitest';
import {fitIsotonic, fitPlatt, onCurve} from '../../src/models/calibration.ts';
import {logLoss} from '../../src/models/class-metrics.ts';
import {calibrated, chooseCurves, chooseThreshold, decided} from '../../src/models/decision.ts';
import {Mt19937} from '../../src/models/mt19937.ts';

const golden = JSON.parse(readFileSync('test/fixtures/models/training-sklearn.json', 'utf8'));
const typed = (values: readonly number[]) => Float64Array.from(values);

describe('calibration as in scikit-learn', () => {
  it("Platt's sigmoid has its slope and shift", () => {
    const {a, b} = fitPlatt(typed(golden.platt.score), typed(golden.platt.hit));
    expect(a).toBeCloseTo(golden.platt.a, 4);
    expect(b).toBeCloseTo(golden.platt.b, 4);
  });

  it('the isotonic curve passes its points, clipped outside', () => {
    const curve = {kind: 'isotonic' as const, ...fitIsotonic(typed(golden.isotonic.score), typed(golden.isotonic.hit))};
    golden.isotonic.grid.forEach((at: number, i: number) => {
      expect(onCurve(curve, at)).toBeCloseTo(golden.isotonic.values[i], 12);
    });
  });
});

/** Probabilities that are too sure of themselves by the factor given in log-odds. */
function sure(factor: number, rows = 2000) {
  const random = new Mt19937(4);
  const odds = Float64Array.from({length: rows}, () => 6 * (random.nextDouble() - 0.5));
  const actual = odds.map(each => (random.nextDouble() < 1 / (1 + Math.exp(-each)) ? 1 : 0));
  const positive = odds.map(each => 1 / (1 + Math.exp(-factor * each)));
  const foldOf = Int32Array.from(odds, (_, i) => i % 5);
  return {actual, probabilities: [positive.map(p => 1 - p), positive], foldOf, folds: 5};
}

describe('a curve is used only where it helps', () => {
  it('over-sure probabilities are drawn back to the truth', () => {
    const {kind, curves, before, after} = chooseCurves(sure(3));
    expect(kind).not.toBeNull();
    expect(after).toBeLessThan(0.9 * before);
    const honest = sure(1);
    const better = logLoss(honest.actual, calibrated(sure(3).probabilities, curves));
    expect(better).toBeLessThan(1.02 * logLoss(honest.actual, honest.probabilities));
  });

  it('honest ones are left alone', () => {
    expect(chooseCurves(sure(1))).toMatchObject({kind: null, curves: []});
  });

  it('of three classes the calibrated ones still sum to 1', () => {
    const [none, some] = sure(3).probabilities;
    const third = [none, some?.map(p => p / 2), some?.map(p => p / 2)].map(each => each ?? typed([]));
    const [curve] = chooseCurves(sure(3)).curves;
    const sums = calibrated(third, curve ? [curve, curve, curve] : []);
    expect(sums.reduce((sum, p) => sum + (p[7] ?? 0), 0)).toBeCloseTo(1, 12);
  });
});

describe('a threshold', () => {
  const positive = typed([0.9, 0.4, 0.35, 0.3, 0.2, 0.1, 0.05, 0.04, 0.03, 0.02]);
  const actual = typed([1, 1, 1, 0, 0, 0, 0, 0, 0, 0]);

  it('lies in the middle of the gap that divides best', () => {
    const found = chooseThreshold(actual, positive, 'f1');
    expect(found?.threshold).toBeCloseTo(0.325, 12);
    expect(found).toMatchObject({best: 1, usual: 0.5});
    expect(chooseThreshold(actual, positive, 'balanced accuracy')).toMatchObject({best: 1, usual: 2 / 3});
  });

  it('is not moved for nothing', () => {
    expect(chooseThreshold(actual, actual, 'f1')).toBeNull();
  });

  it('decides the class, and the probabilities stay', () => {
    const model = {parameters: {}, predict: () => typed([]), probabilities: () => [positive.map(p => 1 - p), positive]};
    const {predict, probabilities} = decided(model, {curves: [], threshold: 0.325});
    expect(Array.from(predict([]))).toEqual(Array.from(actual));
    expect(probabilities?.([])[1]).toEqual(positive);
  });
});
