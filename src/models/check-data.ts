// Before training: what would deceive is looked for, the rows are divided, and those drawn that take part in the choice.

import {formatCount} from '../core/text.ts';
import {copiedRows, findLeaks, repeatedRows} from './leaks.ts';
import {Mt19937} from './mt19937.ts';
import {isHeavyTailed, onLogNote} from './on-log.ts';
import {takeNumbers} from './raw-columns.ts';
import {applyRecipe, fitRecipe} from './recipe.ts';
import {type Dividing, holdOut} from './splits.ts';
import {type Tie, tiesOf} from './ties.ts';
import type {Split} from './train-test-split.ts';
import type {Leak, TrainingData} from './training-data.ts';

/** The choice is made on so many cells at most; more rows move no candidate past another that matters. */
const mostCells = 1_500_000;
const fewestChoiceRows = 5_000;

/** `data` is without the columns that leak. `outer` divides all rows; `rows` are those of its training part that models are compared on. */
export type Checked = {
  data: TrainingData;
  outer: Split;
  rows: Uint32Array;
  leaks: Leak[];
  /** Why the folds may flatter, each to be told. */
  ties: Tie[];
  notes: string[];
};

export function checkData(asked: TrainingData): Checked {
  const notes: string[] = [];
  const repeats = asked.groups || asked.time ? null : repeatedRows(asked.columns, asked.target.length);
  if (repeats)
    notes.push(
      `${formatCount(repeats.repeated)} rows repeat an earlier one in all columns; equal rows stay on one side of every split.`,
    );
  const copies =
    repeats || asked.groups || asked.time || asked.classCount > 0 ? 0 : copiedRows(asked.columns, asked.target);
  if (copies > 0)
    notes.push(
      `${formatCount(copies)} of ${formatCount(asked.target.length)} rows repeat an earlier one in all columns, the target too. If they are copies, remove them first (/clean duplicates): what is tested was learnt then, and every figure flatters.`,
    );
  const grouped = repeats ? {...asked, groups: repeats.groups} : asked;
  const outer = holdOut(grouped);
  const unused = grouped.target.length - outer.train.length - outer.test.length;
  if (grouped.groups && grouped.time)
    notes.push(
      `The rows held out are later than those learnt from and of other groups; ${formatCount(unused)} rows that share only the time or only the group with them took part in neither.`,
    );
  if (asked.classCount === 0 && !asked.only && isHeavyTailed(asked.target)) notes.push(onLogNote(asked.target));
  const {leaks, suspects} = findLeaks(grouped, outer.train);
  for (const {column, why, isStrong} of suspects)
    notes.push(
      isStrong
        ? `Possible leak: ${column} alone tells nearly the whole target (${why}). It is kept, since it may just be very good; if it is not known before the target is, name the features without it.`
        : `${column} alone tells much of the target (${why}): make sure it is known beforehand.`,
    );
  const hidden = new Set(asked.keepLeaks ? [] : leaks.map(({column}) => column));
  const data = {...grouped, columns: grouped.columns.filter(({name}) => !hidden.has(name))};
  const width = applyRecipe(fitRecipe(data.columns, {rows: outer.train.slice(0, 1_000), goal: data}), data.columns, 1)
    .names.length;
  const most = Math.max(fewestChoiceRows, Math.floor(mostCells / Math.max(1, width)));
  const rows = drawn(outer.train, most, data.seed);
  if (rows.length < outer.train.length)
    notes.push(
      `The models were compared on ${formatCount(rows.length)} rows drawn by the seed from ${formatCount(outer.train.length)}.`,
    );
  return {data, outer, rows, leaks, ties: tiesOf(data, asked.groups !== undefined), notes};
}

/** At most so many of the rows, drawn by the seed, in their order. */
export function drawn(rows: Uint32Array, most: number, seed: number): Uint32Array {
  if (rows.length <= most) return rows;
  return Uint32Array.from(new Mt19937(seed).permutation(rows.length).slice(0, most), place => rows[place] ?? 0).sort();
}

export function dividingOf(data: TrainingData, rows: Uint32Array): Dividing {
  const {classCount, seed, groups, time} = data;
  return {
    target: takeNumbers(data.target, rows),
    classCount,
    seed,
    groups: groups && Int32Array.from(rows, row => groups[row] ?? 0),
    time: time && takeNumbers(time, rows),
  };
}
