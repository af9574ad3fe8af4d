// Regression for understanding on columns of a dataset: reads them, codes categories as 0/1, fits, and diagnoses the fit.

import type {Column} from '../core/dataset.ts';
import {ToolError} from '../core/errors.ts';
import {quoteName, quoteText} from '../engine/sql-text.ts';
import {columnNamed, levelsOf, numberSql, type Reader, type Selection} from './column-values.ts';
import {tCritical} from './distributions/tails.ts';
import {momentsOf} from './hypothesis/sample.ts';
import {type LogitResult, logit} from './logit.ts';
import {type OlsResult, ols} from './ols.ts';
import {type Diagnostics, diagnose, type Feature, varianceInflation} from './regression-diagnostics.ts';
import {type Settings, settingsOf, type Term, termsOf, valueUnder} from './regression-terms.ts';

export type RegressRequest = {
  columns: readonly Column[];
  target: string;
  features: readonly string[];
  family: 'linear' | 'logistic';
  robust?: boolean | undefined;
  /** Rows of the same value of this column may depend on each other. */
  cluster?: string | undefined;
  /** Predict the mean here: "column=value", other columns at their means. */
  at?: readonly string[] | undefined;
};

/**
 * `mean` is of the target (a chance for logistic) with its 95 % interval; `nextLow` and `nextHigh` hold a single new row, for linear fits
 * with classical errors.
 */
export type Prediction = {
  settings: string[];
  mean: number;
  low: number;
  high: number;
  nextLow: number | null;
  nextHigh: number | null;
};

/**
 * What a feature, all values of a category together, does beside all others: for linear by how much R² falls without it, for
 * logistic its Wald χ² with `df`.
 */
export type Addition = {name: string; df: number; value: number};

/** `vif` has one value a feature, in their order. `notes` say how columns became numbers. `additions` have the largest first. */
export type Regression = {
  notes: string[];
  vif: number[];
  additions: Addition[];
  prediction: Prediction | null;
} & (
  | {family: 'linear'; fit: OlsResult; diagnostics: Diagnostics}
  | {family: 'logistic'; fit: LogitResult; positive: string}
);

const mostFeatures = 100;

/**
 * Fits target on features over the rows where all are present; what a feature may be stands at `termsOf`.
 * @throws ToolError `regress.*`, `analysis.*`, and whatever `ols` and `logit` refuse
 */
export async function regressColumns(
  reader: Reader,
  selection: Selection,
  request: RegressRequest,
): Promise<Regression> {
  const target = columnNamed(request.columns, request.target);
  const {terms, columns: used, notes} = await termsOf(reader, selection, request);
  if (used.includes(target))
    throw new ToolError(
      'regress.target_is_feature',
      `"${target.name}" can't explain itself; take it from the features.`,
    );
  if (terms.length === 0 || terms.length > mostFeatures)
    throw new ToolError(
      'regress.feature_count',
      `${terms.length} feature columns; 1 to ${mostFeatures} can be fitted.`,
    );
  const cluster = request.cluster === undefined ? null : columnNamed(request.columns, request.cluster);
  const settings = request.at && request.at.length > 0 ? settingsOf(request.at, used) : null;
  const goal = request.family === 'logistic' ? await binaryTarget(reader, selection, target) : null;
  if (goal && (cluster || request.robust))
    throw new ToolError('regress.errors_unavailable', 'Robust and clustered errors are for family linear.');
  // 52 bits of a hash fit a number exactly, and tell clusters apart.
  const clusterSql = cluster
    ? [`CASE WHEN ${quoteName(cluster.name)} IS NOT NULL THEN (hash(${quoteName(cluster.name)}) >> 12)::DOUBLE END`]
    : [];
  const expressions = [goal?.sql ?? numberSql(target), ...terms.map(term => term.sql), ...clusterSql];
  const [values = new Float64Array(), ...read] = await reader.numbers(selection, expressions);
  refuseInfinite([values, ...read]);
  const features = terms.map(({name}, i): Feature => ({name, values: read[i] ?? new Float64Array()}));
  const kept = completeRows(values, features, read[terms.length]);
  const groups = groupsOf(terms);
  const places = [...groups.values()];
  const additions = (values: readonly number[]): Addition[] =>
    [...groups.keys()]
      .map((name, i) => ({name, df: places[i]?.length ?? 0, value: values[i] ?? Number.NaN}))
      .sort((a, b) => b.value - a.value);
  // Measured from the place of the prediction, the intercept is the prediction, with its own error.
  const settled = settings && kept.features.map(({values: own}, i) => valueAt(terms, i, settings, kept.features, own));
  const moved = settled?.map((place, i) => shifted(kept.features[i], place)) ?? null;
  if (goal) {
    const fit = logit({target: kept.target, features: kept.features, groups: places});
    fit.dropped = kept.dropped;
    const there = moved && logit({target: kept.target, features: moved}).coefficients[0];
    const chance = (logOdds: number) => 1 / (1 + Math.exp(-logOdds));
    const prediction = there && {mean: chance(there.value), low: chance(there.low), high: chance(there.high)};
    return {
      family: 'logistic',
      fit,
      positive: goal.positive,
      notes,
      vif: varianceInflation(kept.features),
      additions: additions(fit.wald),
      prediction: predicted(request.at, prediction, null),
    };
  }
  const errors = kept.clusters ? {clusters: kept.clusters} : request.robust ? 'HC3' : 'classical';
  const fit = ols({target: kept.target, features: kept.features, errors, groups: places});
  if (!Number.isFinite(fit.r2))
    throw new ToolError('regress.out_of_range', 'The values are too large to be squared.', {
      hint: 'Scale the columns first, such as by 1e-6.',
    });
  fit.dropped = kept.dropped;
  const diagnostics = diagnose(kept.target, kept.features, fit);
  const there = moved && ols({target: kept.target, features: moved, errors}).coefficients[0];
  const prediction = there && {mean: there.value, low: there.low, high: there.high};
  const reach =
    there && errors === 'classical'
      ? tCritical(0.05, fit.df) * Math.sqrt(there.standardError ** 2 + fit.residualStdError ** 2)
      : null;
  return {
    family: 'linear',
    fit,
    diagnostics,
    notes,
    vif: fit.vif,
    additions: additions(fit.r2Lost),
    prediction: predicted(request.at, prediction, reach),
  };
}

