// Unusual rows: found in a thread of its own, each with the columns that make it unusual.

import {fromSql, type Reader} from '../../analysis/column-values.ts';
import type {Column, Dataset, Table} from '../../core/dataset.ts';
import {currentVersion} from '../../core/dataset.ts';
import {formatCell, formatCount, formatNumber, printable} from '../../core/text.ts';
import type {ToolContext} from '../../core/tool.ts';
import {quoteName} from '../../engine/sql-text.ts';
import type {Anomalies, Anomaly, AnomalyMethod, Reason} from '../../models/anomaly/find-anomalies.ts';
import {type Catalog, datasetLine} from '../catalog.ts';
import {countsOnly, type Line, originOf} from '../disclose.ts';
import {tableOf} from '../result-table.ts';
import {looksLikeId} from '../training/read-columns.ts';
import {keepAs, requireFewEnough, requireKeepable} from './keep.ts';
import {type Features, leftText, listed, readFeatures, withValuesSql} from './read-features.ts';
import {runApart} from './run-apart.ts';

const shownRows = 10;

export type AnomalyAsked = {
  method: AnomalyMethod;
  columns?: string[] | undefined;
  least?: number | undefined;
  where?: string | undefined;
  saveAs?: string | undefined;
};

export async function anomalies(
  catalog: Catalog,
  reader: Reader,
  dataset: Dataset,
  {method, columns: named, least = 20, where, saveAs}: AnomalyAsked,
  context: ToolContext,
): Promise<{lines: Line[]; table: Table}> {
  const kept = saveAs === undefined ? null : {name: saveAs, columns: ['anomaly_score']};
  if (kept) await requireKeepable(catalog, dataset, kept);
  const features = await readFeatures(reader, dataset, where, {named, described: []});
  if (kept) requireFewEnough(features.total);
  const found = await runApart(
    'anomalies',
    {columns: features.columns, method, neighbours: least, most: shownRows, seed: 42},
    {
      signal: context.signal,
      onProgress: message => context.emit({type: 'work_progress', message: `Anomalies: ${message}`}),
    },
  );
  const label = labelColumn(dataset, features.names);
  const labels = await labelsOf(reader, dataset, where, label, found.rows, features);
  const lines = linesOf(found, features, {dataset, method, label, labels});
  if (kept) {
    const scores = new Array<number | null>(features.total).fill(null);
    features.places.forEach((place, i) => {
      scores[place] = Number((found.scores[i] ?? 0).toPrecision(6));
    });
    const sql = withValuesSql({dataset: dataset.name, where}, [
      {name: 'anomaly_score', type: 'DOUBLE', values: scores},
    ]);
    lines.push({text: await keepAs(catalog, dataset, {...kept, sql}, context), about: countsOnly});
  }
  return {lines, table: tableOfRows(found, features, label, labels)};
}

/** A column that names the rows: a text that is different nearly everywhere, or numbers that are called so. */
function labelColumn(dataset: Dataset, used: readonly string[]): Column | null {
  const {columns, rows} = currentVersion(dataset);
  const names = columns.filter(
    ({name, kind, type, distinctCount}) =>
      !used.includes(name) &&
      distinctCount >= 0.95 * rows &&
      (kind === 'text' || (/INT/.test(type) && looksLikeId(name))),
  );
  return names[0] ?? null;
}

async function labelsOf(
  reader: Reader,
  dataset: Dataset,
  where: string | undefined,
  label: Column | null,
  rows: readonly Anomaly[],
  {places}: Features,
): Promise<string[]> {
  const numbers = rows.map(({row}) => (places[row] ?? 0) + 1);
  if (!label) return numbers.map(number => `row ${formatCount(number)}`);
  const inner = `SELECT ${quoteName(label.name)}::VARCHAR AS label, row_number() OVER () AS place ${fromSql({dataset: dataset.name, where})}`;
  const found = await reader.rows(`SELECT place, label FROM (${inner}) WHERE place IN (${numbers.join(', ')})`);
  const texts = new Map(found.map(([place, text]) => [Number(place), text]));
  return numbers.map(number => formatCell(texts.get(number) ?? `row ${number}`));
}

type Told = {dataset: Dataset; method: AnomalyMethod; label: Column | null; labels: string[]};

function linesOf(
  found: Anomalies,
  {names, total, places, left}: Features,
  {dataset, method, label, labels}: Told,
): Line[] {
  const dropped = total - places.length;
  const how =
    method === 'lof'
      ? `Local outlier factor with ${found.neighbours} neighbours (1 is usual)`
      : 'Isolation forest (0.5 is usual, 1 the most unusual)';
  const head = [
    `${datasetLine(dataset)}. ${how}, ${formatCount(places.length)} rows by ${listed(names)}.`,
    ...(dropped > 0
      ? [
          `${dropped === 1 ? '1 row with a missing value has' : `${formatCount(dropped)} rows with a missing value have`} no score.`,
        ]
      : []),
    ...(left.length > 0 ? [`Columns not used: ${leftText(left)}.`] : []),
    `${found.above === 1 ? '1 row has' : `${formatCount(found.above)} rows have`} a score above ${found.threshold}. The ${found.rows.length} most unusual:`,
  ];
  const from = originOf(dataset, [...names, ...(label ? [label.name] : [])]);
  return [
    {text: printable(head.join('\n')), about: countsOnly},
    ...found.rows.map(
      ({score, reasons}, i): Line => ({
        text: printable(
          `${labels[i]}: ${formatNumber(Number(score.toFixed(4)))}; ${reasons.map(each => reasonText(each, names, places.length)).join('; ')}`,
          {oneLine: true},
        ),
        about: {kind: 'value', from, n: 1},
      }),
    ),
    {text: 'Unusual is not wrong: look at the rows before you drop any.', about: countsOnly},
  ];
}

/** `rank` is the share of rows below; of n rows the lowest has 0 below it, and the highest all but its own n-th. */
function reasonText({column, value, median, rank}: Reason, names: readonly string[], n: number): string {
  const upTo = rank + 1 / n;
  const where =
    rank === 0
      ? 'the lowest'
      : upTo > 1 - 1e-9
        ? 'the highest'
        : rank >= 0.9
          ? `above ${share(rank)} of the rows`
          : rank <= 0.1
            ? `among the lowest ${share(upTo)}`
            : 'odd beside the others';
  return `${names[column]} ${formatNumber(value)} (median ${formatNumber(median)}, ${where})`;
}

function share(part: number): string {
  return `${Number((part * 100).toFixed(1))} %`;
}

function tableOfRows(
  {rows}: Anomalies,
  {columns, names, places}: Features,
  label: Column | null,
  labels: string[],
): Table {
  return tableOf(
    [
      ['row', 'number'],
      ...(label ? [[label.name, 'text'] as const] : []),
      ['score', 'number'],
      ...names.map(name => [name, 'number'] as const),
      ['because', 'text'],
    ],
    rows.map(({row, score, reasons}, i) => [
      (places[row] ?? 0) + 1,
      ...(label ? [labels[i] ?? null] : []),
      score,
      ...columns.map(column => column[row] ?? null),
      reasons.map(each => names[each.column]).join(', '),
    ]),
  );
}
