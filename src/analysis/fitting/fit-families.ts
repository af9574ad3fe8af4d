// Fits families of distributions to one sample by maximum likelihood and ranks them.

import {ToolError} from '../../core/errors.ts';
import {distanceTo} from '../hypothesis/kolmogorov-smirnov.ts';
import {isConstant, momentsOf, noVariation, requireCount} from '../hypothesis/sample.ts';
import {countFamilies, largestCount} from './count-families.ts';
import type {Family, Fit} from './family.ts';
import {locationFamilies} from './location-families.ts';
import {positiveFamilies} from './positive-families.ts';

/** Every family there is, one line each in its own file. */
export const FAMILIES: readonly Family[] = [...locationFamilies, ...positiveFamilies, ...countFamilies];

/** Whole numbers with more different values than this are better described by a density. */
const mostCounts = 50;

/** `ks` is the largest distance of the two distribution functions. It has no p: the parameters come from the same values. */
export type RankedFit = Fit & {family: Family; aic: number; bic: number; ks: number};
export type Fits = {ranked: RankedFit[]; refused: {family: Family; reason: string}[]};

/**
 * The families in the order of AIC, best first. `sorted` holds finite values in rising order; without `names` the families of
 * counts for whole numbers from 0 with at most 50 different values, else the others.
 * @throws ToolError `test.too_few_values` below 3, `test.no_variation`, `distribution.unknown_family`
 */
export function fitFamilies(sorted: Float64Array, names?: readonly string[]): Fits {
  requireCount(sorted, 3, 'the sample');
  if (isConstant(momentsOf(sorted, sorted[0] ?? 0).squares)) throw noVariation('the sample');
  const chosen = names && names.length > 0 ? [...new Set(names)].map(namedFamily) : proposed(sorted);
  const ranked: RankedFit[] = [];
  const refused: Fits['refused'] = [];
  for (const family of chosen) {
    const fit =
      family.counts && !areCounts(sorted) ? `it needs whole numbers from 0 to ${largestCount}` : family.fit(sorted);
    if (typeof fit === 'string') refused.push({family, reason: fit});
    else if (!Number.isFinite(fit.logLikelihood)) refused.push({family, reason: 'its likelihood is not finite'});
    else ranked.push(measured(family, fit, sorted));
  }
  return {ranked: ranked.sort((a, b) => a.aic - b.aic), refused};
}

function measured(family: Family, fit: Fit, sorted: Float64Array): RankedFit {
  const [n, k] = [sorted.length, family.free];
  const ks = family.counts ? stepDistance(sorted, fit.cdf) : distanceTo(sorted, fit.cdf);
  return {
    ...fit,
    family,
    aic: 2 * k - 2 * fit.logLikelihood,
    bic: k * Math.log(n) - 2 * fit.logLikelihood,
    ks,
  };
}

function proposed(sorted: Float64Array): readonly Family[] {
  let different = 1;
  for (let i = 1; i < sorted.length && different <= mostCounts; i++) if (sorted[i] !== sorted[i - 1]) different++;
  const counts = different <= mostCounts && areCounts(sorted);
  return FAMILIES.filter(family => family.counts === counts);
}

export function areCounts(sorted: Float64Array): boolean {
  return (sorted[0] ?? -1) >= 0 && (sorted[sorted.length - 1] ?? 0) <= largestCount && sorted.every(Number.isInteger);
}

function namedFamily(name: string): Family {
  const found = FAMILIES.find(family => family.name === name);
  if (found) return found;
  throw new ToolError('distribution.unknown_family', `There is no family "${name}".`, {
    hint: `Families: ${FAMILIES.map(family => family.name).join(', ')}.`,
  });
}

/** Both functions are steps at whole numbers, so they are compared there, and below each value that occurs. */
function stepDistance(sorted: Float64Array, cdf: (x: number) => number): number {
  const n = sorted.length;
  let most = 0;
  for (let i = 0; i < n; i++) {
    const value = sorted[i] ?? 0;
    if (sorted[i + 1] === value) continue;
    most = Math.max(most, Math.abs((i + 1) / n - cdf(value)));
    const next = sorted[i + 1];
    if (next !== undefined && next - 1 > value) most = Math.max(most, Math.abs((i + 1) / n - cdf(next - 1)));
  }
  const first = sorted[0] ?? 0;
  return Math.max(most, first > 0 ? cdf(first - 1) : 0);
}

/** `share` is Filliben's plotting position of `observed`, `expected` the quantile of the fit there. */
export type QqPoint = {share: number; expected: number; observed: number};

/** Points of a quantile-quantile plot (scipy.stats.probplot), spread evenly over the ranks where there are more than `most`. */
export function qqPoints(sorted: Float64Array, fit: Fit, most: number): QqPoint[] {
  const n = sorted.length;
  const count = Math.min(n, most);
  return Array.from({length: count}, (_, k) => {
    const rank = count === n ? k : Math.round((k * (n - 1)) / (count - 1));
    const last = 0.5 ** (1 / n);
    const share = rank === n - 1 ? last : rank === 0 ? 1 - last : (rank + 1 - 0.3175) / (n + 0.365);
    return {share, expected: fit.quantile(share), observed: sorted[rank] ?? Number.NaN};
  });
}
