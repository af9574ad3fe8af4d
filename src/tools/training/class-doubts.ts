// What a reader should doubt of the classes: those that differ in spelling only, those of a few rows, and those never predicted.

import {formatCount} from '../../core/text.ts';
import type {Trained} from '../../models/training-data.ts';
import type {ReadGoal} from './goal.ts';

type Judged = Pick<Trained, 'heldOut' | 'leaderboard'>;

const fewRows = 10;
const mostNamed = 5;

/** `n` rows at least are of each class that is named. */
export type Doubt = {text: string; n: number};

/** None for a number. That a baseline always says the same needs no word. */
export function classDoubts({values, classes}: ReadGoal, target: string, {heldOut, leaderboard}: Judged): Doubt[] {
  if (classes.length === 0) return [];
  const counts = countsOf(values, classes.length);
  return [
    ...alikeLines(classes, counts, target),
    ...fewLines(classes, counts),
    ...(leaderboard[0]?.baseline ? [] : neverLines(classes, counts, heldOut)),
  ];
}

/** Two spellings of one class are two classes, which nobody wants and no measure shows. */
function alikeLines(classes: readonly string[], counts: readonly number[], target: string): Doubt[] {
  const spelled = Map.groupBy(classes, name => name.trim().replaceAll(/\s+/g, ' ').toLowerCase());
  const alike = [...spelled.values()].filter(names => names.length > 1);
  if (alike.length === 0) return [];
  const named = alike.slice(0, mostNamed).map(names => names.map(name => `"${name}"`).join(', '));
  const n = Math.min(...alike.flat().map(name => counts[classes.indexOf(name)] ?? 0));
  const text = `Classes that differ only in capitals or blanks: ${named.join('; ')}. If they mean the same, clean first: /clean trim ${target}; lower ${target}`;
  return [{text, n}];
}

function fewLines(classes: readonly string[], counts: readonly number[]): Doubt[] {
  const few = classes.flatMap((name, k) => ((counts[k] ?? 0) < fewRows ? [`${name} (${counts[k]})`] : []));
  if (few.length === 0) return [];
  const more = few.length > mostNamed ? ` and ${few.length - mostNamed} more` : '';
  const text = `Too few rows to learn from or to measure by: ${few.slice(0, mostNamed).join(', ')}${more}.`;
  return [{text, n: Math.min(...counts)}];
}

/** A class that is never predicted is not found in the figures of all rows together. */
function neverLines(
  classes: readonly string[],
  counts: readonly number[],
  {actual, predicted}: Trained['heldOut'],
): Doubt[] {
  const there = countsOf(actual, classes.length);
  const said = countsOf(predicted, classes.length);
  const never = classes.flatMap((name, k) => {
    const [held = 0, all = 0] = [there[k], counts[k]];
    return held > 0 && said[k] === 0 && all >= fewRows ? [{named: `${name} (${rowsText(held)})`, held}] : [];
  });
  if (never.length === 0) return [];
  const all = counts.reduce((sum, count) => sum + count, 0);
  const rarest = Math.min(...counts.filter(count => count >= fewRows));
  const names = never.slice(0, mostNamed).map(({named}) => named);
  const text = `Of ${rowsText(actual.length)} held out none is predicted ${names.join(', ')}: accuracy says little of so rare a class (${formatCount(rarest)} of ${formatCount(all)}). Go by its probability, or train balanced.`;
  return [{text, n: Math.min(...never.map(({held}) => held))}];
}

function rowsText(rows: number): string {
  return `${formatCount(rows)} row${rows === 1 ? '' : 's'}`;
}

function countsOf(values: Float64Array, classCount: number): number[] {
  const counts = new Array<number>(classCount).fill(0);
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}
