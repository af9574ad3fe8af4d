// Which column is likeliest meant to be predicted, when nobody said: a ranked guess with its reasons.

import {type Column, currentVersion, type Dataset} from '../../core/dataset.ts';
import {formatCount} from '../../core/text.ts';
import {isClassTarget} from './goal.ts';
import {looksLikeId} from './read-columns.ts';

export type TargetGuess = {column: Column; score: number; reasons: string[]};

const namedTarget = /^(target|label|class|outcome|response|y)$/i;
const outcomeWords =
  /(churn|default|fraud|surviv|outcome|result|price|cost|sales|revenue|amount|profit|income|salary|score|rating|grade|quality|risk|diagnos|disease|species|status|convert|click|won|approved|return|cancel|left|attrition|demand|consumption|yield|target|label)/i;
/** A category of more values can be predicted, but is seldom meant to be. */
const likelyClasses = 20;
const mostNulls = 0.5;
const mostGuesses = 5;

/** The likeliest first, at most five. */
export function guessTargets(dataset: Dataset): TargetGuess[] {
  const {columns, rows} = currentVersion(dataset);
  const guesses = columns.flatMap(column => {
    const reasons = reasonsFor(column, columns.at(-1) === column);
    return isPossible(column, rows)
      ? [{column, score: reasons.reduce((sum, [points]) => sum + points, 0), reasons: reasons.map(([, why]) => why)}]
      : [];
  });
  return guesses.sort((a, b) => b.score - a.score).slice(0, mostGuesses);
}

/** The one column that is called a target, or null where nobody can know without asking. */
export function clearTarget(guesses: readonly TargetGuess[]): TargetGuess | null {
  const named = guesses.filter(({column}) => namedTarget.test(column.name));
  return named.length === 1 ? (named[0] ?? null) : null;
}

function isPossible(column: Column, rows: number): boolean {
  const {kind, name, distinctCount, nullCount} = column;
  if (distinctCount < 2 || nullCount > mostNulls * rows) return false;
  if (isClassTarget(column)) return distinctCount <= likelyClasses;
  return kind === 'number' && !(looksLikeId(name) && distinctCount > 0.9 * (rows - nullCount));
}

function reasonsFor(column: Column, isLast: boolean): [points: number, why: string][] {
  const {name, distinctCount} = column;
  const reasons: [number, string][] = [];
  if (namedTarget.test(name)) reasons.push([100, 'its name says so']);
  else if (outcomeWords.test(name)) reasons.push([30, 'its name is of an outcome']);
  if (isClassTarget(column)) reasons.push([distinctCount === 2 ? 15 : 5, `${formatCount(distinctCount)} classes`]);
  else reasons.push([5, 'a number']);
  if (isLast) reasons.push([10, 'the last column']);
  if (looksLikeId(name)) reasons.push([-20, 'but named like an identifier']);
  return reasons;
}
