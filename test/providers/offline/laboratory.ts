// A real engine in memory and the loop around the analyst, so that a question is judged by the numbers it leads to.

import {type DuckDBConnection, DuckDBInstance, type StatementType} from '@duckdb/node-api';
import type {ChatRequest, Message, StopReason} from '../../../src/core/chat.ts';
import type {Cell, Column, ColumnKind, Dataset, Table} from '../../../src/core/dataset.ts';
import {ToolError} from '../../../src/core/errors.ts';
import type {NextStep, Receipt, ToolResult} from '../../../src/core/tool.ts';
import {createOfflineProvider} from '../../../src/providers/offline/analyst.ts';

export type Row = Record<string, Cell>;
export type TableSpec = {name: string; types: Record<string, string>; rows: Row[]};
export type Call = {name: string; args: Record<string, unknown>; result: ToolResult};
export type Answer = {text: string; calls: Call[]; steps: NextStep[]; rounds: number; stop: StopReason};

export const quote = (name: string) => `"${name.replaceAll('"', '""')}"`;

const literal = (cell: Cell) =>
  cell === null ? 'NULL' : typeof cell === 'string' ? `'${cell.replaceAll("'", "''")}'` : String(cell);

const kindOf = (type: string): ColumnKind => {
  if (/INT|DOUBLE|DECIMAL|FLOAT/.test(type)) return 'number';
  if (/BOOL/.test(type)) return 'boolean';
  return /DATE|TIME/.test(type) ? 'time' : 'text';
};

function cellOf(value: unknown): Cell {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  if (value === null || typeof value === 'number' || typeof value === 'boolean' || typeof value === 'string')
    return value;
  return String(value);
}

export class Laboratory {
  readonly datasets: Dataset[] = [];
  /** The points of the chart drawn last. */
  drawn: Table | null = null;
  /** What every query fails with while it is set. */
  failure: ToolError | null = null;
  readonly #connection: DuckDBConnection;

  private constructor(connection: DuckDBConnection) {
    this.#connection = connection;
  }

  static async open(tables: TableSpec[]): Promise<Laboratory> {
    const instance = await DuckDBInstance.create(':memory:', {threads: '1'});
    const laboratory = new Laboratory(await instance.connect());
    for (const table of tables) await laboratory.#add(table);
    return laboratory;
  }

  close(): void {
    this.#connection.closeSync();
  }

