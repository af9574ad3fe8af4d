import {afterAll, beforeAll, expect, it} from 'vitest';
import {createReader, mostValues} from '../../../src/analysis/column-values.ts';
import type {Dataset} from '../../../src/core/dataset.ts';
import {readFeatures} from '../../../src/tools/exploring/read-features.ts';
import {openToolBench, type ToolBench} from '../bench.ts';

let bench: ToolBench;
beforeAll(async () => {
  bench = await openToolBench();
  await bench.data('sales', ['a,b,kind,place', '1,2,x,n', '2,5,y,s', '4,3,x,n', '3,9,y,s', '7,1,x,s'].join('\n'));
});
afterAll(() => bench.close());

/** As many rows as fit the limit with `columns` columns. */
async function asIfLong(columns: number): Promise<Dataset> {
  const dataset = await bench.catalog.dataset('sales');
  const versions = dataset.versions.map(version => ({...version, rows: Math.floor(mostValues / columns)}));
  return {...dataset, versions};
}

it('reads as many columns that only tell of the rows as fit beside those that compare them', async () => {
  const told = async (columns: number) => {
    const reader = createReader(await bench.catalog.engine());
    const {categories} = await readFeatures(reader, await asIfLong(columns), undefined, {described: 'categories'});
    return categories.map(({name}) => name);
  };
  expect(await told(4)).toEqual(['kind', 'place']);
  expect(await told(3)).toEqual(['kind']);
  expect(await told(2)).toEqual([]);
});
