// Regression for understanding on columns of a dataset: reads them, codes categories as 0/1, fits, and diagnoses the fit.

import type {Column} from '../core/dataset.ts';
import {ToolError} from '../core/errors.ts';
import {quoteName, quoteText} from '../engine/sql-text.ts';
import {columnNamed, levelsOf, numberSql, type Reader, readNumbers, type Selection} from './column-values.ts';
import {type LogitResult, logit} from './logit.ts';
import {type OlsResult, ols} from './ols.ts';
import {type Diagnostics, diagnose, type Feature, varianceInflation} from './regression-diagnostics.ts';

export type RegressRequest = {
  columns: readonly Column[];
  target: string;
  features: readonly string[];
  family: 'linear' | 'logistic';
  robust?: boolean | undefined;
};

/** `vif` has one value a feature, in their order. `notes` say how columns became numbers. */
export type Regression = {notes: string[]; vif: number[]} & (
  | {family: 'linear'; fit: OlsResult; diagnostics: Diagnostics}
  | {family: 'logistic'; fit: LogitResult; positive: string}
);

const mostFeatures = 100;

/**
 * Fits target on features over the rows where all are present. Text features become 0/1 columns, one a value but the first.
 * @throws ToolError `regress.*`, `analysis.*`, and whatever `ols` and `logit` refuse
 */
export async function regressColumns(
  reader: Reader,
  selection: Selection,
  request: RegressRequest,
): Promise<Regression> {
  const target = columnNamed(request.columns, request.target);
  const chosen = [...new Set(request.features)].map(name => columnNamed(request.columns, name));
  if (chosen.includes(target))
    throw new ToolError(
      'regress.target_is_feature',
      `"${target.name}" can't explain itself; take it from the features.`,
    );
  const notes: string[] = [];
  const terms: {name: string; sql: string}[] = [];
  for (const column of chosen) terms.push(...(await termsOf(reader, selection, column, notes)));
  if (terms.length === 0 || terms.length > mostFeatures)
    throw new ToolError(
      'regress.feature_count',
      `${terms.length} feature columns; 1 to ${mostFeatures} can be fitted.`,
    );
  const goal = request.family === 'logistic' ? await binaryTarget(reader, selection, target) : null;
  const expressions = [goal?.sql ?? numberSql(target), ...terms.map(term => term.sql)];
  const [values = new Float64Array(), ...read] = await readNumbers(reader, selection, expressions);
  refuseInfinite([values, ...read]);
  const features = terms.map(({name}, i): Feature => ({name, values: read[i] ?? new Float64Array()}));
  const kept = completeRows(values, features);
  if (goal) {
    const fit = logit({target: kept.target, features: kept.features});
    fit.dropped = kept.dropped;
    return {family: 'logistic', fit, positive: goal.positive, notes, vif: varianceInflation(kept.features)};
  }
  const fit = ols({target: kept.target, features: kept.features, errors: request.robust ? 'HC3' : 'classical'});
  if (!Number.isFinite(fit.r2))
    throw new ToolError('regress.out_of_range', 'The values are too large to be squared.', {
      hint: 'Scale the columns first, such as by 1e-6.',
    });
  fit.dropped = kept.dropped;
  const diagnostics = diagnose(kept.target, kept.features, fit);
  return {family: 'linear', fit, diagnostics, notes, vif: varianceInflation(kept.features)};
}

async function termsOf(reader: Reader, selection: Selection, column: Column, notes: string[]) {
  if (column.kind !== 'text') return [{name: column.name, sql: numberSql(column)}];
  const levels = await levelsOf(reader, selection, column);
  const [base, ...others] = levels;
  if (base === undefined || others.length === 0)
    throw new ToolError('test.no_variation', `"${column.name}" does not vary: ${levels.length} different values.`);
  notes.push(`"${column.name}" is compared with "${base}", its first value`);
  const name = quoteName(column.name);
  return others.map(level => ({
    name: `${column.name} = ${level}`,
    sql: `CASE WHEN ${name} IS NOT NULL THEN (${name} = ${quoteText(level)})::INTEGER::DOUBLE END`,
  }));
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

function completeRows(target: Float64Array, features: readonly Feature[]) {
  const isComplete = (_: number, i: number) =>
    !Number.isNaN(target[i]) && features.every(({values}) => !Number.isNaN(values[i]));
  const kept = target.filter(isComplete);
  return {
    target: kept,
    features: features.map(({name, values}): Feature => ({name, values: values.filter(isComplete)})),
    dropped: target.length - kept.length,
  };
}

function refuseInfinite(columns: readonly Float64Array[]): void {
  if (!columns.some(values => values.some(value => Math.abs(value) === Number.POSITIVE_INFINITY))) return;
  throw new ToolError('test.infinite_values', 'A column has infinite values.', {
    hint: 'Leave those rows out with a condition such as isfinite("column").',
  });
}
