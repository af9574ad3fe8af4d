// What a check of the watch sees of a result, and what it says.

import type {Cell, Dataset, Table} from '../../core/dataset.ts';
import type {Receipt} from '../../core/tool.ts';
import type {Select} from './select.ts';

/** A hypothesis test that was run earlier in the session. */
export type TestRun = {dataset: string; what: string; p: number};

export type Subject = {
  receipt: Receipt;
  table: Table | undefined;
  /** The datasets that the result was computed from, as they are now. */
  datasets: readonly Dataset[];
  /** The parsed SQL of the result; null where the tool runs none of its own, or the engine does not parse it. */
  select: Select | null;
  /** The tests of the session with the ones of this result, each once. */
  tests: readonly TestRun[];
  /** At most 1,000 rows of one SELECT over the datasets. */
  rows(sql: string): Promise<Cell[][]>;
};

export type Finding = {severity: 'info' | 'warn'; message: string};

/** `advice` is the long form: what it means and what to do. */
export type Check = {
  code: string;
  advice: string;
  run(subject: Subject): Promise<Finding[]> | Finding[];
};
