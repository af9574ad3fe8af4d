// How much a series grew: from step to step, over one season, and a year on average.

/** Eleven steps of a month, 330 days, count as a year. */
const fewestYears = 0.9;

/**
 * Shares, so 0.1 is 10 %; null where the earlier value is not above 0, from where there is no rate, or one is missing; `meanStep`
 * also where that holds for any step. `annual` (CAGR) needs values above 0 and nearly a year between them: a few days raised to a
 * year's power say nothing.
 */
export type Growth = {
  first: number;
  last: number;
  total: number | null;
  lastStep: number | null;
  meanStep: number | null;
  overSeason: number | null;
  annual: number | null;
};

/** (now − before) / before for a value before above 0 (pandas' pct_change, which goes on below 0 with the sign turned). */
export function change(before: number | undefined, now: number | undefined): number | null {
  if (before === undefined || now === undefined || !(before > 0)) return null;
  const share = (now - before) / before;
  return Number.isFinite(share) ? share : null;
}

/** `values` are by place on the time axis, NaN where nothing was recorded; `years` from the first to the last. */
export function growthOf(values: Float64Array, {period, years}: {period: number | null; years: number}): Growth {
  const present = values.filter(value => !Number.isNaN(value));
  const [first, last] = [present[0] ?? Number.NaN, present[present.length - 1] ?? Number.NaN];
  const steps = stepChanges(values).filter(step => step !== null);
  const n = values.length;
  return {
    first,
    last,
    total: change(first, last),
    lastStep: change(values[n - 2], values[n - 1]),
    meanStep:
      steps.length > 0 && !values.slice(0, -1).some(value => value <= 0)
        ? steps.reduce((sum, step) => sum + step, 0) / steps.length
        : null,
    overSeason: period === null || n <= period ? null : change(values[n - 1 - period], values[n - 1]),
    annual: first > 0 && last > 0 && years > fewestYears ? (last / first) ** (1 / years) - 1 : null,
  };
}

/** The change at each place against the place before; null at the first and beside a gap. */
export function stepChanges(values: Float64Array): (number | null)[] {
  return Array.from(values, (value, i) => (i === 0 ? null : change(values[i - 1], value)));
}
