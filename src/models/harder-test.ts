// What the winner would show where rows that belong together were kept apart: the number behind a doubt.

import {formatNumber} from '../core/text.ts';
import {dividingOf} from './check-data.ts';
import {featuresFor, fitPart, outputsOf, prepareFold} from './fold-data.ts';
import {errorOf} from './score.ts';
import type {Contest, Entry} from './search.ts';
import {holdOut} from './splits.ts';
import type {Tie} from './ties.ts';

const fewestRows = 10;

/**
 * The error of the winner and of the baseline on a fifth of the rows of the choice that share no group with those learnt from,
 * or are later than they; a sentence, empty where time or rows are too few. `endsAt` as of `contest.now`.
 */
export function harderTest(
  contest: Contest,
  {entry, baseline}: {entry: Entry; baseline: Entry},
  {groups, time}: Tie,
  endsAt: number,
): string {
  const {data, now} = contest;
  const rows = time ? contest.rows.filter(row => !Number.isNaN(time[row])) : contest.rows;
  if (rows.length < 2 * fewestRows || now() + 2 * entry.fitMs > endsAt) return '';
  const split = dividedBy(() => holdOut(dividingOf({...data, groups, time}, rows)));
  if (!split || Math.min(split.train.length, split.test.length) < fewestRows) return '';
  const at = (places: Uint32Array) => Uint32Array.from(places, place => rows[place] ?? 0);
  const {train, test} = prepareFold(data, at(split.train), at(split.test));
  const [own, least] = [entry, baseline].map(({of, settings}) => {
    const model = fitPart(of, settings, train, data);
    return errorOf(
      test.target,
      outputsOf(model, featuresFor(of, test), data.classCount),
      data.classCount,
      test.weights,
    );
  });
  if (own === undefined || least === undefined || !Number.isFinite(own)) return '';
  const metric = data.classCount > 0 ? 'log_loss' : 'rmse';
  const where = groups ? 'On rows of values it did not learn from' : 'On the latest rows, learnt from earlier ones,';
  return ` ${where} its ${metric} was ${formatNumber(own)} (baseline ${formatNumber(least)})${own < least ? '' : ': no better than knowing nothing'}.`;
}

/** Null where the rows cannot be divided so. */
function dividedBy<T>(divide: () => T): T | null {
  try {
    return divide();
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
