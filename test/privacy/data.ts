// Datasets and results for tests of what may leave.

import type {Column, Dataset} from '../../src/core/dataset.ts';

export const column = (name: string, more: Partial<Column> = {}): Column => ({
  name,
  originalName: name,
  type: 'VARCHAR',
  kind: 'text',
  nullCount: 0,
  distinctCount: 2,
  min: 'a',
  max: 'b',
  topValues: ['a', 'b'],
  notes: [],
  ...more,
});

/** A dataset of one imported version. */
export function dataset(name: string, columns: Column[]): Dataset {
  const source = {
    kind: 'file' as const,
    originalName: `${name}.csv`,
    originalPath: `/${name}.csv`,
    storedName: 'x',
    format: 'csv',
    sizeBytes: 1,
    sha256: 'f',
  };
  const facts = {createdAt: '2024-01-01T00:00:00Z', parquet: 'x', sha256: 'f', rows: 4_000, warnings: []};
  return {name, current: 1, versions: [{version: 1, ...facts, columns, source}]};
}
