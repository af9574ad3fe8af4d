// What of an answer is said anew above the results it was put together from.

import {expect, it} from 'vitest';
import {saidAnew} from '../../../src/cli/report/findings-section.ts';

it('a line that announces a table goes with the table, one before a list stays', () => {
  const answer =
    'Price has 2 outliers.\n\nThe farthest:\n\n| price | rows |\n| --: | --: |\n| 9 | 1 |\n\nAlso:\n\n- 3 are odd';
  const said = saidAnew({question: '', answer, byRules: true, results: [], failed: false});
  expect(said.split('\n').filter(line => line !== '')).toEqual(['Price has 2 outliers.', 'Also:', '- 3 are odd']);
});
