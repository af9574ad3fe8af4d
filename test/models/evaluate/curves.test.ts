import {readFileSync} from 'node:fs';
import {describe, expect, it} from 'vitest';
import {z} from 'zod';
import {binningFor, calibrationBins} from '../../../src/models/evaluate/calibration-bins.ts';
import {precisionRecallCurve, rocCurve, type ScoreCurve, thinned} from '../../../src/models/evaluate/curves.ts';
import {Mt19937} from '../../../src/models/mt19937.ts';

const list = z.array(z.number());
const curve = z.object({x: list, y: list, area: z.number()});
const bins = z.object({happened: list, said: list});
const file = new URL('../../fixtures/models/curves-sklearn.json', import.meta.url);
const {cases} = z
  .object({
    cases: z.array(
      z.object({
        name: z.string(),
        actual: list,
        score: list,
        roc: curve,
        precision_recall: curve,
        calibration: z.object({uniform: bins, quantile: bins}),
      }),
    ),
  })
  .parse(JSON.parse(readFileSync(file, 'utf8')));

const near = (found: readonly number[], wanted: readonly number[]) => {
  expect(found).toHaveLength(wanted.length);
  found.forEach((value, i) => {
    expect(Math.abs(value - (wanted[i] ?? Number.NaN))).toBeLessThan(1e-12);
  });
};
const same = (found: ScoreCurve | null, wanted: ScoreCurve) => {
  near(found?.x ?? [], wanted.x);
  near(found?.y ?? [], wanted.y);
  near([found?.area ?? Number.NaN], [wanted.area]);
};

describe.each(cases)('scores, $name', each => {
  const actual = Float64Array.from(each.actual);
  const score = Float64Array.from(each.score);

  it("have the ROC curve and area of scikit-learn's roc_curve to 1e-12", () => {
    same(rocCurve(actual, score), each.roc);
  });

  it("have the points and average precision of scikit-learn's precision_recall_curve to 1e-12", () => {
    same(precisionRecallCurve(actual, score), each.precision_recall);
  });

  it.each([
    ['equal width', each.calibration.uniform],
    ['equal rows', each.calibration.quantile],
  ] as const)("have the bins of %s of scikit-learn's calibration_curve to 1e-12", (binning, wanted) => {
    const found = calibrationBins(actual, score, binning);
    near(
      found.map(({said}) => said),
      wanted.said,
    );
    near(
      found.map(({happened}) => happened),
      wanted.happened,
    );
    expect(found.reduce((sum, {rows}) => sum + rows, 0)).toBe(actual.length);
  });
});

describe('curves', () => {
  it('are not there for rows of one class, and precision not where the class does not occur', () => {
    const score = Float64Array.of(0.1, 0.7, 0.4);
    expect(rocCurve(new Float64Array(3), score)).toBeNull();
    expect(rocCurve(new Float64Array(3).fill(1), score)).toBeNull();
    expect(precisionRecallCurve(new Float64Array(3), score)).toBeNull();
    expect(precisionRecallCurve(new Float64Array(3).fill(1), score)?.area).toBe(1);
  });

  it('of 200,000 rows are drawn of a few hundred points, none further than 1/150 from what was left out', () => {
    const random = new Mt19937(4);
    const rows = 200_000;
    const actual = Float64Array.from({length: rows}, () => (random.nextDouble() < 0.3 ? 1 : 0));
    const score = actual.map(value => random.nextDouble() + 0.4 * value);
    for (const whole of [rocCurve(actual, score), precisionRecallCurve(actual, score)]) {
      if (!whole) throw new Error('there is no curve');
      const few = thinned(whole);
      expect(whole.x.length).toBeGreaterThan(10_000);
      expect(few.x.length).toBeLessThanOrEqual(400);
      expect(few.area).toBe(whole.area);
      expect([few.x[0], few.y[0], few.x.at(-1), few.y.at(-1)]).toEqual([
        whole.x[0],
        whole.y[0],
        whole.x.at(-1),
        whole.y.at(-1),
      ]);
      let [at, furthest] = [0, 0];
      whole.x.forEach((x, i) => {
        const y = whole.y[i] ?? 9;
        if (x === few.x[at + 1] && y === few.y[at + 1]) at++;
        furthest = Math.max(furthest, Math.abs(x - (few.x[at] ?? 9)), Math.abs(y - (few.y[at] ?? 9)));
      });
      expect(furthest).toBeLessThan(1 / 150);
    }
  });
});

describe('bins', () => {
  it('have equal rows where most of the probabilities lie close together, else equal width', () => {
    expect(binningFor(Float64Array.from({length: 100}, (_, i) => i / 1000))).toBe('equal rows');
    expect(binningFor(Float64Array.from({length: 100}, (_, i) => i / 100))).toBe('equal width');
  });
});
