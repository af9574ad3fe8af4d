// Where float32, a name or a missing value could make an exported model say something else than ours, run by onnxruntime.

import {describe, expect, it} from 'vitest';
import {type Decision, decided} from '../../../src/models/decision.ts';
import {ESTIMATORS} from '../../../src/models/estimators.ts';
import {type OnnxSource, toOnnx} from '../../../src/models/onnx/export.ts';
import {codeTexts, type RawColumn, rowsOf} from '../../../src/models/raw-columns.ts';
import {featuresOf} from '../../../src/models/recipe.ts';
import {treesOf} from '../../../src/models/trees/ensemble.ts';
import {inputsFrom, runOnnx} from '../../support/onnxruntime.ts';

const named = (name: string, task: string) => {
  const found = ESTIMATORS.find(each => each.name === name && each.task === task);
  if (!found) throw new Error(`there is no ${name}`);
  return found;
};

const numbers = (name: string, values: readonly number[]): RawColumn => ({
  name,
  kind: 'number',
  values: Float64Array.from(values),
});
const asItIs = {kind: 'number' as const, median: 0, mean: 0, sd: 1, flagsMissing: false};
const line = {estimator: 'linear', target: 'y', classes: [], parameters: {intercept: 0, coefficients: [1]}};
/** The outputs by name, and what our own model says. */
async function both(source: OnnxSource, raw: readonly RawColumn[]) {
  const file = toOnnx(source);
  const [answer] = await runOnnx([{bytes: file.bytes, inputs: inputsFrom(file, raw)}]);
  if (!answer?.outputs) throw new Error(answer?.error);
  const outputs = Object.entries(answer.outputs).map(([name, {data}]) => [name, Array.from<unknown>(data)]);
  const model = named(source.estimator, source.classes.length > 0 ? 'classification' : 'regression').load(
    source.parameters,
  );
  const [first] = raw;
  const count = first ? rowsOf(first) : 0;
  return {outputs: Object.fromEntries(outputs), ours: Array.from(model.predict(featuresOf(source.recipe, raw, count)))};
}

