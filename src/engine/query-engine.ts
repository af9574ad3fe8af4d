// The engine that answers questions: one view per dataset, one connection per statement, SELECT only.

import type {DuckDBConnection} from '@duckdb/node-api';
import type {Cell} from '../core/dataset.ts';
import {ToolError} from '../core/errors.ts';
import {checkSelect} from './check.ts';
import type {EngineOptions} from './duckdb.ts';
import type {LockedInstance} from './instance.ts';
import {openLockedInstance, withConnection} from './instance.ts';
import {readRows, scanRows} from './read-rows.ts';
import type {QueryResult, SqlEngine, Trace} from './sql-engine.ts';
import {sqlError} from './sql-errors.ts';
import {quoteName, quotePath, quoteText, statementBody} from './sql-text.ts';
import {traceSelect} from './trace.ts';

export class DuckDbQueryEngine implements SqlEngine {
  readonly name = 'duckdb';
  readonly #instance: LockedInstance;
  readonly #dataDirectory: string;
  readonly #datasets = new Map<string, string>();

  private constructor(instance: LockedInstance, dataDirectory: string) {
    this.#instance = instance;
    this.#dataDirectory = dataDirectory;
  }

  static async open(options: Required<EngineOptions>): Promise<DuckDbQueryEngine> {
    const reach = {directories: [options.dataDirectory], files: []};
    return new DuckDbQueryEngine(await openLockedInstance(options, reach), options.dataDirectory);
  }

  async addDataset(name: string, parquetFile: string): Promise<void> {
    const source = `read_parquet(${quotePath(parquetFile)}, hive_partitioning = false)`;
    await this.#withErrors([], undefined, connection =>
      connection.run(`CREATE OR REPLACE VIEW ${quoteName(name)} AS SELECT * FROM ${source}`),
    );
    this.#datasets.set(name, parquetFile);
  }

  async dropDataset(name: string): Promise<void> {
    await this.#withErrors([], undefined, connection => connection.run(`DROP VIEW IF EXISTS ${quoteName(name)}`));
    this.#datasets.delete(name);
  }

  async query(sql: string, options: {maxRows: number; signal?: AbortSignal}): Promise<QueryResult> {
    const started = performance.now();
    const used: string[] = [];
    return this.#withErrors(used, options.signal, async connection => {
      const {statement, datasets} = await this.#check(connection, sql, used);
      try {
        const table = await readRows(statement, options.maxRows, options.signal);
        return {table, datasets, ms: performance.now() - started};
      } finally {
        statement.destroySync();
      }
    });
  }

  async scan(
    sql: string,
    options: {signal?: AbortSignal; onRows(rows: Cell[][]): void},
  ): Promise<{datasets: string[]; ms: number}> {
    const started = performance.now();
    const used: string[] = [];
    return this.#withErrors(used, options.signal, async connection => {
      const {statement, datasets} = await this.#check(connection, sql, used);
      try {
        await scanRows(statement, options.onRows, options.signal);
        return {datasets, ms: performance.now() - started};
      } finally {
        statement.destroySync();
      }
    });
  }

  async trace(sql: string, {smallestGroup}: {smallestGroup: number}): Promise<Trace> {
    return this.#withErrors([], undefined, async connection => {
      const columns = new Map<string, string[]>();
      for (const name of this.#datasets.keys()) columns.set(name, await columnNames(connection, name));
      return traceSelect(connection, sql, {columnsOf: name => columns.get(name), smallestGroup});
    });
  }

  async writeParquet(
    sql: string,
    parquetFile: string,
    options: {signal?: AbortSignal},
  ): Promise<{rows: number; datasets: string[]; ms: number}> {
    const started = performance.now();
    const used: string[] = [];
    return this.#withErrors(used, options.signal, async connection => {
      const {statement, datasets} = await this.#check(connection, sql, used);
      statement.destroySync();
      const target = `${quoteText(parquetFile)} (FORMAT parquet, COMPRESSION zstd)`;
      const copy = `COPY (\n${statementBody(sql)}\n) TO ${target}`;
      if ((await connection.extractStatements(copy)).count !== 1)
        throw new ToolError('sql.not_select', 'This statement can be run but not saved.', {hint: 'Write one SELECT.'});
      const rows = (await connection.runAndReadAll(copy)).getRows()[0]?.[0];
      return {rows: Number(rows ?? 0), datasets, ms: performance.now() - started};
    });
  }

  close(): void {
    this.#instance.close();
  }

  async #check(connection: DuckDBConnection, sql: string, used: string[]) {
    const known = new Set(this.#datasets.keys());
    // The names are needed for the error too, and binding (inside) is where unknown columns show.
    return checkSelect(connection, sql, known, names => used.push(...names));
  }

  async #withErrors<T>(
    used: string[],
    signal: AbortSignal | undefined,
    work: (connection: DuckDBConnection) => Promise<T>,
  ): Promise<T> {
    try {
      return await withConnection(this.#instance, signal, work);
    } catch (error) {
      throw await sqlError(error, used, {
        datasets: new Set(this.#datasets.keys()),
        columnsOf: names => this.#columnsOf(names),
        hidden: [this.#dataDirectory, this.#instance.spill],
        signal,
      });
    }
  }

  async #columnsOf(datasets: readonly string[]): Promise<string[]> {
    const found = new Set<string>();
    await withConnection(this.#instance, undefined, async connection => {
      for (const name of datasets) for (const column of await columnNames(connection, name)) found.add(column);
    });
    return [...found];
  }
}

async function columnNames(connection: DuckDBConnection, dataset: string): Promise<string[]> {
  const rows = (await connection.runAndReadAll(`DESCRIBE ${quoteName(dataset)}`)).getRows();
  return rows.map(([column]) => String(column));
}
