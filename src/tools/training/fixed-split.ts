// A fixed procedure instead of a search: one model on one split of the rows, the columns as they are, as a few lines of scikit-learn.

import {columnNamed, numberSql, type Reader, type Selection} from '../../analysis/column-values.ts';
import {pearson} from '../../analysis/correlate.ts';
import {type Cell, type Column, currentVersion, type Dataset, type Table} from '../../core/dataset.ts';
import {ToolError} from '../../core/errors.ts';
import {formatCount, formatNumber, printable} from '../../core/text.ts';
import {quoteName} from '../../engine/sql-text.ts';
import {accuracy, classScores, confusionMatrix} from '../../models/class-metrics.ts';
import type {Estimator} from '../../models/estimator.ts';
import {ESTIMATORS} from '../../models/estimators.ts';
import {balance} from '../../models/fold-data.ts';
import {allRows, type RawColumn, takeNumbers, takeRawRows} from '../../models/raw-columns.ts';
import {measure, predictionsOf} from '../../models/score.ts';
import {trainTestSplit} from '../../models/train-test-split.ts';
import {tableOf} from '../result-table.ts';
import {goalInput, goalOf, isClassTarget} from './goal.ts';
import {readInputs} from './read-inputs.ts';

/** Those that are fitted in a moment and are as in scikit-learn with its defaults; the others belong to a search. */
const offered = ['linear', 'ridge', 'logistic', 'naive_bayes'];
const mostRows = 200_000;
const mostLevels = 50;

export type FixedSplit = {
  dataset: Dataset;
  target: Column;
  features: readonly string[];
  model: string | undefined;
  testShare: number;
  seed: number;
  balanced: boolean;
};

/** `text` is the summary; the table has the model and its baseline, measured on the test rows. */
export type FixedResult = {table: Table; text: string; testRows: number; inputs: string[]};

/**
 * The rows are those without a missing number in the target and the features, in their order (a missing text is 0 in all of its columns); the test rows are those of
 * scikit-learn's `train_test_split(test_size=testShare, random_state=seed)`. Numbers are taken as they are, booleans as 0 and 1, texts as
 * one column a value (`pandas.get_dummies`). The measures are those of sklearn.metrics; of a number of 0 and 1 also the accuracy at 0.5.
 * @throws ToolError `model.split`, `model.unknown_estimator`, `model.bad_feature`, `model.too_few_rows`
 */
export async function trainOnSplit(reader: Reader, selection: Selection, asked: FixedSplit): Promise<FixedResult> {
  const {dataset, target, testShare, seed, balanced} = asked;
  if (!(testShare > 0 && testShare < 1))
    throw new ToolError('model.split', `A test share of ${testShare} is not between 0 and 1.`);
  if (asked.features.length === 0)
    throw new ToolError('model.bad_feature', 'A fixed split needs the features by name.', {
      hint: 'Name them in features.',
    });
  const estimator = estimatorOf(asked.model, target);
  const isClass = estimator.task === 'classification';
  if (balanced && !(isClass && estimator.takesWeights))
    throw new ToolError('model.split', `${estimator.name} takes no balanced weights here.`);
  const {columns} = currentVersion(dataset);
  const features = [...new Set(asked.features)].map(name => columnNamed(columns, name));
  if (features.includes(target))
    throw new ToolError('model.bad_feature', `"${target.name}" is the target, so it is no feature.`);
  const goal = isClass ? goalInput(target) : {name: target.name, kind: 'number' as const, sql: numberSql(target)};
  const read = await readInputs(reader, selection, [goal, ...features.map(inputOf)]);
  const complete = allRows(rowsIn(read)).filter(row =>
    read.every((column, j) => isPresent(column, row) || (j > 0 && column.kind !== 'number')),
  );
  if (complete.length > mostRows)
    throw new ToolError('model.split', `${formatCount(complete.length)} rows are more than ${formatCount(mostRows)}.`, {
      hint: 'Leave test_share out: then the training runs apart, within its time.',
    });
  const dropped = rowsIn(read) - complete.length;
  const [wanted, ...given] = takeRawRows(read, complete);
  if (!wanted || complete.length < 4 || Math.ceil(complete.length * testShare) >= complete.length)
    throw new ToolError('model.too_few_rows', `${formatCount(complete.length)} complete rows can't be divided.`, {
      hint: 'Fill missing values first (/clean fill COLUMN with median), or choose other features.',
    });
  const {values, classes} = goalOf(wanted);
  const inputs = given.flatMap(inputColumns);
  const {train, test} = trainTestSplit({rows: complete.length, testShare, seed});
  const [known, actual] = [takeNumbers(values, train), takeNumbers(values, test)];
  const tested = inputs.map(each => takeNumbers(each.values, test));
  const fitted = (each: Estimator) =>
    each.fit({
      features: inputs.map(input => takeNumbers(input.values, train)),
      target: known,
      classCount: classes.length,
      seed,
      weights: balanced ? balance(known, classes.length) : undefined,
    });
  const measured = [estimator, baselineOf(estimator)].map(each => {
    const predictions = predictionsOf(fitted(each), tested);
    const {predicted} = predictions;
    const own = isClass ? ofClasses(actual, predicted, classes) : ofNumbers(actual, predicted);
    return {each, values: {...own, ...measure(predictions, actual, classes.length)}};
  });
  const names = Object.keys(measured[0]?.values ?? {});
  const table = tableOf(
    {
      model: 'text',
      ...Object.fromEntries(names.map(name => [name, 'number' as const])),
      train_rows: 'number',
      test_rows: 'number',
    },
    measured.map(({each, values: found}): Cell[] => [
      each.name,
      ...names.map(name => orNull(Object.entries(found).find(([key]) => key === name)?.[1])),
      train.length,
      test.length,
    ]),
  );
  const [first, baseline] = measured.map(({values: found}) =>
    Object.entries(found)
      .map(([name, value]) => `${name} ${value === null ? 'not defined' : formatNumber(value)}`)
      .join(', '),
  );
  const text = [
    `${estimator.name} of ${target.name} on ${inputs.length} inputs as they are (${inputs
      .slice(0, 12)
      .map(({name}) => name)
      .join(', ')}${inputs.length > 12 ? ', …' : ''}).`,
    `${formatCount(complete.length)} complete rows${dropped > 0 ? ` (${formatCount(dropped)} with a missing number left out)` : ''}: ${formatCount(train.length)} to learn from, ${formatCount(test.length)} to test, as train_test_split(test_size=${testShare}, random_state=${seed}) of scikit-learn takes them${balanced ? '; classes weighted equally' : ''}.`,
    `On the test rows: ${first}.`,
    `Baseline (${baselineOf(estimator).name}): ${baseline}.`,
    'One model, not compared with others and not kept; leave test_share out for that.',
  ];
  return {table, text: printable(text.join('\n')), testRows: test.length, inputs: features.map(({name}) => name)};
}

