// UMAP: rows in two dimensions with their neighbours kept together, and how far that picture is to be trusted.

import type {Reader} from '../../analysis/column-values.ts';
import type {Cell, Dataset, Table} from '../../core/dataset.ts';
import {formatCount, formatNumber, printable} from '../../core/text.ts';
import type {ToolContext} from '../../core/tool.ts';
import type {Judged, Umapped} from '../../models/reduction/umap.ts';
import type {ChartSpec} from '../../render/chart-spec.ts';
import {clustersSpec} from '../../render/model-charts.ts';
import {renderMarkdownTable} from '../../render/table.ts';
import {type Catalog, datasetLine} from '../catalog.ts';
import {countsOnly, type Line, originOf} from '../disclose.ts';
import {tableOf} from '../result-table.ts';
import {keepAs, requireFewEnough, requireKeepable} from './keep.ts';
import {type Features, leftText, listed, readFeatures, withValuesSql} from './read-features.ts';
import {runApart} from './run-apart.ts';

export type UmapAsked = {
  columns?: string[] | undefined;
  by?: string | undefined;
  where?: string | undefined;
  saveAs?: string | undefined;
};

/** What the other picture has to be worse by to be worth the loss of axes that mean something. */
const worthwhile = 0.01;
const hardlyTrusted = 0.8;

export async function umapPicture(
  catalog: Catalog,
  reader: Reader,
  dataset: Dataset,
  {columns: named, by, where, saveAs}: UmapAsked,
  context: ToolContext,
): Promise<{lines: Line[]; table: Table; chart: ChartSpec}> {
  const kept = saveAs === undefined ? null : {name: saveAs, columns: ['umap1', 'umap2']};
  if (kept) await requireKeepable(catalog, dataset, kept);
  const described = by === undefined ? [] : [by];
  const features = await readFeatures(reader, dataset, where, {named, described, least: 2});
  if (kept) requireFewEnough(features.total);
  const found = await runApart(
    'umap',
    {columns: features.columns, codes: features.categories[0]?.codes ?? null, seed: 42},
    {
      signal: context.signal,
      onProgress: message => context.emit({type: 'work_progress', message: `UMAP: ${message}`}),
    },
  );
  const table = judgedTable(found, by);
  const lines = umapLines({found, features, dataset, by, from: originOf(dataset, [...features.names, ...described])});
  if (kept) {
    const sql = withValuesSql({dataset: dataset.name, where}, [
      {name: 'umap1', type: 'DOUBLE', values: placesOf(found.x, found, features)},
      {name: 'umap2', type: 'DOUBLE', values: placesOf(found.y, found, features)},
    ]);
    lines.push({text: await keepAs(catalog, dataset, {...kept, sql}, context), about: countsOnly});
  }
  return {lines, table, chart: chartOf(found, features)};
}

/** One a row of the data, null where it is not in the picture. */
function placesOf(values: Float64Array, {rows}: Umapped, {places, total}: Features): (number | null)[] {
  const all = new Array<number | null>(total).fill(null);
  rows.forEach((row, i) => {
    all[places[row] ?? 0] = Number((values[i] ?? 0).toPrecision(7));
  });
  return all;
}

function judgedTable({picture, components, original, alikeByChance, judgedNeighbours}: Umapped, by?: string): Table {
  const row = (name: string, {trustworthiness, alike}: Partial<Judged>): Cell[] => [
    name,
    trustworthiness ?? null,
    ...(by === undefined ? [] : [alike ?? null]),
  ];
  return tableOf(
    {
      picture: 'text',
      trustworthiness: 'number',
      ...(by !== undefined && {[`same ${by} among the ${judgedNeighbours} nearest`]: 'number' as const}),
    },
    [
      row('UMAP', picture),
      row('first two components', components),
      ...(by === undefined ? [] : [row('all columns', original), row('rows at random', {alike: alikeByChance})]),
    ],
  );
}

type Told = {found: Umapped; features: Features; dataset: Dataset; by: string | undefined; from: string[]};

export function umapLines({found, features, dataset, by, from}: Told): Line[] {
  const {names, total, left, places} = features;
  const {rows, neighbours, judgedRows, judgedNeighbours, picture, components} = found;
  const about = {kind: 'statistic' as const, from, n: judgedRows};
  const dropped = total - places.length;
  const head = [
    `${datasetLine(dataset)}. UMAP of ${formatCount(rows.length)} rows by ${listed(names)}, each scaled to mean 0 and sd 1 (${neighbours} neighbours, minimal distance 0.1, seed 42).`,
    ...(rows.length < places.length
      ? [`It is of a SAMPLE: ${formatCount(places.length)} rows are too many to compare all with each other.`]
      : []),
    ...(dropped > 0 ? [`${formatCount(dropped)} rows with a missing value are left out.`] : []),
    ...(left.length > 0 ? [`Columns not used: ${leftText(left)}.`] : []),
  ];
  const sample = judgedRows < rows.length ? `, measured on a SAMPLE of ${formatCount(judgedRows)} rows` : '';
  const gain = picture.trustworthiness - components.trustworthiness;
  return [
    {text: printable(head.join('\n')), about: countsOnly},
    {
      text: `How far the ${judgedNeighbours} nearest rows in the picture are near in all columns (trustworthiness, 1 is entirely, 0.5 by chance${sample}):`,
      about: countsOnly,
    },
    {text: renderMarkdownTable(judgedTable(found, by)), about},
    {
      text:
        gain > worthwhile
          ? `UMAP keeps neighbours better than the first two components, by ${formatNumber(Number(gain.toFixed(3)))}.`
          : 'The first two components (/reduce) keep neighbours as well, and their axes mean something.',
      about,
    },
    ...(picture.trustworthiness < hardlyTrusted
      ? [
          {
            text: 'The picture is hardly to be trusted: many rows next to each other in it are far apart in all columns, so groups in it may be none.',
            about,
          },
        ]
      : []),
    {
      text: 'Rows next to each other are alike, as far as the picture is to be trusted; how far groups lie apart, how large they look, and the axes mean little.',
      about: countsOnly,
    },
    ...(found.drawn.length < rows.length
      ? [{text: `The chart shows a SAMPLE of ${formatCount(found.drawn.length)} rows.`, about: countsOnly}]
      : []),
  ];
}

function chartOf({rows, drawn, x, y}: Umapped, {categories: [category], places}: Features): ChartSpec {
  const pick = (values: Float64Array) => Array.from(drawn, i => values[i] ?? 0);
  const groupOf = (i: number) =>
    category?.levels[category.codes[rows[i] ?? 0] ?? Number.NaN] ?? (category ? 'none' : 'rows');
  return clustersSpec(
    {x: pick(x), y: pick(y), cluster: Array.from(drawn, groupOf)},
    {
      axes: ['UMAP 1 (no unit)', 'UMAP 2 (no unit)'],
      title: `Neighbouring rows by UMAP${category ? ` by ${category.name}` : ''}`,
      n: drawn.length,
      sampled: drawn.length < places.length,
    },
  );
}
