// Categories written in several ways: by case, blanks or Unicode form, and by what looks like a slip of the pen.

import {editDistance, formatCount} from '../core/text.ts';
import {quoteName} from '../engine/sql-text.ts';
import type {Finding, Subject} from './quality-finding.ts';

const mostLevels = 1_000;
const shownGroups = 8;

type Level = {text: string; count: number};

export async function spellingFindings({reader, dataset, rows, columns, signal}: Subject): Promise<Finding[]> {
  const found: Finding[] = [];
  for (const {name, kind, distinctCount} of columns) {
    if (kind !== 'text' || distinctCount > Math.min(mostLevels * 1.2, rows * 0.9) || distinctCount < 2) continue;
    signal?.throwIfAborted();
    const value = `${quoteName(name)}::VARCHAR`;
    const sql = `SELECT ${value} AS v, count(*) AS n FROM ${quoteName(dataset)} WHERE ${value} IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ${mostLevels + 1}`;
    const levels = (await reader.rows(sql)).map(([text, count]): Level => ({text: String(text), count: Number(count)}));
    if (levels.length > mostLevels) continue;
    const variants = variantGroups(levels);
    if (variants.length > 0) found.push(describe(name, variants, 'differ only by case or blanks'));
    const slips = variants.length < levels.length ? likelySlips(levels) : [];
    if (slips.length > 0) found.push(describe(name, slips, 'look alike'));
    const doubtful = lookalikes(levels.filter(each => !slips.some(pair => pair.includes(each))));
    if (doubtful.length > 0) found.push(describe(name, doubtful, 'may be one value in two spellings'));
  }
  return found;
}

/** Values that are equal without case, outer and repeated blanks, and Unicode form; the commonest of a group first. */
export function variantGroups(levels: readonly Level[]): Level[][] {
  const groups = Map.groupBy(levels, ({text}) => folded(text));
  return [...groups.values()].filter(group => group.length > 1);
}

/** A rare value at most one letter (two from eight letters) from a value ten times as common; digits must agree. */
export function likelySlips(levels: readonly Level[]): Level[][] {
  const pairs: Level[][] = [];
  levels.forEach((rare, index) => {
    const [a, digits] = [folded(rare.text), rare.text.replace(/\D/g, '')];
    const near = levels.slice(0, index).find(({text, count}) => {
      const b = folded(text);
      const allowed = Math.min(a.length, b.length) >= 8 ? 2 : 1;
      if (a === b || a.length < 4 || b.length < 4 || Math.abs(a.length - b.length) > allowed) return false;
      return count >= 10 * rare.count && text.replace(/\D/g, '') === digits && editDistance(a, b) <= allowed;
    });
    if (near) pairs.push([near, rare]);
  });
  return pairs;
}

/**
 * A value of one row and one that is not much commoner, a letter inside apart: "Berln" and "Berlin", three times. Which of them is
 * right is not certain, so they are only pointed out. Endings differ for good reasons (plurals, Anna and Anne).
 */
export function lookalikes(levels: readonly Level[]): Level[][] {
  const words = levels.map(level => ({level, word: folded(level.text)})).filter(({word}) => /^\D{5,}$/.test(word));
  return words.flatMap(({level, word}, index) => {
    if (level.count > 1) return [];
    const near = words.slice(0, index).find(({word: other}) => {
      const sameStart = other[0] === word[0] && other !== word;
      const sameEnd = other.at(-1) === word.at(-1) || letters(other) === letters(word);
      return (
        sameStart &&
        sameEnd &&
        Math.abs(other.length - word.length) <= 1 &&
        Math.max(other.length, word.length) >= 6 &&
        editDistance(other, word) === 1
      );
    });
    return near ? [[near.level, level]] : [];
  });
}

function letters(word: string): string {
  return [...word].sort().join('');
}

function folded(text: string): string {
  return text.normalize('NFKC').trim().replace(/\s+/g, ' ').toLowerCase();
}

function describe(column: string, groups: readonly Level[][], what: string): Finding {
  const count = groups.reduce((sum, [, ...others]) => sum + others.reduce((part, each) => part + each.count, 0), 0);
  const shown = groups
    .slice(0, shownGroups)
    .map(group => group.map(each => `${JSON.stringify(each.text)} (${formatCount(each.count)})`).join(' ~ '));
  const more = groups.length > shownGroups ? ` and ${groups.length - shownGroups} more` : '';
  return {check: 'spelling', column, count, detail: `${what}: ${shown.join('; ')}${more}`};
}
