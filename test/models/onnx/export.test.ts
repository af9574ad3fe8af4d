// The fixture holds models, some rows, and what onnxruntime said of them when it ran the file exported from each
// (npm run check:onnx). So the same bytes are as good as running them again.

import {createHash} from 'node:crypto';
import {readFileSync} from 'node:fs';
import {describe, expect, it} from 'vitest';
import {z} from 'zod';
import {decided, decisionSchema} from '../../../src/models/decision.ts';
import {ESTIMATORS} from '../../../src/models/estimators.ts';
import {toOnnx} from '../../../src/models/onnx/export.ts';
import {Message} from '../../../src/models/onnx/protobuf.ts';
import {codeTexts, type RawColumn} from '../../../src/models/raw-columns.ts';
import {featuresOf, recipeSchema} from '../../../src/models/recipe.ts';

const fixture = z.object({
  versions: z.record(z.string(), z.string()),
  data: z.array(
    z.object({
      name: z.string(),
      kind: z.enum(['number', 'category']),
      values: z.array(z.union([z.number(), z.string(), z.null()])),
    }),
  ),
  cases: z.array(
    z.object({
      name: z.string(),
      classCount: z.int(),
      source: z.object({
        estimator: z.string(),
        target: z.string(),
        classes: z.array(z.string()),
        recipe: recipeSchema,
        parameters: z.unknown(),
        decision: decisionSchema.optional(),
      }),
      sha256: z.string(),
      predicted: z.array(z.union([z.number(), z.string()])),
      probabilities: z.array(z.number()).nullable(),
    }),
  ),
});
const file = new URL('../../fixtures/models/onnx.json', import.meta.url);
const {data, cases} = fixture.parse(JSON.parse(readFileSync(file, 'utf8')));
const columns = data.map(({name, kind, values}): RawColumn => {
  if (kind === 'category')
    return codeTexts(
      name,
      kind,
      values.map(each => (each === null ? null : String(each))),
    );
  return {name, kind, values: Float64Array.from(values, each => (each === null ? Number.NaN : Number(each)))};
});
const rows = data[0]?.values.length ?? 0;

describe.each(cases.map(each => [each.name, each] as const))(
  'the ONNX file of %s',
  (_, {source, classCount, ...said}) => {
    it('is byte for byte the one that onnxruntime has run', () => {
      const {bytes, inputs} = toOnnx(source);
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(said.sha256);
      expect(inputs.map(({name, type}) => `${name} ${type}`)).toEqual([
        'size double',
        'sold (month) double',
        'kind string',
        'town string',
      ]);
    });

    it('says there what our model says: the same classes, and figures to 1e-6', () => {
      const estimator = ESTIMATORS.find(
        ({name, task}) => name === source.estimator && (task === 'classification') === classCount > 0,
      );
      const bare = estimator?.load(source.parameters);
      if (!bare) throw new Error(`no estimator ${source.estimator}`);
      const model = source.decision ? decided(bare, source.decision) : bare;
      const features = featuresOf(source.recipe, columns, rows);
      model.predict(features).forEach((value, i) => {
        if (classCount > 0) expect(said.predicted[i]).toBe(source.classes[value]);
        else expect(Math.abs(Number(said.predicted[i]) / value - 1)).toBeLessThan(1e-6);
      });
      model.probabilities?.(features).forEach((column, k) => {
        column.forEach((p, i) => {
          expect(Math.abs((said.probabilities?.[i * classCount + k] ?? Number.NaN) - p)).toBeLessThan(1e-6);
        });
      });
      expect(said.predicted.length).toBe(rows);
    });
  },
);

describe('what ONNX can not hold', () => {
  const [first] = cases;
  const source = first?.source ?? {estimator: '', target: '', classes: [], recipe: {steps: []}, parameters: {}};

  it('is refused with its name', () => {
    const text = {kind: 'text' as const, name: 'note', terms: ['a'], idf: [1]};
    expect(() => toOnnx({...source, recipe: {steps: [text]}})).toThrow('words from the text note');
    expect(() => toOnnx({...source, estimator: 'naive_bayes', parameters: {classes: []}})).toThrow('naive_bayes');
    expect(() => toOnnx({...source, recipe: {steps: []}})).toThrow('it uses no column');
    const curves = [{kind: 'isotonic' as const, x: [0.1, 0.1], y: [0, 1]}];
    const two = cases.find(({name}) => name === 'logistic of 2')?.source ?? source;
    expect(() => toOnnx({...two, decision: {curves, threshold: null}})).toThrow('steps');
  });
});

it('numbers are written as protocol buffers write them', () => {
  expect(Array.from(new Message().number(1, 150).finish())).toEqual([8, 150, 1]);
  expect(Array.from(new Message().text(2, 'testing').finish())).toEqual([18, 7, 116, 101, 115, 116, 105, 110, 103]);
  expect(Array.from(new Message().numbers(4, [3, 270, 86942]).finish())).toEqual([34, 6, 3, 142, 2, 158, 167, 5]);
  expect(Array.from(new Message().number(1, 2 ** 40).finish())).toEqual([8, 128, 128, 128, 128, 128, 32]);
});
