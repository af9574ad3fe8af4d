// What models cost beside scikit-learn's on the same rows, by turns in the same run; without Python only the own times.

import {type ChildProcess, spawn} from 'node:child_process';
import {existsSync, writeFileSync} from 'node:fs';
import {availableParallelism} from 'node:os';
import {join} from 'node:path';
import {createInterface, type Interface} from 'node:readline';
import {fileURLToPath} from 'node:url';
import {rocAuc} from '../src/models/class-metrics.ts';
import type {FitInput} from '../src/models/estimator.ts';
import {ESTIMATORS} from '../src/models/estimators.ts';
import {Mt19937} from '../src/models/mt19937.ts';
import {withTempDirectory} from './measure.ts';
import type {Figure} from './run.ts';

const rows = 125_000;
const trainRows = 100_000;
const width = 20;
const python = '/usr/bin/python3';

type Run = {fit: number; predict: number; auc: number};
type Case = {name: 'boosting' | 'random_forest' | 'logistic'; runs: number; threads: number; budgetSeconds: number};

/** Seconds that only a much slower program would need: other load must not fail it where there is no yardstick. */
const cases: Case[] = [
  {name: 'logistic', runs: 5, threads: 1, budgetSeconds: 5},
  {name: 'boosting', runs: 5, threads: availableParallelism(), budgetSeconds: 15},
  {name: 'random_forest', runs: 1, threads: 1, budgetSeconds: 120},
];

export async function models(): Promise<Figure[]> {
  return withTempDirectory(async directory => {
    const figures: Figure[] = [];
    const data = makeData();
    for (const each of cases) {
      const yardstick = await startYardstick(join(directory, 'data.bin'), data, each.threads);
      const [ours, theirs]: [Run[], Run[]] = [[], []];
      for (let i = 0; i < each.runs; i++) {
        ours.push(runOurs(each.name, data));
        if (yardstick) theirs.push(await yardstick.run(each.name));
      }
      yardstick?.close();
      figures.push(...compared(each, ours, theirs), ...predicting(each, ours));
    }
    return figures;
  });
}

/** Quickest against quickest: scikit-learn's threads wait for each other, so that its other times say what else was running. */
function compared({name, threads, budgetSeconds}: Case, ours: Run[], theirs: Run[]): Figure[] {
  const seconds = quickest(ours);
  const fits = `${name} on 100k × 20`;
  if (theirs.length === 0) return [{name: fits, value: seconds, unit: 's', budget: budgetSeconds}];
  const label = `${fits} / scikit-learn, ${threads} thread${threads > 1 ? 's' : ''}`;
  const difference = Math.abs((ours[0]?.auc ?? 0) - (theirs[0]?.auc ?? 1));
  return [
    {name: `${label}`, value: seconds / quickest(theirs), unit: '×', budget: 2},
    {name: `${name}: difference of the AUC`, value: difference * 1000, unit: '‰', budget: 5},
  ];
}

function predicting({name}: Case, ours: Run[]): Figure[] {
  if (name !== 'boosting') return [];
  const seconds = Math.min(...ours.map(({predict}) => predict));
  return [{name: 'boosting scores a million rows', value: seconds * (1e6 / (rows - trainRows)), unit: 's', budget: 1}];
}

function quickest(runs: readonly Run[]): number {
  return Math.min(...runs.map(({fit}) => fit));
}

function runOurs(name: string, {features, target}: Data): Run {
  const estimator = ESTIMATORS.find(each => each.name === name && each.task === 'classification');
  if (!estimator) throw new Error(`no estimator ${name}`);
  const part = (from: number, to: number) => features.map(column => column.slice(from, to));
  const input: FitInput = {features: part(0, trainRows), target: target.slice(0, trainRows), classCount: 2, seed: 0};
  const unseen = part(trainRows, rows);
  const started = performance.now();
  const model = estimator.fit(input);
  const fitted = performance.now();
  const likely = model.probabilities?.(unseen)[1] ?? new Float64Array();
  const predicted = performance.now();
  const auc = rocAuc(target.slice(trainRows), likely) ?? Number.NaN;
  return {fit: (fitted - started) / 1000, predict: (predicted - fitted) / 1000, auc};
}

type Data = {features: Float64Array[]; target: Float64Array};

/** Normal features; a class from sums, products and curves of nine of them, with noise. */
function makeData(): Data {
  const random = new Mt19937(11);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random.nextDouble())) * Math.cos(2 * Math.PI * random.nextDouble());
  const features = Array.from({length: width}, () => Float64Array.from({length: rows}, normal));
  const target = Float64Array.from({length: rows}, (_, i) => {
    const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0, j = 0] = features.map(column => column[i] ?? 0);
    const score = a * b + c ** 2 - 1 + 0.8 * d - 0.6 * e + Math.sin(2 * f) + 0.5 * g * h * j;
    return random.nextDouble() < 1 / (1 + Math.exp(-1.5 * score)) ? 1 : 0;
  });
  return {features, target};
}

type Yardstick = {run(name: string): Promise<Run>; close(): void};

/** Null where there is no Python with scikit-learn. */
async function startYardstick(file: string, {features, target}: Data, threads: number): Promise<Yardstick | null> {
  if (!existsSync(python)) return null;
  writeFileSync(file, Buffer.concat([...features, target].map(column => Buffer.from(column.buffer))));
  const script = fileURLToPath(new URL('./models_sklearn.py', import.meta.url));
  const child = spawn(python, [script, file, String(rows), String(width), String(threads)], {
    env: {PATH: process.env.PATH, OMP_NUM_THREADS: String(threads), OPENBLAS_NUM_THREADS: String(threads)},
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const lines = createInterface({input: child.stdout});
  const hello = await answer(child, lines);
  return hello === null
    ? null
    : {
        async run(name) {
          child.stdin.write(`${name}\n`);
          const text = await answer(child, lines);
          if (text === null) throw new Error(`scikit-learn ended while it fitted ${name}`);
          return JSON.parse(text) as Run;
        },
        close: () => child.stdin.end(),
      };
}

function answer(child: ChildProcess, lines: Interface): Promise<string | null> {
  return new Promise(resolve => {
    lines.once('line', resolve);
    child.once('close', () => resolve(null));
  });
}
