// Which groups differ from which, after a test has shown that some do.

import {normalTwoSided} from '../distributions/normal.ts';
import {studentizedRangeUpperTail} from '../distributions/studentized-range.ts';
import {smoothDecreasingRoot} from '../distributions/tails.ts';
import {adjustPValues} from './multiple-testing.ts';
import {concatenate, isConstant, momentsOf, noVariation, rankValues, tieTerm, varianceOf} from './sample.ts';
import {analyse, presentGroups} from './variance-tests.ts';

/**
 * `difference` is the mean (for Dunn the mean rank) of group `first` less that of group `second`; `p` and the 95 % interval hold for all
 * pairs together.
 */
export type PairComparison = {
  first: number;
  second: number;
  difference: number;
  p: number;
  low: number | null;
  high: number | null;
};

/** Tukey's honestly significant differences, with Kramer's form for unequal sizes (scipy.stats.tukey_hsd). NaN is dropped. */
export function tukeyHsd(groups: readonly Float64Array[]): PairComparison[] {
  const samples = presentGroups(groups, 2).map(sample => sample.values);
  const {within, df2, means} = analyse(samples);
  if (isConstant(within)) throw noVariation('each group');
  const meanSquare = within / df2;
  const critical = smoothDecreasingRoot(q => studentizedRangeUpperTail(q, samples.length, df2), 0.05);
  const pairs: PairComparison[] = [];
  for (let first = 0; first < samples.length; first++)
    for (let second = first + 1; second < samples.length; second++) {
      const difference = (means[first] ?? 0) - (means[second] ?? 0);
      const error = Math.sqrt(
        (meanSquare / 2) * (1 / (samples[first]?.length ?? 1) + 1 / (samples[second]?.length ?? 1)),
      );
      const p = studentizedRangeUpperTail(Math.abs(difference) / error, samples.length, df2);
      pairs.push({
        first,
        second,
        difference,
        p,
        low: difference - critical * error,
        high: difference + critical * error,
      });
    }
  return pairs;
}

/** Games and Howell's comparisons for unequal variances: the studentized range with Welch's degrees of freedom. NaN is dropped. */
export function gamesHowell(groups: readonly Float64Array[]): PairComparison[] {
  const samples = presentGroups(groups, 2).map(sample => sample.values);
  const parts = samples.map(values => {
    const [origin = 0] = values;
    const moments = momentsOf(values, origin);
    if (isConstant(moments.squares)) throw noVariation('a group');
    return {origin, mean: moments.mean, share: varianceOf(moments) / moments.n, n: moments.n};
  });
  let critical: number | undefined;
  return allPairs(parts, (a, b) => {
    const error = Math.sqrt((a.share + b.share) / 2);
    const df = (a.share + b.share) ** 2 / (a.share ** 2 / (a.n - 1) + b.share ** 2 / (b.n - 1));
    const difference = a.origin - b.origin + (a.mean - b.mean);
    // The last pair's value is near that of the next one.
    critical = smoothDecreasingRoot(q => studentizedRangeUpperTail(q, parts.length, df), 0.05, critical);
    const reach = error * critical;
    const p = studentizedRangeUpperTail(Math.abs(difference) / error, parts.length, df);
    return {difference, p, low: difference - reach, high: difference + reach};
  });
}

/** Dunn's comparisons of mean ranks with correction for ties, p by Holm over all pairs. NaN is dropped. */
export function dunn(groups: readonly Float64Array[]): PairComparison[] {
  const samples = presentGroups(groups, 1).map(sample => sample.values);
  const {ranks, ties} = rankValues(concatenate(samples));
  const n = ranks.length;
  const variance = (n * (n + 1)) / 12 - tieTerm(ties) / (12 * (n - 1));
  if (!(variance > 0)) throw noVariation('the values of all groups');
  let start = 0;
  const parts = samples.map(({length}) => {
    const own = ranks.subarray(start, start + length);
    start += length;
    return {mean: own.reduce((sum, rank) => sum + rank, 0) / length, n: length};
  });
  const pairs = allPairs(parts, (a, b) => {
    const difference = a.mean - b.mean;
    return {
      difference,
      p: normalTwoSided(difference / Math.sqrt(variance * (1 / a.n + 1 / b.n))),
      low: null,
      high: null,
    };
  });
  const adjusted = adjustPValues(
    pairs.map(({p}) => p),
    'holm',
  );
  return pairs.map((pair, i) => ({...pair, p: adjusted[i] ?? Number.NaN}));
}

function allPairs<Part>(
  parts: readonly Part[],
  compare: (a: Part, b: Part) => Omit<PairComparison, 'first' | 'second'>,
): PairComparison[] {
  return parts.flatMap((a, first) =>
    parts.slice(first + 1).map((b, offset) => ({first, second: first + 1 + offset, ...compare(a, b)})),
  );
}
