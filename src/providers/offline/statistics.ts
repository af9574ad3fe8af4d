// Questions that one of the statistical tools answers whole: quality, what goes with a column, differences between groups.

import type {Column} from '../../core/dataset.ts';
import type {Intent, Subject} from './intent.ts';
import {piecesOf, singular} from './names.ts';

const quality =
  /^(?:please )?(?:check|run|do|show|assess|audit)? ?(?:me )?(?:a |the )?(?:data )?quality(?: check| report| issues| problems)?(?: (?:of|in|for|on) .+)?$/;
const goesWith = /^(?:what|which columns?) (?:goes|go) (?:together )?with (?:the )?(.+)$/;
const differs =
  /^(?:is|are|does|do|test (?:whether|if)) (?:the )?(.+?) (?:is |are )?(?:significantly )?(?:different|differs?) (?:significantly )?(?:between|by|across|among) (?:the )?(?:different )?(.+)$/;

/** Null when the question is none of these, or names a column that is not there: then it is read word by word. */
export function statisticalIntent(text: string, {name: dataset, columns}: Subject): Intent | null {
  const plain = text
    .toLowerCase()
    .replace(/[?!.]+$/, '')
    .trim();
  if (quality.test(plain)) return {kind: 'tool', tool: 'check_quality', args: {dataset}};
  const [, goal] = goesWith.exec(plain) ?? [];
  const target = goal === undefined ? null : columnOf(goal, columns);
  if (target) return {kind: 'tool', tool: 'correlate', args: {dataset, target: target.name}};
  const [, left, right] = differs.exec(plain) ?? [];
  if (left === undefined || right === undefined) return null;
  const [value, group] = [columnOf(left, columns), columnOf(right.replace(/ groups?$/, ''), columns)];
  if (!value || !group || value === group) return null;
  return {kind: 'tool', tool: 'test_hypothesis', args: {dataset, value: value.name, group: group.name}};
}

/** The column of exactly these words, apart from case, separators and plural. */
function columnOf(words: string, columns: readonly Column[]): Column | null {
  const wanted = folded(words);
  return columns.find(column => folded(column.name) === wanted) ?? null;
}

function folded(name: string): string {
  return piecesOf(name)
    .map(piece => singular(piece.toLowerCase()))
    .join(' ');
}
