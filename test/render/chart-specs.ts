// One seeded spec of every mark, for golden files. What a reader sees of a chart is in them.

import type {ChartPoint, ChartSpec} from '../../src/render/chart-spec.ts';
import {
  calibrationSpec,
  clustersSpec,
  forecastSpec,
  importanceSpec,
  partialDependenceSpec,
  precisionRecallSpec,
  residualsSpec,
  rocSpec,
} from '../../src/render/model-charts.ts';

export const numeric = (name: string): ChartSpec['x'] => ({name, kind: 'number'});
export const category = (name: string): ChartSpec['x'] => ({name, kind: 'category'});
export const specOf = (parts: Pick<ChartSpec, 'mark' | 'points'> & Partial<ChartSpec>): ChartSpec => ({
  title: parts.mark,
  x: numeric('x'),
  y: numeric('y'),
  totalRows: parts.points.length,
  nullCount: 0,
  sampled: false,
  ...parts,
});

/** A small generator (mulberry32), the same on every machine. */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const month = (index: number) => new Date(Date.UTC(2022, index, 1)).toISOString().slice(0, 10);
const range = (count: number) => Array.from({length: count}, (_, index) => index);

export function boxPoint(x: string | null, n: number, values: number[]): ChartPoint {
  const [min = 0, low = 0, q1 = 0, median = 0, q3 = 0, high = 0, max = 0] = values;
  return {x, y: median, box: {n, min, low, q1, q3, high, max, outliers: min === low && max === high ? 0 : 2}};
}

const boxes = [
  boxPoint('Coast', 120, [1, 1, 8, 11, 14, 22, 40]),
  boxPoint('漢字', 80, [-5, 2, 6, 9, 10.5, 15, 15]),
  boxPoint(null, 1, [7, 7, 7, 7, 7, 7, 7]),
];
const names = ['price', 'quantity', 'rating', 'weight'];
const regions = ['Coast', 'North', 'South', 'West'];
const bins = (seed: number): ChartPoint[] => {
  const next = random(seed);
  return range(12).map(i => ({
    x: i * 2,
    x1: i * 2 + 2,
    y: Math.round(60 * Math.exp(-((i - 5) ** 2) / 8) * (0.7 + next() * 0.6)),
  }));
};
const cloud = (seed: number, count: number): ChartPoint[] => {
  const next = random(seed);
  return range(count).map(() => {
    const x = next() * 40;
    return {x, y: 12 + x * 0.8 + (next() + next() + next() - 1.5) * 14};
  });
};
const scatter = specOf({
  mark: 'scatter',
  title: 'price against weight',
  x: {...numeric('weight'), unit: 'kg'},
  y: {...numeric('price'), unit: '€'},
  points: cloud(3, 160),
  guides: [{x0: 0, y0: 12, x1: 40, y1: 44, name: 'least squares: price = 12 + 0.8 × weight'}],
  notes: ['r² = 0.74'],
});
const roc = range(21).map(i => i / 20);

