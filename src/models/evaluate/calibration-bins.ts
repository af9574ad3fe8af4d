// Whether probabilities come true: rows in bins of what was said of them.

import {quantile} from './evaluate.ts';

/** The rows whose probability lies from `low` to `high`: what was said on average, and how often it came true. */
export type CalibrationBin = {low: number; high: number; rows: number; said: number; happened: number};

/** `equal width` divides the probabilities from 0 to 1, `equal rows` the rows. */
export type Binning = 'equal width' | 'equal rows';

const binCount = 10;

/**
 * Ten bins; each takes its upper end, the lowest its lower end too, and empty ones are left out (scikit-learn:
 * `calibration_curve(happened, said, n_bins=10)` with `strategy` "uniform" or "quantile"). `said[i]` is a probability,
 * `happened[i]` 0 or 1.
 */
export function calibrationBins(happened: Float64Array, said: Float64Array, binning: Binning): CalibrationBin[] {
  const edges = binning === 'equal width' ? widths() : deciles(said);
  const bins = edges.slice(1).map((high, b) => ({low: edges[b] ?? 0, high, rows: 0, said: 0, happened: 0}));
  said.forEach((p, i) => {
    let b = 0;
    while (b < binCount - 1 && p > (edges[b + 1] ?? 1)) b++;
    const bin = bins[b];
    if (!bin) return;
    bin.rows++;
    bin.said += p;
    bin.happened += happened[i] ?? 0;
  });
  return bins
    .filter(({rows}) => rows > 0)
    .map(bin => ({...bin, said: bin.said / bin.rows, happened: bin.happened / bin.rows}));
}

/** The mean distance between what was said and how often it came true, over the bins by their rows. */
export function calibrationError(bins: readonly CalibrationBin[]): number {
  const rows = bins.reduce((sum, bin) => sum + bin.rows, 0);
  return bins.reduce((sum, bin) => sum + (bin.rows / rows) * Math.abs(bin.said - bin.happened), 0);
}

/** Bins of equal width tell nothing where most rows lie in one of them, such as where the event is rare. */
export function binningFor(said: Float64Array): Binning {
  const bins = calibrationBins(said, said, 'equal width');
  return bins.some(({rows}) => rows > said.length / 2) ? 'equal rows' : 'equal width';
}

/** As numpy's `linspace(0, 1, 11)` rounds them. */
function widths(): number[] {
  return Array.from({length: binCount + 1}, (_, b) => (b === binCount ? 1 : b * 0.1));
}

/** Quantiles by linear interpolation (numpy's default). */
function deciles(said: Float64Array): number[] {
  const sorted = said.toSorted();
  return widths().map(share => quantile(sorted, share) ?? 0);
}
