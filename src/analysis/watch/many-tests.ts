// Many tests in one session without a correction: some small p-values are expected by chance alone.

import {formatNumber} from '../../core/text.ts';
import {adjustPValues} from '../hypothesis/multiple-testing.ts';
import type {Check} from './check.ts';

const manyTests = 5;
const level = 0.05;
/** The column of a result in which several tests stand corrected together. */
export const correctedName = 'p_adjusted';

export const manyTestsRun: Check = {
  code: 'many_tests',
  advice:
    'With 5 tests at the 5 % level the chance of at least one false finding is 23 %, with 20 it is 64 %. Say how many tests were run, and judge by p-values adjusted for all of them (Benjamini-Hochberg, or Holm where one false finding is too many).',
  run({receipt, table, tests}) {
    if (receipt.tool !== 'test_hypothesis' || table?.columns.some(({name}) => name === correctedName)) return [];
    const current = tests.at(-1);
    if (!current || current.p >= level || tests.length < manyTests) return [];
    const adjusted = adjustPValues(tests.map(({p}) => p));
    const own = adjusted.at(-1) ?? 1;
    const stays = adjusted.filter(p => p < level).length;
    const raw = tests.filter(({p}) => p < level).length;
    return [
      {
        severity: own < level ? 'info' : 'warn',
        message: `Test ${tests.length} of this session, not corrected: adjusted for all of them (Benjamini-Hochberg) this p is ${formatNumber(Number(own.toPrecision(3)))}, and ${stays} of ${raw} stay below 0.05.`,
      },
    ];
  },
};