export const goldenSpecs: Readonly<Record<string, ChartSpec>> = {
  bar: specOf({
    mark: 'bar',
    title: 'Average price by region',
    x: category('region'),
    y: {name: 'price', kind: 'number', unit: '€'},
    points: [
      {x: 'Coast', y: 11.17},
      {x: 'South', y: 9.97},
      {x: '漢字', y: 8.77},
      {x: null, y: 3},
      {x: 'closed', y: null},
      {x: 'tiny', y: 0.001},
      {x: 'loss', y: -2.5},
    ],
  }),
  'grouped-bar': specOf({
    mark: 'bar',
    title: 'Sales by region and year',
    x: category('region'),
    y: numeric('sales'),
    group: category('year'),
    points: regions.flatMap((x, i) => ['2023', '2024'].map((group, j) => ({x, group, y: 10 + i * 3 + j * 4}))),
  }),
  'stacked-bar': specOf({
    mark: 'bar',
    stacked: true,
    title: 'Sales by region and channel',
    x: category('region'),
    y: numeric('sales'),
    group: category('channel'),
    points: regions.flatMap((x, i) =>
      ['web', 'shop', 'returns'].map((group, j) => ({x, group, y: j === 2 ? -2 - i : 10 + i * 3 + j * 4})),
    ),
  }),
  'log-bar': specOf({
    mark: 'bar',
    title: 'Rows by table (log scale)',
    x: category('table'),
    y: {...numeric('rows'), log: true},
    points: [
      {x: 'events', y: 12_345_678},
      {x: 'users', y: 8_100},
      {x: 'plans', y: 4},
      {x: 'empty', y: 0},
    ],
  }),
  histogram: specOf({
    mark: 'histogram',
    title: 'Distribution of price',
    x: {...numeric('price'), unit: '€'},
    y: numeric('rows'),
    nullCount: 22,
    points: range(20).map(i => ({x: i / 2, x1: i / 2 + 0.5, y: 400 - (i - 9) ** 2 * 4})),
  }),
  line: specOf({
    mark: 'line',
    title: 'Price by week',
    x: {name: 'week', kind: 'time'},
    y: {...numeric('price'), unit: '€'},
    points: range(100).map(week => ({
      x: new Date(Date.UTC(2023, 0, 1) + week * 7 * 86_400_000).toISOString().slice(0, 10),
      y: week > 40 && week < 50 ? null : ((week * 13) % 29) + week / 4,
    })),
  }),
  'lines-by-region': specOf({
    mark: 'line',
    title: 'Revenue by month and region',
    x: {name: 'month', kind: 'time'},
    y: numeric('revenue'),
    group: category('region'),
    points: regions
      .slice(0, 3)
      .flatMap((group, i) =>
        range(24).map(m => ({x: month(m), group, y: 100 + i * 40 + m * (3 - i) + Math.round(12 * Math.sin(m + i))})),
      ),
  }),
  area: specOf({
    mark: 'area',
    title: 'Visits by month',
    x: {name: 'month', kind: 'time'},
    y: numeric('visits'),
    points: range(24).map(m => ({x: month(m), y: 500 + m * 20 + Math.round(80 * Math.sin(m / 2))})),
  }),
  'stacked-area': specOf({
    mark: 'area',
    stacked: true,
    title: 'Visits by month and source',
    x: {name: 'month', kind: 'time'},
    y: numeric('visits'),
    group: category('source'),
    points: ['search', 'mail', 'direct'].flatMap((group, i) =>
      range(24).map(m => ({x: month(m), group, y: 100 + i * 50 + m * 4 + Math.round(20 * Math.sin(m / 2 + i))})),
    ),
  }),
  scatter,
  'scatter-by-group': specOf({
    mark: 'scatter',
    title: 'price against weight by region',
    x: numeric('weight'),
    y: numeric('price'),
    group: category('region'),
    points: regions.flatMap((group, i) =>
      cloud(i + 10, 25).map(point => ({...point, y: (point.y ?? 0) + i * 8, group})),
    ),
    sampled: true,
  }),
  box: specOf({mark: 'box', title: 'price by region', x: category('region'), y: numeric('price'), points: boxes}),
  violin: specOf({
    mark: 'violin',
    title: 'price by region',
    x: category('region'),
    y: numeric('price'),
    points: boxes.map(point => {
      const {min = 0, max = 0} = point.box ?? {};
      const density = range(41).map(i => Math.exp(-(((min + ((max - min) * i) / 40 - (point.y ?? 0)) / 4) ** 2)) / 7);
      return {...point, density: min === max ? [] : density};
    }),
  }),
  heatmap: specOf({
    mark: 'heatmap',
    title: 'rows by weekday and hour',
    x: category('hour'),
    y: numeric('rows'),
    group: category('weekday'),
    points: ['Mon', 'Tue', 'Wed'].flatMap((group, i) =>
      range(8).map(hour => ({x: `${hour * 3}:00`, group, y: i === 1 && hour === 0 ? null : (i * 17 + hour * 31) % 90})),
    ),
  }),
  correlation: specOf({
    mark: 'correlation',
    title: 'Correlation',
    x: category(''),
    y: {...numeric('pearson'), range: [-1, 1]},
    group: category(''),
    points: names.flatMap((group, i) =>
      names.map((x, j) => ({x, group, y: i === 3 && j === 0 ? null : i === j ? 1 : ((i * 7 + j * 7) % 5) / 2.5 - 0.8})),
    ),
  }),
  missing: specOf({
    mark: 'missing',
    title: 'Missing values of sales in the order of its rows',
    x: category('rows'),
    y: {...numeric('share of nulls'), range: [0, 1]},
    group: category('column'),
    points: names.flatMap((group, i) =>
      range(10).map(block => ({
        x: `${block * 400 + 1} to ${(block + 1) * 400}`,
        group,
        y: i === 2 ? block / 12 : i === 1 && block > 6 ? 1 : 0,
      })),
    ),
  }),
  pairs: specOf({
    mark: 'pairs',
    title: 'Pairs of price, quantity and rating',
    points: [],
    panels: names.slice(0, 3).flatMap((down, i) =>
      names.slice(0, 3).map((across, j) =>
        i === j
          ? specOf({mark: 'histogram', title: across, x: numeric(across), y: numeric('rows'), points: bins(i)})
          : specOf({
              mark: 'scatter',
              title: `${down} against ${across}`,
              x: numeric(across),
              y: numeric(down),
              points: cloud(i * 3 + j, 40),
            }),
      ),
    ),
  }),
  facets: specOf({
    mark: 'facets',
    title: 'Distribution of price by region',
    points: [],
    panels: regions.map((title, i) =>
      specOf({
        mark: 'histogram',
        title,
        x: numeric('price'),
        y: {...numeric('rows'), range: [0, 80]},
        points: bins(i + 1),
      }),
    ),
  }),
  ecdf: specOf({
    mark: 'ecdf',
    title: 'Share of rows at or below each price',
    x: numeric('price'),
    y: {...numeric('share of rows'), range: [0, 1]},
    totalRows: 4000,
    points: range(41).map(i => ({x: 3 * Math.sqrt(i) + i / 10, y: i / 40})),
  }),
  qq: specOf({
    mark: 'qq',
    title: 'price against the normal distribution',
    x: numeric('normal quantile'),
    y: numeric('price'),
    totalRows: 4000,
    points: range(40).map(i => ({x: (i - 19.5) / 8, y: 20 + (i - 19.5) * 0.6 + ((i - 19.5) / 8) ** 3})),
    guides: [{x0: -2.4, y0: 8, x1: 2.4, y1: 32, name: 'line through the quartiles'}],
  }),
  roc: rocSpec(
    [
      {name: 'boosted trees', x: roc, y: roc.map(x => x ** 0.25), auc: 0.8},
      {name: 'logistic', x: roc, y: roc.map(x => x ** 0.5), auc: 0.667},
    ],
    {n: 1200, on: 'test rows'},
  ),
  'precision-recall': precisionRecallSpec(
    [{name: 'boosted trees', x: roc, y: roc.map(x => 1 - 0.6 * x ** 3), averagePrecision: 0.85}],
    {n: 1200, baseRate: 0.31, on: 'test rows'},
  ),
  calibration: calibrationSpec(
    [
      {
        name: 'logistic',
        x: range(10).map(i => i / 10 + 0.05),
        y: range(10).map(i => (i / 10 + 0.05) ** 1.3),
        counts: range(10).map(i => 40 + i * 3),
        brier: 0.12,
      },
    ],
    {n: 535, on: 'test rows'},
  ),
  residuals: residualsSpec(
    {
      predicted: range(80).map(i => 10 + i / 4),
      residual: range(80).map(i => Math.sin(i * 1.7) * (1 + i / 40)),
      target: 'price',
    },
    {n: 4000, sampled: true, on: 'test rows'},
  ),
  importance: importanceSpec(
    [
      {name: 'weight', value: 0.41, low: 0.37, high: 0.45},
      {name: 'region', value: 0.22, low: 0.2, high: 0.24},
      {name: 'noise', value: -0.01, low: -0.03, high: 0.01},
    ],
    {n: 1200, on: 'test rows', measure: 'loss of R² when shuffled'},
  ),
  'partial-dependence': partialDependenceSpec(
    'weight',
    {
      x: range(20).map(i => i * 2),
      y: range(20).map(i => 10 + Math.sqrt(i) * 4),
      low: range(20).map(i => 8 + Math.sqrt(i) * 4),
      high: range(20).map(i => 12 + Math.sqrt(i) * 4),
    },
    {n: 1200, target: 'price'},
  ),
  clusters: (() => {
    const next = random(8);
    const at = [
      [0, 0],
      [5, 1],
      [2, 6],
    ];
    const rows = range(90).map(i => ({
      x: (at[i % 3]?.[0] ?? 0) + next() * 3,
      y: (at[i % 3]?.[1] ?? 0) + next() * 3,
      cluster: String((i % 3) + 1),
    }));
    return clustersSpec(
      {x: rows.map(({x}) => x), y: rows.map(({y}) => y), cluster: rows.map(({cluster}) => cluster)},
      {n: 90, axes: ['component 1 (61% of variance)', 'component 2 (22% of variance)']},
    );
  })(),
  forecast: forecastSpec(
    {
      observed: {times: range(36).map(month), values: range(36).map(m => 50 + m + Math.round(8 * Math.sin(m / 2)))},
      forecast: {
        times: range(12).map(m => month(m + 36)),
        values: range(12).map(m => 86 + m),
        low: range(12).map(m => 84 + m - Math.sqrt(m + 1) * 4),
        high: range(12).map(m => 88 + m + Math.sqrt(m + 1) * 4),
      },
      level: 0.95,
      time: 'month',
      value: 'sales',
      unit: '€',
    },
    {n: 36},
  ),
};
