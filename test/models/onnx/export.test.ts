// Every model that can be exported is run by onnxruntime, on rows that it did not learn from, and must say what ours says.

import {beforeAll, describe, expect, it} from 'vitest';
import {type Decision, decided} from '../../../src/models/decision.ts';
import type {Estimator, FittedModel} from '../../../src/models/estimator.ts';
import {ESTIMATORS} from '../../../src/models/estimators.ts';
import {Mt19937} from '../../../src/models/mt19937.ts';
import {type OnnxSource, toOnnx} from '../../../src/models/onnx/export.ts';
import {allRows, codeTexts, type RawColumn, takeRawRows} from '../../../src/models/raw-columns.ts';
import {applyRecipe, featuresOf, fitRecipe, keepingMissing} from '../../../src/models/recipe.ts';
import {stackOf} from '../../../src/models/stack.ts';
import {inputsFrom, type OnnxAnswer, runOnnx} from '../../support/onnxruntime.ts';

/** Of a number in parts of itself, of a probability as it is. */
const within = 1e-11;
const learnt = 200;
const rows = 600;
const random = new Mt19937(21);
const draw = (scale: number, offset = 0) =>
  Float64Array.from({length: rows}, () => offset + random.nextDouble() * scale);
/** Missing in some of the rows from the one given on. */
const holed = (values: Float64Array, from = 0) =>
  values.map((value, i) => (i >= from && i % 9 === 2 ? Number.NaN : value));
const texts = (textOf: (i: number) => string | null) => Array.from({length: rows}, (_, i) => textOf(i));
const columns: RawColumn[] = [
  {name: 'size', kind: 'number', values: holed(draw(100), learnt)},
  {name: 'sold (month)', kind: 'number', values: holed(draw(50))},
  // Of these float32 tells only a few apart.
  {name: 'stamp', kind: 'number', values: draw(10, 1e9)},
  codeTexts(
    'kind',
    'category',
    texts(i => (i >= learnt && i % 13 === 4 ? 'tent' : (['house', 'flat', "o'hut"][(i * 5) % 3] ?? null))),
  ),
  codeTexts(
    '"tówn"\n',
    'category',
    texts(i => (i % 11 === 5 ? null : `tówn "${(i * 7) % (i < learnt ? 26 : 31)}"`)),
  ),
];
const price = Float64Array.from({length: rows}, (_, i) => {
  const [size = 0, month = 0, stamp = 0] = columns.map(column =>
    column.kind === 'number' ? (column.values[i] ?? 0) : 0,
  );
  return 3 * (size || 20) + (month || 10) + 12 * (stamp - 1e9) + (i % 3 === 0 ? 60 : 0) + random.nextDouble() * 30;
});
const sorted = price.toSorted();
const classOf = (count: number) => price.map(value => Math.floor((count * sorted.indexOf(value)) / rows));
const unseen = takeRawRows(columns, allRows(rows).subarray(learnt));

const platt: Decision = {curves: [{kind: 'platt', a: -1.2, b: 0.3}], threshold: 0.4};
const isotonic: Decision = {curves: [{kind: 'isotonic', x: [0.1, 0.35, 0.8], y: [0.05, 0.5, 0.9]}], threshold: null};
const flat: Decision = {curves: [{kind: 'isotonic', x: [0.5], y: [0.3]}], threshold: 0.3};
const ofEach: Decision = {
  curves: [0, 1, 2].map(k => ({kind: 'isotonic', x: [0, 0.5, 1], y: [0.02 * k, 0.4, 0.95]})),
  threshold: null,
};
const none: Decision = {curves: [0, 1, 2].map(() => ({kind: 'isotonic', x: [0.5], y: [0]})), threshold: null};
const ofEachSmooth: Decision = {curves: [0, 1, 2].map(k => ({kind: 'platt', a: -1 - k, b: 0.1 * k})), threshold: null};
const onlyThreshold: Decision = {curves: [], threshold: 0.35};

const named = (name: string, task: string) => {
  const found = ESTIMATORS.find(each => each.name === name && each.task === task);
  if (!found) throw new Error(`there is no ${name}`);
  return found;
};
const stackOfAll = stackOf(
  'classification',
  ['logistic', 'tree', 'random_forest', 'boosting', 'extra_trees'].map((name, k) => ({
    estimator: named(name, 'classification'),
    settings: {},
    weight: [0.3, 0.1, 0.25, 0.35, 0][k] ?? 0,
  })),
);

const stackOnLogs = stackOf(
  'regression',
  ['log_ridge', 'log_boosting', 'lasso'].map((name, k) => ({
    estimator: named(name, 'regression'),
    settings: {},
    weight: [0.5, 0.2, 0.3][k] ?? 0,
  })),
);

