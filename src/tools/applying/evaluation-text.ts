// Says in words and small tables what an evaluation found beside its metrics.

import {formatCount, formatNumber} from '../../core/text.ts';
import {binningFor, calibrationBins, calibrationError} from '../../models/evaluate/calibration-bins.ts';
import {residualsOf} from '../../models/evaluate/evaluate.ts';
import {confusionOf} from '../../models/evaluate/weighted.ts';
import {renderMarkdownTable} from '../../render/table.ts';
import type {Line} from '../disclose.ts';
import {tableOf} from '../result-table.ts';
import type {Scores} from './scores.ts';

/** More classes than this are told of by their commonest confusions. */
const widestMatrix = 20;
const mostPairs = 10;

/** Actual minus predicted. */
export function residualLine(actual: Float64Array, predicted: Float64Array): string {
  const {mean, sampleStdDev, quantiles} = residualsOf({actual, predicted});
  const inner = quantiles.filter(([share]) => share > 0 && share < 1);
  const parts = inner.map(([share, value]) => `${Math.round(share * 100)} % ${formatNumber(value)}`);
  return `Residuals (actual − predicted): mean ${formatNumber(mean)}, sd ${formatNumber(sampleStdDev)}; quantiles ${parts.join(', ')}.`;
}

/** Rows are the actual classes, columns the predicted ones. */
export function confusionLines(
  actual: Float64Array,
  predicted: Float64Array,
  classes: readonly string[],
  from: string[],
): Line[] {
  const matrix = confusionOf(actual, predicted, new Float64Array(actual.length).fill(1), classes.length);
  const supports = matrix.map(row => row.reduce((sum, count) => sum + count, 0)).filter(count => count > 0);
  const about = {kind: 'group' as const, from, n: Math.min(...supports)};
  if (classes.length > widestMatrix)
    return [{text: confusedText(matrix, classes), about, otherwise: `Confusions of ${classes.length} classes.`}];
  // Classes may be called like the first column, so their place goes into the key.
  const columns = Object.fromEntries(classes.map((name, k) => [`predicted ${name || `(${k})`}`, 'number' as const]));
  const rows = matrix.map((row, k) => [classes[k] ?? '', ...Array.from(row)]);
  const table = tableOf({actual: 'text', ...columns}, rows);
  return [
    {
      text: `Confusion matrix:\n${renderMarkdownTable(table)}`,
      about,
      otherwise: `Confusion matrix of ${classes.length} classes.`,
    },
  ];
}

/** Of so many classes a matrix is too wide to be read: what is most often taken for what. */
function confusedText(matrix: readonly Float64Array[], classes: readonly string[]): string {
  const pairs = matrix.flatMap((row, k) =>
    Array.from(row, (count, p) => ({k, p, count})).filter(({p, count}) => p !== k && count > 0),
  );
  const wrong = pairs.reduce((sum, {count}) => sum + count, 0);
  if (wrong === 0) return 'No row is predicted as another class than it is.';
  const most = pairs.sort((a, b) => b.count - a.count || a.k - b.k || a.p - b.p).slice(0, mostPairs);
  const named = most.map(({k, p, count}) => `${classes[k] ?? ''} as ${classes[p] ?? ''} (${formatCount(count)})`);
  return `Predicted as another class: ${formatCount(wrong)} rows, most often ${named.join(', ')}.`;
}

/** Of the second class of two; of more classes, whether the predicted one came true. */
export function calibrationInput({actual, predicted, probabilities}: Scores & {actual: Float64Array}): {
  happened: Float64Array;
  said: Float64Array;
} {
  if (probabilities?.length === 2) return {happened: actual, said: probabilities[1] ?? new Float64Array()};
  return {
    happened: actual.map((value, i) => (value === predicted[i] ? 1 : 0)),
    said: Float64Array.from(predicted, (k, i) => probabilities?.[k]?.[i] ?? 0),
  };
}

export function calibrationLines(
  actual: Float64Array,
  predicted: Float64Array,
  probabilities: Float64Array[],
  classes: readonly string[],
): string {
  const {happened, said} = calibrationInput({actual, predicted, probabilities});
  const binning = binningFor(said);
  const bins = calibrationBins(happened, said, binning);
  const what =
    classes.length === 2 ? `the probability of ${classes[1] ?? ''}` : 'the probability of the predicted class';
  const rows = bins.map(({low, high, rows: n, said: mean, happened: share}) => [
    `${edge(low)} to ${edge(high)}`,
    n,
    mean,
    share,
  ]);
  const table = tableOf({said: 'text', rows: 'number', mean_said: 'number', happened: 'number'}, rows);
  return `Calibration of ${what}: on average off by ${formatNumber(calibrationError(bins))} over ${formatCount(bins.length)} bins of ${binning}.\n${renderMarkdownTable(table)}`;
}

function edge(probability: number): string {
  return formatNumber(Number(probability.toPrecision(3)));
}
