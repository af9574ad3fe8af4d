// What the columns of a table are called changes no result of any tool, not even where they are called as our SQL calls its own.

import {readFile} from 'node:fs/promises';
import {afterAll, beforeAll, expect, it} from 'vitest';
import type {ToolResult} from '../../src/core/tool.ts';
import {clashingTables, neutralNames, tableOf} from '../analysis/clashing-names.ts';
import {openToolBench, success, type ToolBench} from './bench.ts';
import {type Call, callsFor, modelCallsFor} from './clashing-calls.ts';

/**
 * The tables of names that collide most, each as a dataset that is called as a relation of our SQL, with an earlier one beside it;
 * the profile alone is tried with all of them.
 */
const chosen = [
  {first: 'v', datasets: ['v', 'a'], trains: true},
  {first: 'col', datasets: ['docs', 'counts'], trains: false},
  {first: 'high', datasets: ['b', 'step_0'], trains: false},
  {first: 'V', datasets: ['moments', 'steps'], trains: false},
] as const;
const neutralDatasets = ['qd1zq', 'qd2zq'] as const;

let bench: ToolBench;
let wanted: string[][];
const tables = {now: '', earlier: ''};

beforeAll(async () => {
  bench = await openToolBench();
  tables.now = await csvOf(tableOf(neutralNames));
  tables.earlier = await csvOf(`SELECT * FROM (${tableOf(neutralNames, 90, 0)}) OFFSET 35`);
  wanted = await resultsOf(callsOf(neutralDatasets, neutralNames, true), neutralDatasets, neutralNames);
}, 120_000);
afterAll(() => bench.close());

async function csvOf(sql: string): Promise<string> {
  const {table} = success(await bench.run('run_sql', {sql, max_rows: 1_000}));
  const rows = table?.rows ?? [];
  return rows.map(row => row.map(cell => (cell === null ? '' : `"${String(cell)}"`)).join(',')).join('\n');
}

/** What trains stands last, so that tables without it have the calls before. */
function callsOf(datasets: readonly [string, string], names: readonly string[], trains: boolean): Call[] {
  return [...callsFor(datasets[0], datasets[1], names), ...(trains ? modelCallsFor(datasets[0], names) : [])];
}

/** What each call says, as lines. */
async function resultsOf(
  calls: readonly Call[],
  datasets: readonly [string, string],
  names: readonly string[],
): Promise<string[][]> {
  const header = names.map(name => `"${name}"`).join(',');
  await bench.data(datasets[0], `${header}\n${tables.now}\n`);
  await bench.data(datasets[1], `${header}\n${tables.earlier}\n`);
  const results: string[][] = [];
  for (const [tool, args] of calls) results.push(await told(await bench.run(tool, args)));
  return results;
}

async function told(result: ToolResult): Promise<string[]> {
  if (!result.ok) return [result.code, result.message];
  // The leaderboard of a training holds milliseconds; what was trained is told by the calls that follow.
  if (result.receipt.tool === 'train_model') return [];
  const {summary, table, artifacts = []} = result;
  const specs = artifacts.flatMap(({path}) => (path?.endsWith('.svg') ? [path.replace('.svg', '.json')] : []));
  const charts = await Promise.all(
    specs.map(async path => JSON.parse(await readFile(bench.workspace.path(path), 'utf8'))),
  );
  const rows = table ? [table.columns.map(({name}) => name), ...table.rows] : [];
  return [...summary.split('\n'), ...rows.map(shortened), ...charts.map(({source: _, ...chart}) => shortened(chart))];
}

function shortened(value: unknown): string {
  return JSON.stringify(value, (_, each) => {
    if (typeof each === 'bigint') return String(each);
    return typeof each === 'number' && !Number.isInteger(each) ? Number(each.toPrecision(9)) : each;
  });
}

/** Lines without what may differ: quotes of names, blanks, rules, order, and the number that a second "rows" gets. */
function comparable(lines: readonly string[], rename: (text: string) => string): string[] {
  const plain = (line: string) =>
    line
      .replace(/["\\]/g, '')
      .replace(/[\s─|-]+/g, ' ')
      .replace(/rows_2/g, 'rows');
  return lines
    .map(line => plain(rename(line)).trim())
    .filter(line => line !== '')
    .sort();
}

it.each(chosen)(
  'every tool gives the same results for the table of columns from $first on',
  async each => {
    const names = clashingTables.find(([first]) => first === each.first) ?? [];
    const called = [...names, ...each.datasets];
    const renamed = new Map([...neutralNames, ...neutralDatasets].map((name, i) => [name, called[i]]));
    const rename = (text: string) => text.replace(/q[zd]\d+zq/g, name => renamed.get(name) ?? name);
    const calls = callsOf(each.datasets, names, each.trains);
    const found = await resultsOf(calls, each.datasets, names);
    const problems = calls.flatMap((call, i) => {
      const [had, gives] = [comparable(wanted[i] ?? [], rename), comparable(found[i] ?? [], text => text)];
      const lost = had.filter(line => !gives.includes(line));
      const odd = gives.filter(line => !had.includes(line));
      if (lost.length + odd.length === 0) return [];
      return [{call: JSON.stringify(call), lost: lost.slice(0, 3), odd: odd.slice(0, 3)}];
    });
    expect(names).toHaveLength(neutralNames.length);
    expect(problems).toEqual([]);
  },
  60_000,
);
