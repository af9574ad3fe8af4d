// What the principal components are, in words, as a table and as a picture.

import type {Cell, Dataset, Table} from '../../core/dataset.ts';
import {formatCount, formatNumber, printable} from '../../core/text.ts';
import type {Reduced} from '../../models/reduction/reduce-rows.ts';
import type {ChartSpec} from '../../render/chart-spec.ts';
import {clustersSpec} from '../../render/model-charts.ts';
import {renderMarkdownTable} from '../../render/table.ts';
import {datasetLine} from '../catalog.ts';
import {countsOnly, type Line} from '../disclose.ts';
import {tableOf} from '../result-table.ts';
import {type Features, leftText, listed} from './read-features.ts';

const shownLoadings = 5;
const leastLoading = 0.2;
const shownComponents = 10;
const barWidth = 20;

/** One row a component: its variance, the share of all, the shares so far, and the loading of each column. */
export function reduceTable({pca: {components, variance, ratio}}: Reduced, {names}: Features): Table {
  let sum = 0;
  const rows = components.map((loadings, c): Cell[] => {
    sum += ratio[c] ?? 0;
    return [`PC${c + 1}`, variance[c] ?? 0, ratio[c] ?? 0, sum, ...loadings];
  });
  const columns = Object.fromEntries(names.map(name => [`loading ${name}`, 'number' as const]));
  return tableOf({component: 'text', variance: 'number', share: 'number', cumulative: 'number', ...columns}, rows);
}

/** The rows on the first two components, by the values of one category where there is one. */
export function reduceChart({pca: {ratio}, rows, x, y}: Reduced, features: Features): ChartSpec {
  const [category] = features.categories;
  const groupOf = (row: number) => category?.levels[category.codes[row] ?? Number.NaN] ?? (category ? 'none' : 'rows');
  const axes: [string, string] = [`PC1 (${percent(ratio[0])})`, `PC2 (${percent(ratio[1])})`];
  const title = `Rows on the first two components${category ? ` by ${category.name}` : ''}`;
  const sampled = rows.length < features.places.length;
  return clustersSpec(
    {x: [...x], y: [...y], cluster: Array.from(rows, groupOf)},
    {axes, title, n: rows.length, sampled},
  );
}

type Told = {found: Reduced; features: Features; dataset: Dataset; from: string[]};

export function reduceLines({found, features, dataset, from}: Told): Line[] {
  const {components, variance, ratio} = found.pca;
  const {names, total, left, places} = features;
  const about = {kind: 'statistic' as const, from, n: places.length};
  const dropped = total - places.length;
  const scree = tableOf(
    {component: 'text', variance: 'number', share: 'text', cumulative: 'text', scree: 'text'},
    screeRows(variance, ratio),
  );
  const kaiser = variance.filter(value => value > 1).length;
  const enough = ratio.reduce(
    (found, share) => (found.sum >= 0.8 ? found : {sum: found.sum + share, count: found.count + 1}),
    {sum: 0, count: 0},
  );
  return [
    {
      text: printable(
        [
          `${datasetLine(dataset)}. Principal components of ${formatCount(places.length)} rows by ${listed(names)}, each scaled to mean 0 and sd 1; the largest loading of each is positive.`,
          ...(dropped > 0 ? [`${formatCount(dropped)} rows with a missing value are left out.`] : []),
          ...(left.length > 0 ? [`Columns not used: ${leftText(left)}.`] : []),
        ].join('\n'),
      ),
      about: countsOnly,
    },
    {text: renderMarkdownTable(scree), about},
    {
      text: `${enough.count} component${enough.count === 1 ? ' holds' : 's hold'} ${percent(enough.sum)} of the variance; ${kaiser} ha${kaiser === 1 ? 's' : 've'} a variance above 1, that of one column.`,
      about,
    },
    ...components.slice(0, Math.max(2, Math.min(kaiser, 5))).map(
      (loadings, c): Line => ({
        text: printable(`PC${c + 1} (${percent(ratio[c])}): ${loadingsText(loadings, names)}.`, {oneLine: true}),
        about,
      }),
    ),
    ...(found.rows.length < places.length
      ? [{text: `The picture shows a SAMPLE of ${formatCount(found.rows.length)} rows.`, about: countsOnly}]
      : []),
  ];
}

function screeRows(variance: Float64Array, ratio: Float64Array): Cell[][] {
  let sum = 0;
  const most = ratio[0] ?? 1;
  return [...ratio].slice(0, shownComponents).map((share, c): Cell[] => {
    sum += share;
    return [
      `PC${c + 1}`,
      variance[c] ?? 0,
      percent(share),
      percent(sum),
      '█'.repeat(Math.round((share / most) * barWidth)),
    ];
  });
}

function loadingsText(loadings: Float64Array, names: readonly string[]): string {
  return [...loadings.keys()]
    .sort((a, b) => Math.abs(loadings[b] ?? 0) - Math.abs(loadings[a] ?? 0))
    .filter((j, place) => place === 0 || Math.abs(loadings[j] ?? 0) >= leastLoading)
    .slice(0, shownLoadings)
    .map(j => `${names[j]} ${(loadings[j] ?? 0) < 0 ? '' : '+'}${formatNumber(Number((loadings[j] ?? 0).toFixed(3)))}`)
    .join(', ');
}

function percent(share = 0): string {
  return `${Number((share * 100).toFixed(1))} %`;
}