  async #add({name, types, rows}: TableSpec): Promise<void> {
    const columns = Object.entries(types);
    const definition = columns.map(([column, type]) => `${quote(column)} ${type}`).join(', ');
    await this.#connection.run(`CREATE TABLE ${quote(name)} (${definition})`);
    for (let at = 0; at < rows.length; at += 500) {
      const values = rows
        .slice(at, at + 500)
        .map(row => `(${columns.map(([column]) => literal(row[column] ?? null)).join(', ')})`);
      await this.#connection.run(`INSERT INTO ${quote(name)} VALUES ${values.join(', ')}`);
    }
    const profiled = columns.map(([column, type]) => profile(column, type, rows));
    this.datasets.push({
      name,
      current: 1,
      versions: [
        {
          version: 1,
          createdAt: '2025-01-01T00:00:00Z',
          parquet: `data/${name}.parquet`,
          sha256: 'a'.repeat(64),
          rows: rows.length,
          columns: profiled,
          source: {kind: 'query', sql: '', parents: []},
          warnings: [],
        },
      ],
    });
  }

  async statementTypes(sql: string): Promise<StatementType[]> {
    const statements = await this.#connection.extractStatements(sql);
    const types: StatementType[] = [];
    for (let at = 0; at < statements.count; at++) types.push((await statements.prepare(at)).statementType);
    return types;
  }

  async query(sql: string, maxRows = 1_000): Promise<Table> {
    const reader = await this.#connection.runAndReadAll(sql);
    const names = reader.columnNames();
    const types = reader.columnTypes().map(String);
    const all = reader.getRows().map(row => row.map(cellOf));
    const rows = all.slice(0, maxRows);
    return {
      columns: names.map((name, at) => ({name, type: types[at] ?? '', kind: kindOf(types[at] ?? '')})),
      rows,
      totalRows: rows.length === all.length ? all.length : null,
    };
  }

  /** Asks as the agent loop would: tool calls are run until an answer comes, ten rounds at most. */
  async ask(questions: string | string[], activeDataset: string | undefined = this.datasets[0]?.name): Promise<Answer> {
    const prompts = typeof questions === 'string' ? [questions] : questions;
    const messages: Message[] = [];
    let answer: Answer = {text: '', calls: [], steps: [], rounds: 0, stop: 'complete'};
    for (const text of prompts) {
      messages.push({role: 'user', text});
      answer = await this.#turn(messages, activeDataset);
    }
    return answer;
  }

  async #turn(messages: Message[], activeDataset: string | undefined): Promise<Answer> {
    const provider = createOfflineProvider();
    const answer: Answer = {text: '', calls: [], steps: [], rounds: 0, stop: 'complete'};
    while (answer.rounds < 10) {
      answer.rounds++;
      const request: ChatRequest = {system: '', messages, tools: [], datasets: this.datasets, activeDataset};
      const message: Message = {
        role: 'assistant',
        text: '',
        toolCalls: [],
        usage: {inputTokens: 0, outputTokens: 0},
        provider: 'offline',
        model: 'analyst',
      };
      let ends = 0;
      for await (const chunk of provider.stream(request, new AbortController().signal)) {
        if (chunk.type === 'text') message.text += chunk.delta;
        if (chunk.type === 'tool_call') message.toolCalls.push(chunk.call);
        if (chunk.type === 'end') {
          ends++;
          answer.stop = chunk.stop;
        }
      }
      if (ends !== 1) throw new Error(`${ends} end chunks`);
      messages.push(message);
      answer.text = message.text;
      if (message.toolCalls.length === 0) return answer;
      for (const call of message.toolCalls) {
        const args: Record<string, unknown> = JSON.parse(call.argumentsText);
        const result = await this.run(call.name, args);
        if (call.name === 'suggest_next_steps' && result.ok) answer.steps = result.nextSteps ?? [];
        else answer.calls.push({name: call.name, args, result});
        messages.push({role: 'tool', callId: call.id, name: call.name, result});
      }
    }
    throw new Error('the analyst did not come to an end');
  }

  async run(name: string, args: Record<string, unknown>): Promise<ToolResult> {
    const receipt = {id: 1, tool: name, args, datasets: [], rowsRead: 0, sampled: false, ms: 0};
    try {
      const sql = args.sql;
      if (typeof sql === 'string') {
        if (this.failure) throw this.failure;
        const table = await this.query(sql, Number(args.max_rows ?? 1_000));
        this.drawn = name === 'draw_chart' ? table : this.drawn;
        if (name === 'draw_chart') return drawing(table, args, receipt);
        return {ok: true, summary: `${name}: ${table.rows.length} rows`, table, receipt};
      }
      const nextSteps = Array.isArray(args.steps) ? args.steps : undefined;
      return {ok: true, summary: `${name} ran`, ...(nextSteps && {nextSteps}), receipt};
    } catch (error) {
      return {
        ok: false,
        code: 'sql.failed',
        message: error instanceof Error ? error.message : String(error),
        hint: error instanceof ToolError && error.hint ? error.hint : 'Look at the SQL.',
      };
    }
  }
}

/** A chart gives text and a picture, and has the columns it was asked to draw. */
function drawing(table: Table, args: Record<string, unknown>, receipt: Receipt): ToolResult {
  const names = table.columns.map(({name}) => name);
  for (const axis of [args.x, args.y]) {
    if (axis !== undefined && !names.includes(String(axis))) throw new Error(`no column ${String(axis)} to draw`);
  }
  return {
    ok: true,
    summary: `${table.rows.length} points`,
    artifacts: [{kind: 'chart', title: String(args.title)}],
    receipt,
  };
}

function profile(name: string, type: string, rows: Row[]): Column {
  const values = rows.map(row => row[name] ?? null).filter(value => value !== null);
  const counts = new Map<string, number>();
  for (const value of values) counts.set(String(value), (counts.get(String(value)) ?? 0) + 1);
  const kind = kindOf(type);
  const sorted = [...values].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const top = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([value]) => value);
  return {
    name,
    originalName: name,
    type,
    kind,
    nullCount: rows.length - values.length,
    distinctCount: counts.size,
    min: sorted[0] ?? null,
    max: sorted.at(-1) ?? null,
    topValues: counts.size <= 1_000 ? top.slice(0, 20) : [],
    notes: [],
  };
}

/** The SQL of the queries an answer ran, in order. */
export const sqlOf = ({calls}: Answer): string[] =>
  calls.map(({args}) => args.sql).filter(sql => typeof sql === 'string');

/** The rows of the first query. */
export function rowsOf(answer: Answer): Cell[][] {
  const [call] = answer.calls;
  if (!call?.result.ok)
    throw new Error(call && !call.result.ok ? call.result.message : `no call; the text is: ${answer.text}`);
  return call.result.table?.rows ?? [];
}
