import {expect, test} from 'vitest';
import type {Table, TableColumn} from '../../src/core/dataset.ts';
import {profileColumns} from '../../src/engine/profile-columns.ts';

test('a statement about a wide table never asks about more than 32 columns, so that its cost stays linear', async () => {
  const columns = Array.from({length: 100}, (_, i): TableColumn => ({name: `c${i}`, type: 'BIGINT', kind: 'number'}));
  const widths: number[] = [];
  const run = async (sql: string): Promise<Table> => {
    widths.push(new Set(sql.match(/"c\d+"/g)).size);
    return {columns: [], rows: [Array.from({length: 400}, () => 1)], totalRows: 1};
  };
  expect(await profileColumns(run, 't', columns)).toHaveLength(100);
  expect(Math.max(...widths)).toBe(32);
});
