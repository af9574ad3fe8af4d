// Runs exported models with onnxruntime and compares them with ours: npm run check:onnx, after a change of src/models/onnx.
// Writes what it ran and what it said to test/fixtures/models/onnx.json, which the tests hold both sides to.

import {createHash} from 'node:crypto';
import {writeFileSync} from 'node:fs';
import ort from 'onnxruntime-node';
import {decided} from '../../src/models/decision.ts';
import {ESTIMATORS} from '../../src/models/estimators.ts';
import {Mt19937} from '../../src/models/mt19937.ts';
import {toOnnx} from '../../src/models/onnx/export.ts';
import {codeTexts} from '../../src/models/raw-columns.ts';
import {applyRecipe, featuresOf, fitRecipe, keepingMissing} from '../../src/models/recipe.ts';

const rows = 160;
const shown = 24;
const few = 16;
const random = new Mt19937(21);
const draw = scale => Float64Array.from({length: rows}, () => random.nextDouble() * scale);
const holed = draw(50).map((value, i) => (i % 9 === 2 ? Number.NaN : value));
const towns = Array.from({length: rows}, (_, i) => (i % 11 === 5 ? null : `tówn "${(i * 7) % 26}"`));
const kinds = Array.from({length: rows}, (_, i) => ['house', 'flat', "o'hut"][(i * 5) % 3]);
const columns = [
  {name: 'size', kind: 'number', values: draw(100)},
  {name: 'sold (month)', kind: 'number', values: holed},
  codeTexts('kind', 'category', kinds),
  codeTexts('town', 'category', towns),
];
const price = Float64Array.from({length: rows}, (_, i) => {
  const base = 3 * columns[0].values[i] + (Number.isNaN(holed[i]) ? 10 : holed[i]) + (kinds[i] === 'house' ? 60 : 0);
  return base + random.nextDouble() * 30;
});
const sorted = price.toSorted();
const classOf = count => price.map(value => Math.floor((count * sorted.indexOf(value)) / rows));

const platt = {curves: [{kind: 'platt', a: -1.2, b: 0.3}], threshold: 0.4};
const isotonic = {curves: [{kind: 'isotonic', x: [0.1, 0.35, 0.8], y: [0.05, 0.5, 0.9]}], threshold: null};
const ofEach = k => ({kind: 'isotonic', x: [0, 0.5, 1], y: [0.02 * k, 0.4, 0.95]});
const each = {curves: [0, 1, 2].map(ofEach), threshold: null};
const wanted = [
  ['linear', 0],
  ['ridge', 0],
  ['logistic', 2],
  ['logistic', 3],
  ['tree', 0],
  ['tree', 2],
  ['tree', 3],
  ['random_forest', 2],
  ['extra_trees', 3],
  ['random_forest', 0],
  ['boosting', 0],
  ['boosting', 2],
  ['boosting', 3],
  ['stack', 0],
  ['stack', 2],
  ['tree', 2, platt],
  ['logistic', 2, isotonic],
  ['logistic', 3, each],
];

const first = Uint32Array.from({length: shown}, (_, i) => i);

function inputOf(column, at) {
  const size = [at.length, 1];
  if (column.kind === 'number')
    return new ort.Tensor(
      'float64',
      Float64Array.from(at, i => column.values[i]),
      size,
    );
  const texts = Array.from(at, i => column.levels[column.codes[i]] ?? '');
  return new ort.Tensor('string', texts, size);
}

const cases = [];
let worst = 0;
for (const [name, classCount, decision] of wanted) {
  const task = classCount > 0 ? 'classification' : 'regression';
  const estimator = ESTIMATORS.find(one => one.name === name && one.task === task);
  const goal = {target: classCount > 0 ? classOf(classCount) : price, classCount, seed: 1};
  const plain = fitRecipe(columns, {goal});
  const recipe = estimator.takesMissing ? keepingMissing(plain) : plain;
  // A hundred full trees on all rows would fill the fixture.
  const learnt = name.endsWith('s') || name.endsWith('forest') ? few : rows;
  const features = applyRecipe(recipe, columns, learnt).values;
  const bare = estimator.fit({features, ...goal, target: goal.target.slice(0, learnt)});
  const parameters = JSON.parse(JSON.stringify(bare.parameters));
  const model = decision ? decided(bare, decision) : bare;
  const classes = ['löw', 'mid "dle"', 'high'].slice(0, classCount);
  const source = {estimator: name, target: 'price', classes, recipe, parameters, ...(decision && {decision})};
  const {bytes, inputs} = toOnnx(source);
  const session = await ort.InferenceSession.create(bytes);
  const columnOf = input => columns.find(column => column.name === input.name);
  const said = await session.run(
    Object.fromEntries(inputs.map(input => [input.name, inputOf(columnOf(input), first)])),
  );
  const predicted = Array.from(said.predicted.data);
  const probabilities = said.probabilities ? Array.from(said.probabilities.data) : null;
  const all = featuresOf(recipe, columns, rows);
  const expected = model.predict(all);
  let off = 0;
  for (const i of first) {
    const label = classes[expected[i]];
    if (classCount > 0 && predicted[i] !== label) throw new Error(`${name}: row ${i} is ${predicted[i]}, not ${label}`);
    if (classCount === 0) off = Math.max(off, Math.abs(predicted[i] / expected[i] - 1));
    model.probabilities?.(all).forEach((p, k) => {
      off = Math.max(off, Math.abs(p[i] - probabilities[i * classCount + k]));
    });
  }
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const title = `${name} of ${classCount || 'a number'}${decision ? `, ${decision.curves[0].kind}` : ''}`;
  process.stdout.write(`${title}: ${bytes.length} bytes, off by at most ${off.toExponential(1)}\n`);
  worst = Math.max(worst, off);
  cases.push({name: title, classCount, source, sha256, predicted, probabilities});
}
if (!(worst < 1e-6)) throw new Error(`the worst difference is ${worst}`);
const data = columns.map(column => ({
  name: column.name,
  kind: column.kind,
  values: Array.from(first, i => {
    if (column.kind !== 'number') return column.levels[column.codes[i]] ?? null;
    return Number.isNaN(column.values[i]) ? null : column.values[i];
  }),
}));
const file = new URL('../../test/fixtures/models/onnx.json', import.meta.url);
writeFileSync(file, `${JSON.stringify({versions: {'onnxruntime-node': '1.30.0'}, data, cases})}\n`);
