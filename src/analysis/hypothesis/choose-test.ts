// Proposes a test from what is compared and how the values look, and says why. Pure: samples in, a name out.

import {ToolError} from '../../core/errors.ts';
import {shapiroWilk} from './normality.ts';
import type {TestResult} from './result.ts';
import {medianOf, momentsOf, present, varianceOf} from './sample.ts';
import {levene} from './variance-tests.ts';

/** Means of this many values are near enough to normal for a t-test, whatever the values look like. */
const enoughForMeans = 30;
/** Shapiro-Wilk's p is an extrapolation above. */
const mostForShapiro = 5_000;

/** A check of an assumption, `what` it was run on. */
export type Check = {what: string; result: TestResult};
export type Proposal = {test: string; why: string};

/** Normality of each sample and, for two and more, equality of variances; checks that can't be run are left out. */
export function checkAssumptions(samples: readonly {name: string; values: Float64Array}[]): Check[] {
  const checks: Check[] = [];
  const attempt = (what: string, run: () => TestResult) => {
    try {
      checks.push({what, result: run()});
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
    }
  };
  for (const {name, values} of samples.slice(0, 12))
    if (values.length <= mostForShapiro) attempt(name, () => shapiroWilk(values));
  if (samples.length > 1) attempt('the groups', () => levene(samples.map(each => each.values)));
  return checks;
}

export function proposeForGroups(samples: readonly {values: Float64Array}[], checks: readonly Check[]): Proposal {
  const smallest = Math.min(...samples.map(({values}) => present(values).values.length));
  const isOdd = smallest < enoughForMeans && checks.some(({result}) => isNormality(result) && result.p < 0.05);
  const unequal = checks.some(({result}) => !isNormality(result) && result.p < 0.05);
  const small = `a group of only ${smallest} that is not normal (Shapiro-Wilk p < 0.05)`;
  if (samples.length === 2)
    return isOdd
      ? {test: 'mann_whitney', why: `two independent groups, ${small}: ranks instead of means`}
      : {test: 'welch_t', why: 'two independent groups of a number; Welch needs no equal variances'};
  if (isOdd)
    return {test: 'kruskal_wallis', why: `${samples.length} independent groups, ${small}: ranks instead of means`};
  if (unequal)
    return {
      test: 'welch_anova',
      why: `${samples.length} independent groups with unequal variances (Levene p < 0.05), which Welch's ANOVA allows`,
    };
  return {test: 'anova', why: `${samples.length} independent groups of a number, no sign of unequal variances`};
}

export function proposeForPairs(differences: Float64Array, checks: readonly Check[]): Proposal {
  const n = present(differences).values.length;
  if (n < enoughForMeans && checks.some(({result}) => isNormality(result) && result.p < 0.05))
    return {test: 'wilcoxon', why: `two measurements a row, only ${n} differences and these not normal`};
  return {test: 'paired_t', why: 'two measurements a row: their differences are tested'};
}

export function proposeForTable(
  counts: readonly (readonly number[])[],
  expected: readonly (readonly number[])[],
): Proposal {
  const smallest = Math.min(...expected.flat());
  if (counts.length === 2 && counts[0]?.length === 2 && smallest < 5)
    return {
      test: 'fisher_exact',
      why: `two yes/no columns with an expected count of ${smallest.toPrecision(3)}, below 5`,
    };
  return {test: 'chi2_independence', why: 'two columns of categories'};
}

/** What a reader wants to see of a sample beside its test. */
export function describeSample(sample: Float64Array): {n: number; mean: number; sd: number; median: number} {
  const {values} = present(sample);
  const origin = values[0] ?? 0;
  const moments = momentsOf(values, origin);
  return {
    n: values.length,
    mean: values.length > 0 ? origin + moments.mean : Number.NaN,
    sd: values.length > 1 ? Math.sqrt(varianceOf(moments)) : Number.NaN,
    median: medianOf(values),
  };
}

function isNormality({test}: TestResult): boolean {
  return test.startsWith('Shapiro');
}
