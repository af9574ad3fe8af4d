// The part of the quality check that compares: two datasets, or the halves of one, as lines and a table.

import type {Reader} from '../analysis/column-values.ts';
import {type ColumnDrift, findDrift, halves, halvesOf} from '../analysis/drift.ts';
import {formatP} from '../analysis/hypothesis/sentence.ts';
import {type Cell, currentVersion, type Dataset, type Table} from '../core/dataset.ts';
import {formatCount, formatNumber, printable} from '../core/text.ts';
import {quoteName} from '../engine/sql-text.ts';
import {type Catalog, datasetLine} from './catalog.ts';
import {countsOnly, type Line, originOf} from './disclose.ts';
import {tableOf} from './result-table.ts';

export type DriftAnswer = {lines: Line[]; table: Table; datasets: string[]};

/** `compareTo` is the earlier dataset, or "halves". */
export async function driftAnswer(
  catalog: Catalog,
  dataset: Dataset,
  compareTo: string,
  reader: Reader,
  signal: AbortSignal,
): Promise<DriftAnswer> {
  const {rows, columns} = currentVersion(dataset);
  const isHalves = compareTo === halves;
  const other = isHalves ? dataset : await catalog.dataset(compareTo);
  const [before, after] = isHalves ? halvesOf(dataset.name, rows, columns) : [sideOf(other), sideOf(dataset)];
  const {columns: found, added, removed, retyped} = await findDrift(reader, before, after, signal);
  const what = isHalves
    ? `${datasetLine(dataset)}: second half (${formatCount(after.rows)} rows) against the first (${formatCount(before.rows)})`
    : `${datasetLine(dataset)} against ${datasetLine(other)}`;
  const shape = [
    ...(added.length > 0 ? [`only here: ${added.join(', ')}`] : []),
    ...(removed.length > 0 ? [`only there: ${removed.join(', ')}`] : []),
    ...(retyped.length > 0 ? [`of another kind: ${retyped.join(', ')}`] : []),
  ];
  const line = (text: string): Line => ({text: printable(text, {oneLine: true}), about: countsOnly});
  const lines = [
    line(`${what}. PSI from 0.1 is a moderate change, from 0.25 a strong one; p adjusted for ${found.length} columns.`),
    ...(shape.length > 0 ? [line(`Columns ${shape.join('; ')}.`)] : []),
    ...found.map(each =>
      driftLine(
        each,
        [...originOf(dataset, [each.column]), ...originOf(other, [each.column])],
        [before.rows, after.rows],
      ),
    ),
  ];
  const cells = found.map(({column, psi, test, pAdjusted, missingBefore, missingAfter, note}): Cell[] => [
    column,
    psi,
    test?.test ?? null,
    test?.statistic ?? null,
    test?.p ?? null,
    pAdjusted,
    missingBefore,
    missingAfter,
    note,
  ]);
  const kinds = {column: 'text', psi: 'number', test: 'text', statistic: 'number', p: 'number'} as const;
  const table = tableOf(
    {...kinds, p_adjusted: 'number', missing_before: 'number', missing_after: 'number', note: 'text'},
    cells,
  );
  return {lines, table, datasets: [...new Set([dataset.name, other.name])]};
}

function sideOf(dataset: Dataset) {
  const {rows, columns} = currentVersion(dataset);
  return {from: quoteName(dataset.name), rows, columns};
}

function driftLine(drift: ColumnDrift, from: string[], rows: readonly [number, number]): Line {
  const {column, psi, test, pAdjusted, missingBefore, missingAfter, note} = drift;
  const strength =
    psi === null ? 'not compared' : psi >= 0.25 ? 'strong change' : psi >= 0.1 ? 'moderate change' : 'stable';
  const facts = [
    ...(psi === null ? [] : [`PSI ${formatNumber(Number(psi.toPrecision(4)))}`]),
    ...(test === null ? [] : [`${test.statisticName} ${formatNumber(test.statistic)}`, formatP(pAdjusted ?? test.p)]),
    ...(missingBefore + missingAfter === 0
      ? []
      : [`missing ${formatCount(missingBefore)} → ${formatCount(missingAfter)}`]),
  ];
  const text = printable(`- ${column}: ${[strength, ...facts].join(', ')}`, {oneLine: true});
  const n = Math.min(...rows);
  if (note === '')
    return {text, about: {kind: 'statistic', from, n}, otherwise: `- ${printable(column, {oneLine: true})}`};
  return {text: `${text}; ${printable(note, {oneLine: true})}`, about: {kind: 'value', from, n: 0}, otherwise: text};
}