function estimatorOf(model: string | undefined, target: Column): Estimator {
  const task = isClassTarget(target) ? 'classification' : 'regression';
  const name = model ?? (task === 'classification' ? 'logistic' : 'linear');
  const known = offered.includes(name) ? ESTIMATORS.filter(each => each.name === name) : [];
  const found = known.find(each => each.task === task) ?? known[0];
  if (!found)
    throw new ToolError(
      'model.unknown_estimator',
      `${printable(name, {oneLine: true})} is not fitted on a fixed split.`,
      {
        hint: `Models: ${offered.join(', ')}; without test_share all.`,
      },
    );
  if (found.task === 'regression' && target.kind !== 'number' && target.kind !== 'boolean')
    throw new ToolError('model.bad_target', `${name} predicts a number, and "${target.name}" is ${target.type}.`);
  return found;
}

function baselineOf({task}: Estimator): Estimator {
  const found = ESTIMATORS.find(each => each.baseline && each.task === task);
  if (!found) throw new Error(`no baseline for ${task}`);
  return found;
}

function inputOf(column: Column) {
  const {name, kind, type, distinctCount} = column;
  if (kind === 'text' && distinctCount <= mostLevels)
    return {name, kind: 'category', sql: `${quoteName(name)}::VARCHAR`} as const;
  if (kind === 'number' || kind === 'boolean') return {name, kind: 'number', sql: numberSql(column)} as const;
  const why = kind === 'text' ? `has ${formatCount(distinctCount)} different texts` : `is ${type}`;
  throw new ToolError('model.bad_feature', `"${name}" ${why}; a feature is a number, a boolean or a category.`, {
    hint: `A category has at most ${mostLevels} values; make numbers of others first (/clean).`,
  });
}

function rowsIn([first]: readonly RawColumn[]): number {
  return !first ? 0 : first.kind === 'number' ? first.values.length : first.codes.length;
}

function isPresent(column: RawColumn, row: number): boolean {
  return column.kind === 'number' ? !Number.isNaN(column.values[row]) : (column.codes[row] ?? -1) >= 0;
}

function inputColumns(column: RawColumn): {name: string; values: Float64Array}[] {
  if (column.kind === 'number') return [column];
  const {name, codes, levels} = column;
  return levels
    .map((level, code) => ({level, code}))
    .filter(({code}) => codes.includes(code))
    .sort((a, b) => (a.level < b.level ? -1 : 1))
    .map(({level, code}) => ({
      name: `${name}=${level}`,
      values: Float64Array.from(codes, each => (each === code ? 1 : 0)),
    }));
}

function ofNumbers(actual: Float64Array, predicted: Float64Array): Record<string, number | null> {
  const errors = actual.map((value, i) => (value - (predicted[i] ?? 0)) ** 2);
  const mse = errors.reduce((sum, each) => sum + each, 0) / errors.length;
  const canVary = actual.length > 2 && ![actual, predicted].some(isConstant);
  const found = {mse, pearson: canVary ? pearson(actual, predicted).statistic : null};
  if (!actual.every(value => value === 0 || value === 1)) return found;
  return {
    ...found,
    accuracy_at_half: accuracy(
      actual,
      predicted.map(value => (value >= 0.5 ? 1 : 0)),
    ),
  };
}

function isConstant(values: Float64Array): boolean {
  return values.every(value => value === values[0]);
}

/** Of two classes, the scores of the second one. */
function ofClasses(
  actual: Float64Array,
  predicted: Float64Array,
  classes: readonly string[],
): Record<string, number | null> {
  const right = accuracy(actual, predicted);
  if (classes.length !== 2) return {accuracy: right};
  const scores = classScores(confusionMatrix(actual, predicted, 2))[1];
  return {
    accuracy: right,
    precision: scores?.precision ?? null,
    recall: scores?.recall ?? null,
    f1: scores?.f1 ?? null,
  };
}

function orNull(value: number | null | undefined): number | null {
  return value === undefined || value === null || Number.isNaN(value) ? null : value;
}
