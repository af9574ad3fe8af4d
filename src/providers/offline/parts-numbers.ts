// The numbers of a question that are no values: percentiles and how many rows or groups to show.

import type {Item} from './items.ts';

/** "90th percentile", "percentile 90", "p95", "0.9 quantile", "quartiles", "deciles" as shares of 1, ascending. */
export function readQuantiles(items: Item[]): number[] {
  const found = new Set<number>();
  for (const [at, item] of items.entries()) {
    const short = /^p(\d{1,2})$/.exec(item.lower)?.[1];
    if (item.kind === 'word' && short) {
      item.used = true;
      found.add(Number(short) / 100);
    }
    if (item.kind !== 'meaning' || item.meaning.kind !== 'cue') continue;
    const isPercentile = item.meaning.cue === 'percentile';
    if (!isPercentile && !/^quantiles?$/.test(item.lower)) continue;
    for (const near of nearNumbers(items, at)) {
      const share = near.value > 1 || isPercentile ? near.value / 100 : near.value;
      if (share < 0 || share > 1) continue;
      near.used = true;
      found.add(share);
    }
  }
  return [...found].sort((a, b) => a - b);
}

/** The numbers joined to the item at `at` by "and" and commas, before it, else after it. */
function nearNumbers(items: Item[], at: number): (Item & {kind: 'number'})[] {
  const walk = (step: 1 | -1) => {
    const numbers: (Item & {kind: 'number'})[] = [];
    for (let i = at + step; i >= 0 && i < items.length; i += step) {
      const item = items[i];
      if (item?.kind === 'number') numbers.push(item);
      else if (item?.kind !== 'meaning' || !/^(and|filler|cue)$/.test(item.meaning.kind)) break;
    }
    return numbers;
  };
  const before = walk(-1);
  return before.length > 0 ? before : walk(1);
}

/** The 5 of "top 5", "5 cheapest", "first 5 rows", "show 5"; it is marked used so that it is no condition. */
export function readLimit(items: Item[]): number | null {
  for (const [at, item] of items.entries()) {
    const value = item.kind === 'number' ? item.value : item.kind === 'word' ? wordNumber(item.lower) : null;
    if (value === null || item.used || !Number.isInteger(value) || value < 1 || value > 1000) continue;
    if (item.kind === 'number' && (item.percent || item.ordinal)) continue;
    if (
      countsRows(items[at - 1]) ||
      (at > 0 && items[at - 1]?.lower === 'the' && countsRows(items[at - 2])) ||
      leadsRows(items, at + 1)
    ) {
      item.used = true;
      return value;
    }
  }
  return null;
}

const numberWords = 'one two three four five six seven eight nine ten'.split(' ');
function wordNumber(word: string): number | null {
  const at = numberWords.indexOf(word);
  return at >= 1 ? at + 1 : null;
}

function countsRows(item: Item | undefined): boolean {
  if (item?.kind !== 'meaning') return false;
  if (item.meaning.kind === 'superlative') return true;
  return item.meaning.kind === 'cue' && /^(first|last|random|show|frequent)$/.test(item.meaning.cue);
}

function leadsRows(items: Item[], at: number): boolean {
  const item = items[at];
  const ranks = items.slice(at).some(other => other.kind === 'meaning' && other.meaning.kind === 'superlative');
  const opens = at === 1 || countsRows(items[at - 2]) || /^(the|which|what)$/.test(items[at - 2]?.lower ?? '');
  if (item?.kind === 'dataset' || item?.kind === 'column') return opens && (ranks || countsRows(items[at - 2]));
  if (item?.kind !== 'meaning') return false;
  if (item.meaning.kind === 'superlative') return true;
  if (item.meaning.kind === 'filler')
    return item.meaning.noun === true && opens && (ranks || countsRows(items[at - 2]));
  return item.meaning.kind === 'cue' && /^(rows|random|frequent)$/.test(item.meaning.cue);
}
