import {execFileSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect, it} from 'vitest';

it('the example data set is exactly what its script writes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ds-agent-example-'));
  try {
    const target = join(folder, 'bike_rentals.csv');
    execFileSync(process.execPath, ['scripts/make-example.mjs', target]);
    expect(readFileSync(target).equals(readFileSync('examples/bike_rentals.csv'))).toBe(true);
  } finally {
    rmSync(folder, {recursive: true});
  }
});
