// What was found by clustering, in words and as a table; every number is computed.

import type {Cell, Dataset, Table} from '../../core/dataset.ts';
import {formatCount, formatNumber, printable} from '../../core/text.ts';
import type {Clustered} from '../../models/clustering/cluster-rows.ts';
import type {ClusterProfile, Difference, Share} from '../../models/clustering/profile.ts';
import {isOneCloud} from '../../models/clustering/single-cloud.ts';
import type {ChartSpec} from '../../render/chart-spec.ts';
import {clustersSpec} from '../../render/model-charts.ts';
import {renderMarkdownTable} from '../../render/table.ts';
import {datasetLine} from '../catalog.ts';
import {countsOnly, type Line, originOf} from '../disclose.ts';
import {tableOf} from '../result-table.ts';
import type {Profiled} from './jobs.ts';
import {type Features, leftText, listed} from './read-features.ts';

const shownFacts = 4;
/** Below it clusters are hardly more than slices of one cloud (Kaufman and Rousseeuw). */
const weakSilhouette = 0.25;

/** One row a cluster: its rows, their share, and the mean of each column. */
export function clusterTable(found: Profiled, features: Features): Table {
  const rows = found.profiles.map(({cluster, rows: n, means}): Cell[] => [
    cluster === 0 ? 'none' : String(cluster),
    n,
    n / found.labels.length,
    ...means,
  ]);
  const columns = Object.fromEntries(features.names.map(name => [`mean ${name}`, 'number' as const]));
  return tableOf({cluster: 'text', rows: 'number', share: 'number', ...columns}, rows);
}

type Told = {found: Profiled; features: Features; dataset: Dataset; table: Table; from: string[]};

export function clusterLines({found, features, dataset, from}: Told): Line[] {
  const {labels, silhouette, silhouetteRows, inertia} = found;
  const about = {kind: 'statistic' as const, from, n: labels.length};
  const judged =
    silhouette === null
      ? 'The silhouette is not defined.'
      : `Mean silhouette${aloneIn(labels) > 0 ? ' of the rows in a cluster' : ''} ${formatNumber(silhouette)}${sampleOf(silhouetteRows, labels.length)}; 1 is well apart, 0 is no clusters.${weakness(silhouette, found)}`;
  return [
    {text: printable(headOf(found, features, dataset)), about: countsOnly},
    ...candidateLines(found, about),
    {text: `${judged}${inertia === null ? '' : ` Inertia ${formatNumber(inertia)}.`}`, about},
    ...found.profiles.map(profile => profileLine(profile, found, dataset)),
  ];
}

/** Whether they may be slices of one cloud; empty where they are not. */
function weakness(silhouette: number, {cloud, clusters}: Clustered): string {
  if (silhouette < weakSilhouette) return ' These are weak: the rows are one cloud rather than groups.';
  if (cloud === null || !isOneCloud(silhouette, cloud)) return '';
  return ` These are weak: one cloud without groups, as long in each direction and cut into ${clusters}, reaches about as much (${formatNumber(cloud)}, the largest of 19).`;
}

const aloneIn = (labels: Int32Array) => labels.reduce((count, label) => count + (label === 0 ? 1 : 0), 0);

function headOf(found: Clustered, {names, total, left}: Features, dataset: Dataset): string {
  const {clusters, labels} = found;
  const dropped = total - labels.length;
  const alone = aloneIn(labels);
  return [
    `${datasetLine(dataset)}. ${howText(found)}: ${clusters} cluster${clusters === 1 ? '' : 's'} of ${formatCount(labels.length)} rows by ${listed(names)}, each scaled to mean 0 and sd 1.`,
    ...(alone > 0
      ? [
          `${alone === 1 ? '1 row lies' : `${formatCount(alone)} rows lie`} too far from the others and ${alone === 1 ? 'is' : 'are'} in no cluster.`,
        ]
      : []),
    ...(dropped > 0
      ? [
          `${dropped === 1 ? '1 row with a missing value is' : `${formatCount(dropped)} rows with a missing value are`} in no cluster.`,
        ]
      : []),
    ...(left.length > 0 ? [`Columns not used: ${leftText(left)}.`] : []),
  ].join('\n');
}

function howText({method, radius}: Clustered): string {
  return method === 'kmeans' ? 'k-means' : radius === null ? method : `${method}, radius ${formatNumber(radius)} sd`;
}

/** The rows on the first two principal components, by cluster. */
export function clusterChart({picture, labels}: Clustered): ChartSpec | null {
  if (!picture) return null;
  const {rows, x, y, pca} = picture;
  const share = (c: number) => percent(pca.ratio[c] ?? 0);
  return clustersSpec(
    {x: [...x], y: [...y], cluster: Array.from(rows, row => (labels[row] ? String(labels[row]) : 'none'))},
    {
      axes: [`PC1 (${share(0)})`, `PC2 (${share(1)})`],
      title: 'Clusters',
      n: rows.length,
      sampled: rows.length < labels.length,
    },
  );
}

function sampleOf(rows: number, all: number): string {
  return rows < all ? ` (on a SAMPLE of ${formatCount(rows)} rows)` : '';
}

function candidateLines({candidates, choiceRows, labels}: Clustered, about: Line['about']): Line[] {
  if (candidates.length === 0) return [];
  const hasInertia = candidates.some(({inertia}) => inertia !== null);
  const table = tableOf(
    {k: 'number', silhouette: 'number', ...(hasInertia && {inertia: 'number' as const})},
    candidates.map(({k, silhouette, inertia}) => [k, silhouette, ...(hasInertia ? [inertia] : [])]),
  );
  const head = `k has the largest mean silhouette of ${candidates.length} that were tried${sampleOf(choiceRows, labels.length)}:`;
  return [
    {text: head, about: countsOnly},
    {text: renderMarkdownTable(table), about},
  ];
}

function profileLine({cluster, rows, differences, shares}: ClusterProfile, found: Clustered, dataset: Dataset): Line {
  const name = cluster === 0 ? 'In no cluster' : `Cluster ${cluster}`;
  const size = `${name}: ${formatCount(rows)} row${rows === 1 ? '' : 's'} (${percent(rows / found.labels.length)})`;
  const told = [...differences.slice(0, shownFacts).map(differenceText), ...shares.slice(0, 2).map(shareText)];
  const used = [...differences.slice(0, shownFacts), ...shares.slice(0, 2)].map(({column}) => column);
  const fewest = Math.min(rows, ...shares.slice(0, 2).map(({count}) => count));
  return {
    text: printable(`${size}: ${told.length > 0 ? told.join('; ') : 'like all rows'}.`, {oneLine: true}),
    about: {kind: shares.length > 0 ? 'group' : 'statistic', from: originOf(dataset, used), n: fewest},
    otherwise: `${size}.`,
  };
}

/** As a multiple where both means are above 0 and it says more than the difference. */
function differenceText({column, mean, overall, sds}: Difference): string {
  const ratio = mean / overall;
  const many = mean > 0 && overall > 0 && (ratio >= 1.5 || ratio <= 0.67);
  const how = many ? `${Number(ratio.toPrecision(2))} × the mean` : sds > 0 ? 'higher' : 'lower';
  return `${column} ${how} (${formatNumber(mean)}, all ${formatNumber(overall)})`;
}

function shareText({column, value, share, overall}: Share): string {
  return `${share >= 0.5 ? 'mostly' : 'more often'} ${column} ${value} (${percent(share)}, all ${percent(overall)})`;
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(1))} %`;
}
