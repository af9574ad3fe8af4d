// The statistician on watch: every check, one line each, run over each result that a tool computed.

import type {Caution, Watched, Watcher} from '../../core/caution.ts';
import type {Cell, Dataset, Table} from '../../core/dataset.ts';
import type {Receipt} from '../../core/tool.ts';
import type {SqlEngine} from '../../engine/sql-engine.ts';
import type {Check, Subject, TestRun} from './check.ts';
import {joinMultiplied} from './join-multiplied.ts';
import {correctedName, manyTestsRun} from './many-tests.ts';
import {meanOfId} from './mean-of-id.ts';
import {mixedUnits} from './mixed-units.ts';
import {sampleAsWhole} from './sample-as-whole.ts';
import {Select} from './select.ts';
import {simpson} from './simpson.ts';
import {smallGroups, tinyPercent} from './small-groups.ts';

export const CHECKS: readonly Check[] = [
  joinMultiplied,
  sampleAsWhole,
  simpson,
  mixedUnits,
  meanOfId,
  manyTestsRun,
  smallGroups,
  tinyPercent,
];

export type WatchOptions = {engine(): Promise<SqlEngine>; datasets(): Promise<readonly Dataset[]>};

/** A watcher of one session: it remembers the tests that were run. */
export function createWatcher({engine, datasets}: WatchOptions): Watcher {
  const tests = new Map<string, TestRun>();
  return async (watched, signal) => {
    remember(tests, watched);
    const {receipt, table} = watched;
    if (receipt.datasets.length === 0) return [];
    try {
      const open = await engine();
      const rows = async (sql: string): Promise<Cell[][]> =>
        (await open.query(sql, {maxRows: 1_000, signal})).table.rows;
      const read = new Set(receipt.datasets.map(({name}) => name));
      const own = (await datasets()).filter(({name}) => read.has(name));
      const sql = statementOf(receipt);
      const select = sql === null ? null : await Select.parse(rows, sql);
      return await runChecks({receipt, table, datasets: own, select, tests: [...tests.values()], rows}, signal);
    } catch {
      signal.throwIfAborted();
      return [];
    }
  };
}

/** A check that the engine can't run (a statement it does not print back, say) says nothing. */
async function runChecks(subject: Subject, signal: AbortSignal): Promise<Caution[]> {
  const found: Caution[] = [];
  for (const {code, advice, run} of CHECKS) {
    try {
      for (const {severity, message} of await run(subject))
        found.push({code, severity, message, advice, receipt: subject.receipt.id});
    } catch {
      signal.throwIfAborted();
    }
  }
  return found;
}

/** The SQL that a person or model wrote, or the last statement of a tool that aggregates. */
function statementOf({tool, args, sql}: Receipt): string | null {
  if (typeof args === 'object' && args !== null && 'sql' in args && typeof args.sql === 'string') return args.sql;
  return tool === 'aggregate' ? (sql?.split(';\n').at(-1) ?? null) : null;
}

function remember(tests: Map<string, TestRun>, {receipt, table}: Watched): void {
  if (receipt.tool !== 'test_hypothesis' || !table) return;
  const dataset = receipt.datasets[0]?.name ?? '';
  for (const {column, p} of testsIn(table)) {
    const what = wordsOf(receipt.args, column);
    // The same test asked again is still one test; it moves to the end, since it is the one being looked at.
    tests.delete(what);
    tests.set(what, {dataset, what, p});
  }
}

/** One test, whose p is the first one there; or one a row, of the column named there, where several columns were tested. */
function testsIn({columns, rows}: Table): {column: string | null; p: number}[] {
  const at = columns.findIndex(({name}) => name === 'p');
  const found = rows.flatMap(row => {
    const p = row[at];
    return typeof p === 'number' ? [{column: String(row[0]), p}] : [];
  });
  if (columns.some(({name}) => name === correctedName)) return found;
  return found.slice(0, 1).map(({p}) => ({column: null, p}));
}

/** The arguments in one order; of several columns tested together, as they would be for this one alone. */
function wordsOf(args: unknown, column: string | null): string {
  const given = typeof args === 'object' && args !== null ? args : {};
  const own = column === null ? given : {...given, value: column, more: undefined, correction: undefined};
  const entries = Object.entries(own).filter(([, value]) => value !== undefined);
  return JSON.stringify(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