describe('what a runtime gets wrong easily', () => {
  it('a sum over one number keeps its digits, though runtimes join a division and a matrix product as float32', async () => {
    const recipe = {steps: [{...asItIs, name: 'a', mean: 3, sd: 3}]};
    const {outputs, ours} = await both({...line, recipe}, [numbers('a', [10, 100])]);
    expect(outputs.predicted).toEqual(ours);
    expect(ours).toEqual([7 / 3, 97 / 3]);
  });

  it('a logistic model of one number or of more needs no Gemm, with whose sigmoid onnxruntime 1.14 and 1.17 refuse it', () => {
    for (const names of [['a'], ['a', 'b']]) {
      const recipe = {steps: names.map(name => ({...asItIs, name}))};
      const parameters = {sums: [{intercept: 0, coefficients: names.map(() => 1)}]};
      const {bytes} = toOnnx({...line, estimator: 'logistic', classes: ['no', 'yes'], recipe, parameters});
      expect([Buffer.from(bytes).includes('Sigmoid'), Buffer.from(bytes).includes('Gemm')]).toEqual([true, false]);
    }
  });

  it('rows on a threshold and one step of a double beside it go where ours go', async () => {
    const edge = 0.1 + 0.2;
    const values = Float64Array.from({length: 40}, (_, i) => (i < 20 ? edge - 1e-16 : edge + 1e-9));
    const tree = named('tree', 'regression').fit({
      features: [values],
      target: values.map(v => (v > edge ? 2 : 1)),
      classCount: 0,
      seed: 1,
    });
    const source = {...line, estimator: 'tree', parameters: tree.parameters, recipe: {steps: [{...asItIs, name: 'a'}]}};
    const [threshold = 0] = treesOf(tree.parameters).threshold;
    const step = threshold * Number.EPSILON;
    const {outputs, ours} = await both(source, [numbers('a', [threshold - step, threshold, threshold + step])]);
    expect(ours).toEqual([1, 1, 2]);
    expect(outputs.predicted).toEqual(ours);
  });

  it('numbers of the target near 1e9 keep their digits in a forest, where float32 has steps of 64', async () => {
    const values = Float64Array.from({length: 200}, (_, i) => i);
    const target = values.map(value => 1e9 + Math.sin(value));
    const forest = named('random_forest', 'regression').fit({features: [values], target, classCount: 0, seed: 1});
    const recipe = {steps: [{...asItIs, name: 'a'}]};
    const raw = [numbers('a', [3, 50.5, 199])];
    const {outputs, ours} = await both(
      {...line, estimator: 'random_forest', parameters: forest.parameters, recipe},
      raw,
    );
    ours.forEach((value, i) => {
      expect(Math.abs(outputs.predicted[i] - value)).toBeLessThan(1e-3);
    });
  });

  it('shares of a hundred trees are divided as ours, so that a row on the threshold is on it', async () => {
    const values = Float64Array.from({length: 200}, (_, i) => i);
    const target = values.map(value => (Math.sin(value * value) > 0 ? 1 : 0));
    const forest = named('random_forest', 'classification').fit({features: [values], target, classCount: 2, seed: 1});
    const ours = Array.from(forest.probabilities?.([values])[1] ?? []);
    const recipe = {steps: [{...asItIs, name: 'a'}]};
    const source = {...line, estimator: 'random_forest', classes: ['no', 'yes'], parameters: forest.parameters, recipe};
    const {outputs} = await both(source, [numbers('a', Array.from(values))]);
    expect(outputs.probabilities.filter((_: number, i: number) => i % 2 === 1)).toEqual(ours);
    expect(ours.filter(share => share !== 0.01 * Math.round(100 * share)).length).toBeGreaterThan(0);
  });

  it('an infinite number counts as missing, as it does for us', async () => {
    const recipe = {steps: [{...asItIs, name: 'a', median: 5}]};
    const {outputs} = await both({...line, recipe}, [numbers('a', [Infinity, -Infinity, Number.NaN, 2])]);
    expect(outputs.predicted).toEqual([5, 5, 5, 2]);
  });

  it('columns called as the outputs are leave these another name', async () => {
    const steps = ['predicted', 'probabilities', 'predicted_2'].map(name => ({...asItIs, name}));
    const parameters = {sums: [{intercept: 0, coefficients: [1, 1, 1]}]};
    const source = {...line, estimator: 'logistic', classes: ['no', 'yes'], parameters, recipe: {steps}};
    const file = toOnnx(source);
    expect(file.outputs).toEqual(['predicted_3', 'probabilities_2']);
    const raw = steps.map(({name}, j) => numbers(name, [j - 3, 4 - j]));
    const [answer] = await runOnnx([{bytes: file.bytes, inputs: inputsFrom(file, raw)}]);
    expect(answer?.outputs?.predicted_3?.data).toEqual(['no', 'yes']);
    expect(Object.keys(answer?.outputs ?? {})).toEqual(file.outputs);
  });

  it('where the empty text was learnt, a missing one has another, and both are told apart', async () => {
    const town = codeTexts('town', 'category', ['', 'x', '(missing)', null, '']);
    const recipe = {steps: [{kind: 'category' as const, name: 'town', levels: ['', 'x', '(missing)']}]};
    const source = {...line, recipe, parameters: {intercept: 0, coefficients: [1, 2, 3]}};
    expect(toOnnx(source).inputs).toEqual([{name: 'town', type: 'string', missing: '((missing))'}]);
    const {outputs, ours} = await both(source, [town]);
    expect(outputs.predicted).toEqual(ours);
    expect(ours).toEqual([1, 2, 3, 0, 1]);
  });

  it('a probability on a point of a curve has the value of that point', async () => {
    // Shares of 0, 1/4, 1/2 and 1, which every number format holds.
    const values = Float64Array.from({length: 64}, (_, i) => i % 4);
    const target = values.map((value, i) => (i >> 2 < ([0, 4, 8, 16][value] ?? 0) ? 1 : 0));
    const tree = named('tree', 'classification').fit({features: [values], target, classCount: 2, seed: 1});
    // A point whose value no sum gives, two above each other, and half, where both classes are equally likely.
    const decision: Decision = {
      curves: [{kind: 'isotonic', x: [-1, 0, 0.25, 0.25, 0.5, 0.75], y: [0.07, 0.93, 0.94, 0.45, 0.5, 0.5]}],
      threshold: null,
    };
    const recipe = {steps: [{...asItIs, name: 'a'}]};
    const source = {...line, estimator: 'tree', classes: ['no', 'yes'], parameters: tree.parameters, recipe, decision};
    const {outputs} = await both(source, [numbers('a', [0, 1, 2, 3])]);
    const ours = decided(tree, decision).probabilities?.([Float64Array.of(0, 1, 2, 3)])[1] ?? [];
    expect(outputs.probabilities.filter((_: number, i: number) => i % 2 === 1)).toEqual(Array.from(ours));
    expect(Array.from(ours)).toEqual([0.93, 0.94, 0.5, 0.5]);
    expect(outputs.predicted).toEqual(['yes', 'yes', 'no', 'no']);
  });

  it('no row at all is none said', async () => {
    const {outputs} = await both({...line, recipe: {steps: [{...asItIs, name: 'a'}]}}, [numbers('a', [])]);
    expect(outputs.predicted).toEqual([]);
  });
});
