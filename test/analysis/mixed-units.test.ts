import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {openToolBench, success, type ToolBench} from '../tools/bench.ts';

let bench: ToolBench;
beforeAll(async () => {
  bench = await openToolBench([]);
});
afterAll(() => bench.close());

const noteOf = async (name: string, values: readonly string[]) => {
  await bench.data(name, ['id,v', ...values.map((value, index) => `${index},"${value}"`)].join('\n'));
  return success(await bench.run('describe_dataset', {dataset: name, columns: ['v']})).summary;
};

describe('amounts in several units', () => {
  it.each([
    ['weights', ['10 kg', '15 lb', '7.5kg', '8 lb'], 'amounts in 2 units: kg, lb'],
    ['prices', ['$5', '€6.20', '7 €', '8 $'], 'amounts in 2 units: $, €'],
    ['speeds', ['5 KM', '6 km', '7 mi', 'unknown'], 'amounts in 2 units: km, mi'],
  ])('%s are pointed out with their units', async (name, values, note) => {
    expect(await noteOf(name, values)).toContain(note);
  });

  it.each([
    ['one_unit', ['3 kg', '4 kg', '5 kg', '6 kg']],
    ['streets', ['12 Main', '14 Oak', '3 Elm', '9 Ash']],
    ['notes', ['needs 3 kg', 'needs 4 lb', '5 kg', 'much']],
    ['codes', ['A1', 'B2', 'C3', 'D4']],
  ])('%s are left alone', async (name, values) => {
    expect(await noteOf(name, values)).not.toContain('amounts in');
  });
});
