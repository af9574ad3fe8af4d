// Reads a text as the import does, without an engine, and compares what came out with what is right.

import {detectDialect} from '../../src/import/dialect/detect.ts';
import {RowRepair} from '../../src/import/repair-row.ts';
import {parseRows} from '../../src/import/rows.ts';
import {TableShaper} from '../../src/import/shape.ts';
import type {Polluted} from './pollution.ts';

export function readText(text: string) {
  const dialect = detectDialect(text.slice(0, 65_536), text.length <= 65_536);
  const rows: string[][] = [];
  const repairs = new RowRepair(dialect, dialect.profile);
  const shaper = new TableShaper(
    dialect,
    cells => rows.push(cells),
    () => {},
    row => repairs.repair(row),
  );
  for (const row of parseRows(text, dialect)) shaper.add(row);
  shaper.end();
  if (!shaper.report.hasExtra) for (const cells of rows) cells.pop();
  const names = dialect.names && shaper.report.hasExtra ? [...dialect.names, 'extra_cells'] : dialect.names;
  return {dialect, names, rows, report: shaper.report};
}

/** Header, records and cells: precision, recall and F1 of each, and one for having a table; 10 is all right. */
export function scoreOf(names: readonly string[] | null, rows: readonly string[][], right: Polluted): number {
  const trimmed = (cells: readonly string[]) => {
    const kept = cells.map(cell => cell.trim());
    while (kept.at(-1) === '') kept.pop();
    return kept;
  };
  const key = (cells: readonly string[]) => JSON.stringify(trimmed(cells));
  const {row = -1, cells = []} = right.also ?? {};
  const seen = new Set(rows.map(key));
  const better = cells.find(each => seen.has(key(each)));
  const truth = better ? right.rows.with(row, better) : right.rows;
  const header = f1(trimmed(names ?? []), trimmed(right.names ?? []));
  const records = f1(rows.map(key), truth.map(key));
  const all = f1(rows.flatMap(trimmed), truth.flatMap(trimmed));
  return 1 + header + records + all;
}

function f1(found: readonly string[], right: readonly string[]): number {
  if (found.length === 0 && right.length === 0) return 3;
  const counts = new Map<string, number>();
  for (const each of right) counts.set(each, (counts.get(each) ?? 0) + 1);
  let hits = 0;
  for (const each of found) {
    const left = counts.get(each) ?? 0;
    if (left === 0) continue;
    counts.set(each, left - 1);
    hits++;
  }
  const precision = found.length === 0 ? 0 : hits / found.length;
  const recall = right.length === 0 ? 0 : hits / right.length;
  return precision + recall + (hits === 0 ? 0 : (2 * precision * recall) / (precision + recall));
}
