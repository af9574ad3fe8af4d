// How one column is distributed: tests of normality, families fitted by maximum likelihood, points of a QQ plot.

import type {Column} from '../core/dataset.ts';
import {ToolError} from '../core/errors.ts';
import {columnNamed, numberSql, type Reader, type Selection} from './column-values.ts';
import {type Fits, fitFamilies, type QqPoint, qqPoints} from './fitting/fit-families.ts';
import {lilliefors} from './hypothesis/lilliefors.ts';
import {andersonDarling, dagostinoPearson, jarqueBera, shapeOf, shapiroWilk} from './hypothesis/normality.ts';
import type {TestResult} from './hypothesis/result.ts';
import {isConstant, momentsOf, noVariation, quantileOfSorted, requireCount, varianceOf} from './hypothesis/sample.ts';

const mostQqPoints = 40;

/** `skewness` and `excessKurtosis` are the biased ones (scipy.stats.skew, kurtosis). `sd` is the sample's, n − 1. */
export type Shape = {
  n: number;
  missing: number;
  infinite: number;
  mean: number;
  sd: number;
  min: number;
  median: number;
  max: number;
  skewness: number;
  excessKurtosis: number;
};

export type DistributionCheck = Fits & {
  column: string;
  shape: Shape;
  normality: {name: string; result: TestResult | null; problem: string | null}[];
  qq: QqPoint[];
};

const battery: readonly {name: string; run(values: Float64Array): TestResult}[] = [
  {name: 'shapiro_wilk', run: shapiroWilk},
  {name: 'dagostino_pearson', run: dagostinoPearson},
  {name: 'anderson_darling', run: andersonDarling},
  {name: 'lilliefors', run: lilliefors},
  {name: 'jarque_bera', run: jarqueBera},
];

/**
 * Checks the present finite values of a number column. QQ points are against the best family.
 * @throws ToolError `analysis.*`, `test.too_few_values` below 3 values, `test.no_variation`, `distribution.*`
 */
export async function checkDistribution(
  reader: Reader,
  selection: Selection,
  {
    columns,
    column: name,
    families,
  }: {columns: readonly Column[]; column: string; families?: readonly string[] | undefined},
  signal?: AbortSignal,
): Promise<DistributionCheck> {
  const column = columnNamed(columns, name);
  const [read = new Float64Array()] = await reader.numbers(selection, [numberSql(column)]);
  const sorted = read.filter(Number.isFinite).sort();
  const missing = read.reduce((count, value) => count + (Number.isNaN(value) ? 1 : 0), 0);
  requireCount(sorted, 3, `"${column.name}"`);
  const moments = momentsOf(sorted, sorted[0] ?? 0);
  if (isConstant(moments.squares)) throw noVariation(`"${column.name}"`);
  if (!Number.isFinite(moments.squares))
    throw new ToolError('distribution.out_of_range', `The values of "${column.name}" are too large to be squared.`, {
      hint: 'Scale the column first, such as by 1e-6.',
    });
  const {skewness, kurtosis} = shapeOf(sorted);
  const shape: Shape = {
    n: sorted.length,
    missing,
    infinite: read.length - sorted.length - missing,
    mean: (sorted[0] ?? 0) + moments.mean,
    sd: Math.sqrt(varianceOf(moments)),
    min: sorted[0] ?? Number.NaN,
    median: quantileOfSorted(sorted, 0.5),
    max: sorted[sorted.length - 1] ?? Number.NaN,
    skewness,
    excessKurtosis: kurtosis - 3,
  };
  const normality = battery.map(test => attempt(test, sorted));
  signal?.throwIfAborted();
  const fits = fitFamilies(sorted, families);
  const [best] = fits.ranked;
  return {column: column.name, shape, normality, ...fits, qq: best ? qqPoints(sorted, best, mostQqPoints) : []};
}

function attempt({name, run}: (typeof battery)[number], sorted: Float64Array): DistributionCheck['normality'][number] {
  try {
    return {name, result: run(sorted), problem: null};
  } catch (error) {
    if (error instanceof ToolError) return {name, result: null, problem: error.message};
    throw error;
  }
}
