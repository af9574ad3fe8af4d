// What a quality check gets and gives.

import type {Column} from '../core/dataset.ts';
import type {Reader} from './column-values.ts';

/** `count` rows or values are concerned; `column` is null for the whole table. A `key` is good news. */
export type Finding = {
  check: 'missing' | 'duplicates' | 'key' | 'outliers' | 'impossible' | 'spelling' | 'time gap';
  column: string | null;
  count: number;
  detail: string;
};

/** What every check gets; `now` is in milliseconds since 1970. */
export type Subject = {
  reader: Reader;
  dataset: string;
  rows: number;
  columns: readonly Column[];
  now: number;
  signal: AbortSignal | undefined;
};

/** Lists of at most `size` columns: wide tables are read in several passes. */
export function inBatches<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({length: Math.ceil(items.length / size)}, (_, i) => items.slice(i * size, (i + 1) * size));
}
