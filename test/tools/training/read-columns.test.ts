import {expect, it} from 'vitest';
import {type Input, withOwnNames} from '../../../src/tools/training/read-columns.ts';

it('a part of a date never has the name of a column or of another part, since a model finds its inputs by their names', () => {
  const input = (name: string, part: string | null): Input => ({name, column: 'day', kind: 'number', part, sql: ''});
  const inputs = [input('day (days)', 'days'), input('day (year)', 'year'), input('day (days)', null)];
  const named = withOwnNames([...inputs, input('day (days) 2', null), input('day (year)', 'year')]);
  expect(named.map(({name}) => name)).toEqual([
    'day (days) 3',
    'day (year)',
    'day (days)',
    'day (days) 2',
    'day (year) 2',
  ]);
});