type Case = {estimator: Estimator; classCount: number; decision?: Decision};
const refused = ['dummy_mean', 'dummy_prior', 'naive_bayes', 'multinomial_bayes', 'knn'];
const plain = ESTIMATORS.filter(({name}) => !refused.includes(name)).flatMap(estimator =>
  (estimator.task === 'regression' ? [0] : [2, 3]).map((classCount): Case => ({estimator, classCount})),
);
const decisions: [string, number, Decision][] = [
  ['tree', 2, platt],
  ['boosting', 2, platt],
  ['boosting', 3, ofEachSmooth],
  ['logistic', 2, isotonic],
  ['random_forest', 2, isotonic],
  ['extra_trees', 2, flat],
  ['logistic', 3, ofEach],
  ['random_forest', 3, none],
  ['stack', 2, onlyThreshold],
];
const cases: Case[] = [
  ...plain,
  {estimator: stackOnLogs, classCount: 0},
  {estimator: stackOfAll, classCount: 2},
  {estimator: stackOfAll, classCount: 3},
  ...decisions.map(([name, classCount, decision]) => ({
    estimator: named(name, 'classification'),
    classCount,
    decision,
  })),
];

function fitted({estimator, classCount, decision}: Case): {model: FittedModel; source: OnnxSource} {
  const goal = {target: classCount > 0 ? classOf(classCount) : price, classCount, seed: 1};
  const filling = fitRecipe(columns, {goal, rows: allRows(learnt)});
  const recipe = estimator.takesMissing ? keepingMissing(filling) : filling;
  const seen = applyRecipe(recipe, columns, learnt).values;
  const bare = estimator.fit({features: seen, ...goal, target: goal.target.slice(0, learnt)});
  const classes = ['löw', 'mid "dle"', ''].slice(0, classCount);
  const parameters = JSON.parse(JSON.stringify(bare.parameters));
  const source = {estimator: estimator.name, target: 'price', classes, recipe, parameters, decision};
  return {model: decision ? decided(bare, decision) : bare, source};
}

describe('onnxruntime says of rows that a model did not learn from what the model says', () => {
  const runs = cases.map(each => ({...each, ...fitted(each)}));
  let answers: OnnxAnswer[];
  beforeAll(async () => {
    const files = runs.map(({source}) => toOnnx(source));
    answers = await runOnnx(files.map(file => ({bytes: file.bytes, inputs: inputsFrom(file, unseen)})));
  });

  it.each(
    runs.map((each, k) => {
      const weights = each.estimator.describes.replace('a weighted mean', '');
      const what = `${each.source.estimator}${each.source.estimator === 'stack' ? weights : ''}`;
      const how = each.decision ? `, decided by ${JSON.stringify(each.decision).slice(0, 60)}` : '';
      return [`${what} of ${each.classCount || 'a number'}${how}`, k, each] as const;
    }),
  )('%s', (_, k, {model, source, classCount}) => {
    const answer = answers[k];
    if (!answer?.outputs) throw new Error(answer?.error);
    const {predicted, probabilities} = answer.outputs;
    const all = featuresOf(source.recipe, unseen, rows - learnt);
    const expected = model.predict(all);
    expect(predicted?.dims).toEqual([rows - learnt, 1]);
    if (classCount > 0) expect(predicted?.data).toEqual(Array.from(expected, place => source.classes[place]));
    else
      expect(Math.max(...expected.map((value, i) => Math.abs(Number(predicted?.data[i]) / value - 1)))).toBeLessThan(
        within,
      );
    model.probabilities?.(all).forEach((column, c) => {
      const off = column.map((p, i) => Math.abs(Number(probabilities?.data[i * classCount + c]) - p));
      expect(Math.max(...off)).toBeLessThan(within);
    });
    expect(probabilities?.dims).toEqual(classCount > 0 ? [rows - learnt, classCount] : undefined);
  });
});

describe('what ONNX can not hold', () => {
  const source = {estimator: 'ridge', target: 'y', classes: [], recipe: {steps: []}, parameters: {}};

  it.each(refused)('%s is refused with its name', name => {
    const estimator = ESTIMATORS.find(each => each.name === name);
    const task = estimator?.task ?? '';
    const target = Float64Array.of(0, 1, 0, 1);
    const classCount = task === 'classification' ? 2 : 0;
    const {parameters} = named(name, task).fit({features: [Float64Array.of(1, 2, 3, 4)], target, classCount, seed: 1});
    const recipe = fitRecipe(columns);
    expect(() =>
      toOnnx({...source, estimator: name, classes: ['a', 'b'].slice(0, classCount), recipe, parameters}),
    ).toThrow(`ONNX export of ${name} is not supported`);
  });

  it('so are words, a recipe of no column, and two inputs of one name', () => {
    const text = {kind: 'text' as const, name: 'note', terms: ['a'], idf: [1]};
    expect(() => toOnnx({...source, recipe: {steps: [text]}})).toThrow('words of the text note');
    expect(() => toOnnx({...source, recipe: {steps: []}})).toThrow('it uses no column');
    const twice = fitRecipe(columns).steps.slice(0, 1);
    expect(() => toOnnx({...source, recipe: {steps: [...twice, ...twice]}})).toThrow(
      'two of its inputs are called size',
    );
  });
});
