// Datasets with something to be careful about, with the facts of each column as the import keeps them, and a watcher over them.

import {createWatcher} from '../../../src/analysis/watch/watch.ts';
import type {Watched, Watcher} from '../../../src/core/caution.ts';
import {type Column, currentVersion, type Dataset} from '../../../src/core/dataset.ts';
import {openTempEngine} from '../temp-engine.ts';

const kidneyStones = [
  ['A', 'small', 81, 87],
  ['A', 'large', 192, 263],
  ['B', 'small', 234, 270],
  ['B', 'large', 55, 80],
]
  .map(([t, s, ok, n]) => `SELECT '${t}' AS treatment, '${s}' AS stone, i < ${ok} AS success FROM range(${n}) t(i)`)
  .join(' UNION ALL ');

const tables: [name: string, select: string][] = [
  [
    'orders',
    `SELECT i AS order_id, 1 + i % 4 AS customer_id, 10.0 + i AS amount, CASE WHEN i < 3 THEN 'tiny' ELSE 'north' END AS region,
       i % 3 = 0 AS paid, 1000 + i % 7 AS zip_code, CASE WHEN i % 2 = 0 THEN 'EUR' ELSE 'USD' END AS currency,
       CASE WHEN i % 2 = 0 THEN (i || ' kg') ELSE (i || ' lb') END AS weight,
       CASE WHEN i % 2 = 0 THEN '2024-01-01T10:00:00Z' ELSE '2024-01-01T10:00:00+05:30' END AS seen,
       TIMESTAMP '2024-01-01' + INTERVAL (i) HOUR AS placed, TIMESTAMPTZ '2024-01-01 00:00:00+00' AS paid_at
     FROM range(60) t(i)`,
  ],
  ['customers', `SELECT i AS customer_id, i * 100 AS balance, 'c' || i AS name FROM range(1, 5) t(i)`],
  ['visits', `SELECT 1 + i % 4 AS customer_id, i AS seconds FROM range(20) t(i)`],
  ['kidney', kidneyStones],
  ['part', 'SELECT * FROM orders LIMIT 30'],
  [
    'cures',
    `SELECT treatment, stone, CASE WHEN success THEN 'yes' ELSE 'no' END AS cured, success::INT AS ok FROM kidney`,
  ],
  [
    'names',
    'SELECT i AS oid, i % 9 AS zip, i % 5 AS customerID, i % 7 AS bid, i % 2 AS paid, i % 8 AS covid FROM range(40) t(i)',
  ],
];

export type WatchBench = Awaited<ReturnType<typeof openWatchBench>>;

export async function openWatchBench() {
  const temp = await openTempEngine();
  const datasets: Dataset[] = [];
  for (const [name, select] of tables) {
    const made = await temp.dataset(name, select);
    const version = currentVersion(made);
    const columns: Column[] = [];
    for (const column of version.columns) {
      const text = `"${column.name}"`;
      const facts = `count(DISTINCT ${text}), min(${text}), max(${text}), list(DISTINCT ${text}::VARCHAR ORDER BY 1)[1:5]::JSON::VARCHAR`;
      const {table} = await temp.engine.query(`SELECT ${facts} FROM ${name}`, {maxRows: 1});
      const [distinct, min = null, max = null, values] = table.rows[0] ?? [];
      const topValues = JSON.parse(String(values)) as string[];
      columns.push({...column, distinctCount: Number(distinct), min, max, topValues});
    }
    datasets.push({...made, versions: [{...version, columns}]});
  }
  const newWatcher = () => createWatcher({engine: async () => temp.engine, datasets: async () => datasets});
  const watch = newWatcher();
  let lastId = 0;
  return {
    watch,
    newWatcher,
    close: () => temp.close(),
    /** Every dataset that the arguments name counts as read. */
    cautionsOf(args: Record<string, unknown>, tool = 'run_sql', table?: Watched['table']): ReturnType<Watcher> {
      const text = JSON.stringify(args);
      const names = datasets.map(({name}) => name).filter(name => text.includes(name));
      const refs = names.map(name => ({name, version: 1, sha256: '0'.repeat(64)}));
      const receipt = {id: ++lastId, tool, args, ms: 1, datasets: refs, rowsRead: 60, sampled: false};
      return watch({receipt, table}, new AbortController().signal);
    },
  };
}