/** Places of the terms by what they are of: all values of a category are one. */
function groupsOf(terms: readonly Term[]): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  terms.forEach(({name, factors}, place) => {
    const isCoded = factors.some(({level}) => level !== null);
    const of = isCoded
      ? factors.map(factor => (factor.power > 1 ? `${factor.column}^${factor.power}` : factor.column)).join(' × ')
      : name;
    groups.set(of, [...(groups.get(of) ?? []), place]);
  });
  return groups;
}

function predicted(
  at: readonly string[] | undefined,
  found: {mean: number; low: number; high: number} | null | undefined,
  reach: number | null,
): Prediction | null {
  if (!found) return null;
  const next =
    reach === null ? {nextLow: null, nextHigh: null} : {nextLow: found.mean - reach, nextHigh: found.mean + reach};
  return {settings: [...(at ?? [])], ...found, ...next};
}

function valueAt(
  terms: readonly Term[],
  index: number,
  settings: Settings,
  features: readonly Feature[],
  own: Float64Array,
): number {
  const term = terms[index];
  if (!term) return meanOf(own);
  return valueUnder(term, settings, name => {
    const feature = features.find(each => each.name === name);
    if (feature) return meanOf(feature.values);
    throw new ToolError('regress.bad_setting', `"${name}" stands only in products: give its value too.`);
  });
}

function meanOf(values: Float64Array): number {
  const origin = values[0] ?? 0;
  return origin + momentsOf(values, origin).mean;
}

function shifted(feature: Feature | undefined, place: number): Feature {
  return {name: feature?.name ?? '', values: (feature?.values ?? new Float64Array()).map(value => value - place)};
}

/** 1 for the greater of exactly two values. */
async function binaryTarget(reader: Reader, selection: Selection, target: Column) {
  const levels = await levelsOf(reader, selection, target).catch(error => {
    if (error instanceof ToolError && error.code === 'analysis.too_many_levels') return null;
    throw error;
  });
  const [first, positive] = levels ?? [];
  if (first === undefined || positive === undefined || levels?.length !== 2)
    throw new ToolError(
      'logit.not_binary',
      `"${target.name}" has ${levels === null ? 'more than 100' : levels.length} different values; logistic regression needs two.`,
      {hint: 'Use family linear, or derive a yes/no column first.'},
    );
  const name = quoteName(target.name);
  return {
    positive,
    sql: `CASE WHEN ${name} IS NOT NULL THEN (${name}::VARCHAR = ${quoteText(positive)})::INTEGER::DOUBLE END`,
  };
}

function completeRows(target: Float64Array, features: readonly Feature[], clusters: Float64Array | undefined) {
  const isComplete = (_: number, i: number) =>
    !Number.isNaN(target[i]) &&
    !Number.isNaN(clusters?.[i] ?? 0) &&
    features.every(({values}) => !Number.isNaN(values[i]));
  const kept = target.filter(isComplete);
  return {
    target: kept,
    features: features.map(({name, values}): Feature => ({name, values: values.filter(isComplete)})),
    clusters: clusters?.filter(isComplete) ?? null,
    dropped: target.length - kept.length,
  };
}

function refuseInfinite(columns: readonly Float64Array[]): void {
  if (!columns.some(values => values.some(value => Math.abs(value) === Number.POSITIVE_INFINITY))) return;
  throw new ToolError('test.infinite_values', 'A column has infinite values.', {
    hint: 'Leave those rows out with a condition such as isfinite("column").',
  });
}
