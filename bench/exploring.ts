// What clustering and forecasting cost beside scikit-learn and statsmodels on the same numbers, by turns; without Python the own times.

import {spawnSync} from 'node:child_process';
import {existsSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {dbscan} from '../src/models/clustering/dbscan.ts';
import {hdbscan} from '../src/models/clustering/hdbscan.ts';
import {kMeans} from '../src/models/clustering/k-means.ts';
import {type Points, pointsAt} from '../src/models/clustering/standardise.ts';
import {fitArima} from '../src/models/forecasting/arima.ts';
import {ets} from '../src/models/forecasting/ets.ts';
import {Mt19937} from '../src/models/mt19937.ts';
import {umapRows} from '../src/models/reduction/umap.ts';
import {withTempDirectory} from './measure.ts';
import type {Figure} from './run.ts';

const python = '/usr/bin/python3';
const width = 10;

/** `ratio` and `seconds` are budgets, with Python and without. */
type Case = {
  name: string;
  task?: string;
  data: Float64Array;
  width: number;
  run(): number | null;
  ratio?: number;
  seconds: number;
  runs: number;
};

export async function exploring(): Promise<Figure[]> {
  return withTempDirectory(async directory => cases().flatMap(each => compared(each, directory)));
}

function cases(): Case[] {
  const many = blobs(100_000);
  const some = pointsAt(
    many,
    Array.from({length: 20_000}, (_, i) => i),
  );
  const series = monthly(144);
  const orders = {p: 0, d: 1, q: 1, P: 0, D: 1, Q: 1, period: 12, constant: false};
  const columns = Array.from({length: width}, (_, j) =>
    Float64Array.from({length: 10_000}, (__, i) => some.values[i * width + j] ?? 0),
  );
  const counted = (labels: Int32Array) => new Set(labels).size;
  return [
    {
      name: 'k-means, 100k × 10, k 8',
      task: 'kmeans',
      data: many.values,
      width,
      run: () => kMeans(many, {k: 8, seed: 0, starts: 3}).inertia,
      ratio: 2,
      seconds: 2,
      runs: 3,
    },
    {
      name: 'DBSCAN, 20k × 10',
      task: 'dbscan',
      data: some.values,
      width,
      run: () => counted(dbscan(some, 1.2, 5)),
      ratio: 0.8,
      seconds: 2,
      runs: 3,
    },
    {name: 'HDBSCAN, 20k × 10', data: some.values, width, run: () => counted(hdbscan(some, 15)), seconds: 4, runs: 3},
    {
      name: 'UMAP, 10k × 10',
      data: some.values,
      width,
      run: () => umapRows({columns, codes: null, seed: 42}, () => {}).picture.trustworthiness,
      seconds: 12,
      runs: 1,
    },
    {
      name: 'ETS of nine forms, 144 months',
      task: 'ets',
      data: series,
      width: 1,
      run: () => ets.fit(series, 12)?.ahead(12).mean[0] ?? null,
      ratio: 2,
      seconds: 10,
      runs: 3,
    },
    {
      name: 'ARIMA (0,1,1)(0,1,1)[12], 144 months',
      task: 'arima',
      data: series,
      width: 1,
      run: () => fitArima(series, orders)?.logLikelihood ?? null,
      ratio: 1,
      seconds: 10,
      runs: 3,
    },
  ];
}

/** Quickest against quickest. */
function compared({name, task, data, width: columns, run, ratio, seconds, runs}: Case, directory: string): Figure[] {
  const file = join(directory, 'data.bin');
  writeFileSync(file, Buffer.from(data.buffer, data.byteOffset, data.byteLength));
  const [ours, theirs]: [number[], number[]] = [[], []];
  for (let i = 0; i < runs; i++) {
    const started = performance.now();
    if (run() === null) throw new Error(`${name} gave nothing`);
    ours.push((performance.now() - started) / 1000);
    const yardstick = task === undefined ? null : measured(task, file, columns);
    if (yardstick !== null) theirs.push(yardstick);
  }
  const own = Math.min(...ours);
  if (theirs.length === 0 || ratio === undefined) return [{name, value: own, unit: 's', budget: seconds}];
  const library = task === 'ets' || task === 'arima' ? 'statsmodels' : 'scikit-learn';
  return [{name: `${name} / ${library}`, value: own / Math.min(...theirs), unit: '×', budget: ratio}];
}

/** Null where there is no Python with the library. */
function measured(task: string, file: string, columns: number): number | null {
  if (!existsSync(python)) return null;
  const script = fileURLToPath(new URL('./exploring_yardstick.py', import.meta.url));
  const {status, stdout} = spawnSync(python, [script, task, file, String(columns)], {
    env: {PATH: process.env.PATH, OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1'},
    encoding: 'utf8',
  });
  return status === 0 ? (JSON.parse(stdout) as {seconds: number}).seconds : null;
}

/** Eight clouds, two of them close. */
function blobs(count: number): Points {
  const random = new Mt19937(5);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random.nextDouble())) * Math.cos(2 * Math.PI * random.nextDouble());
  const centres = Array.from({length: 8}, () => Array.from({length: width}, () => 3 * normal()));
  const values = Float64Array.from(
    {length: count * width},
    (_, at) => (centres[Math.floor(at / width) % 8]?.[at % width] ?? 0) + normal(),
  );
  return {values, count, width};
}

function monthly(count: number): Float64Array {
  const random = new Mt19937(9);
  return Float64Array.from(
    {length: count},
    (_, i) => (100 + i) * (1 + 0.2 * Math.sin((i / 12) * 2 * Math.PI)) + 8 * (random.nextDouble() - 0.5),
  );
}
