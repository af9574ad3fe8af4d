// Scores a Parquet file of any size: a few thousand rows at a time pass through the model, and nothing else grows.

import {dirname} from 'node:path';
import type {Cell, Table, TableColumn} from '../../core/dataset.ts';
import {openImportEngine} from '../../engine/duckdb.ts';
import type {ImportEngine} from '../../engine/import-engine.ts';
import {type ColumnFacts, profileColumns} from '../../engine/profile-columns.ts';
import {quoteName, quotePath, quoteText} from '../../engine/sql-text.ts';
import {codeTexts, type RawColumn} from '../../models/raw-columns.ts';
import type {Recipe} from '../../models/recipe.ts';
import type {Workspace} from '../../workspace/workspace.ts';
import type {KeptModel} from '../training/model-file.ts';
import type {Input} from '../training/read-columns.ts';
import {openScoringThread} from './scoring-thread.ts';
import {type Gap, unreadableIn, withUnreadable} from './unreadable.ts';

/**
 * `parquet` holds the rows as they were, in their order, and behind them the `added` columns: `predicted`, and for classes
 * `probability_<class>` each. `counts[k]` is how often class k was predicted; `mean`, `low` and `high` are of numbers.
 */
export type Scored = {
  parquet: string;
  rows: number;
  added: TableColumn[];
  counts: number[];
  mean: number;
  low: number;
  high: number;
  gaps: Gap[];
};

export type ScoreRequest = {
  source: string;
  /** The new file, in `directory`, which the engine may read and write; both absolute, as `source` in it is. */
  target: string;
  directory: string;
  columns: readonly TableColumn[];
  inputs: readonly Input[];
  signal: AbortSignal;
  onProgress?(rows: number): void;
};

const memoryBytes = 768 * 1024 * 1024;
const progressEveryRows = 250_000;

/** @throws AbortedError; ToolError `model.broken`, `model.failed`; what the engine says of a file it can't read */
export async function scoreFile(
  kept: KeptModel,
  {source, target: parquet, directory, columns, inputs, signal, onProgress}: ScoreRequest,
  {workspace}: {workspace: Workspace},
): Promise<Scored> {
  const model = await openScoringThread(kept, signal);
  const engine = await openScoring(workspace, directory).catch(error => {
    model.close();
    throw error;
  });
  try {
    const {classes} = kept.content;
    const names = ['p', ...classes.map((_, k) => `p${k}`)];
    await engine.run(`CREATE TABLE scores (${names.map(name => `${name} DOUBLE`).join(', ')})`, signal);
    const tally = new Tally(classes.length, inputs, kept.content.recipe);
    const from = `read_parquet(${quotePath(source)}, hive_partitioning = false)`;
    const numbered = `FROM read_parquet(${quotePath(source)}, hive_partitioning = false, file_row_number = true)`;
    const query = async (sql: string) => (await engine.run(sql, signal)).rows;
    const unreadable = await unreadableIn(query, numbered, inputs, 'file_row_number');
    // A baseline that has no input still needs to see each row.
    const list = inputs.length > 0 ? inputs.map(({sql}) => sql).join(', ') : '1::DOUBLE';
    let told = 0;
    await engine.append(
      'scores',
      `SELECT ${list} FROM ${from}`,
      async (cells, rows) => {
        const raw = inputs.map((input, j) => rawColumn(input, cells[j] ?? []));
        const {predicted, probabilities} = await model.scores(raw, rows);
        tally.add(raw, predicted);
        if (tally.rows - told >= progressEveryRows) {
          told = tally.rows;
          onProgress?.(tally.rows);
        }
        return [predicted, ...(probabilities ?? classes.map(() => predicted))];
      },
      signal,
    );
    const added = addedColumns(columns, classes, model.hasProbabilities);
    const predicted = classes.length > 0 ? `[${classes.map(quoteText).join(', ')}][scores.p::INTEGER + 1]` : 'scores.p';
    const values = [predicted, ...classes.map((_, k) => `scores.p${k}`)];
    const more = added.map(({name}, at) => `${values[at]} AS ${quoteName(name)}`);
    const rows = `(SELECT * FROM ${from}) AS data POSITIONAL JOIN scores`;
    await engine.run(
      `COPY (SELECT data.*, ${more.join(', ')} FROM ${rows}) TO ${quoteText(parquet)} (FORMAT parquet, COMPRESSION zstd)`,
      signal,
    );
    const {low, high, counts} = tally;
    const mean = tally.sum / Math.max(1, tally.rows);
    return {parquet, rows: tally.rows, added, counts, mean, low, high, gaps: withUnreadable(tally.gaps(), unreadable)};
  } finally {
    model.close();
    engine.close();
  }
}

/** The columns of a scored file with their facts, and its first rows. */
export async function readScored(
  {parquet}: Pick<Scored, 'parquet'>,
  {
    workspace,
    columns,
    maxRows,
    signal,
  }: {workspace: Workspace; columns: readonly TableColumn[]; maxRows: number; signal: AbortSignal},
): Promise<{facts: ColumnFacts[]; first: Table}> {
  const engine = await openScoring(workspace, dirname(parquet));
  try {
    const relation = `read_parquet(${quotePath(parquet)}, hive_partitioning = false)`;
    const facts = await profileColumns(sql => engine.run(sql, signal), relation, columns);
    return {facts, first: await engine.run(`SELECT * FROM ${relation} LIMIT ${maxRows}`, signal)};
  } finally {
    engine.close();
  }
}

function openScoring(workspace: Workspace, directory: string): Promise<ImportEngine> {
  const {spillDirectory} = workspace;
  return openImportEngine({dataDirectory: directory, spillDirectory, uploads: [], memoryLimitBytes: memoryBytes});
}

function rawColumn({name, kind}: Input, cells: readonly Cell[]): RawColumn {
  if (kind !== 'number')
    return codeTexts(
      name,
      kind,
      cells.map(cell => (cell === null ? null : String(cell))),
    );
  const values = Float64Array.from(cells, cell => (cell === null ? Number.NaN : Number(cell)));
  return {name, kind, values: values.map(value => (Number.isFinite(value) ? value : Number.NaN))};
}

/** `predicted` and `probability_<class>`, numbered where the data has such a column already. */
function addedColumns(columns: readonly TableColumn[], classes: readonly string[], hasProbabilities: boolean) {
  const taken = new Set(columns.map(({name}) => name.toLowerCase()));
  const free = (wanted: string): string => {
    for (let n = 1; ; n++) {
      const name = n === 1 ? wanted : `${wanted}_${n}`;
      if (taken.has(name.toLowerCase())) continue;
      taken.add(name.toLowerCase());
      return name;
    }
  };
  const added: TableColumn[] = [
    classes.length > 0
      ? {name: free('predicted'), type: 'VARCHAR', kind: 'text'}
      : {name: free('predicted'), type: 'DOUBLE', kind: 'number'},
  ];
  if (hasProbabilities)
    for (const name of classes) added.push({name: free(`probability_${name}`), type: 'DOUBLE', kind: 'number'});
  return added;
}

class Tally {
  rows = 0;
  sum = 0;
  low = Number.POSITIVE_INFINITY;
  high = Number.NEGATIVE_INFINITY;
  readonly counts: number[];
  readonly #inputs: readonly Input[];
  readonly #known: (ReadonlySet<string> | null)[];
  readonly #unseen: number[];
  readonly #missing: number[];

  constructor(classCount: number, inputs: readonly Input[], {steps}: Recipe) {
    this.counts = new Array<number>(classCount).fill(0);
    this.#inputs = inputs;
    this.#unseen = inputs.map(() => 0);
    this.#missing = inputs.map(() => 0);
    this.#known = inputs.map(({name}) => {
      const step = steps.find(each => each.name === name);
      return step?.kind === 'category' || step?.kind === 'encoded' ? new Set(step.levels) : null;
    });
  }

  add(raw: readonly RawColumn[], predicted: Float64Array): void {
    this.rows += predicted.length;
    for (const value of predicted) {
      this.sum += value;
      if (value < this.low) this.low = value;
      if (value > this.high) this.high = value;
      if (this.counts.length > 0) this.counts[value] = (this.counts[value] ?? 0) + 1;
    }
    raw.forEach((column, j) => {
      const count = (into: number[], more: number) => {
        into[j] = (into[j] ?? 0) + more;
      };
      if (column.kind === 'number') {
        let missing = 0;
        for (const value of column.values) if (Number.isNaN(value)) missing++;
        count(this.#missing, missing);
        return;
      }
      const known = this.#known[j];
      const isNew = column.levels.map(level => (known && !known.has(level) ? 1 : 0));
      let [missing, unseen] = [0, 0];
      for (const code of column.codes) {
        if (code < 0) missing++;
        else unseen += isNew[code] ?? 0;
      }
      count(this.#missing, missing);
      count(this.#unseen, unseen);
    });
  }

  /** One a column; the parts of a date count once. */
  gaps(): Gap[] {
    const gaps = this.#inputs.flatMap(({column}, j): Gap[] => [
      {column, kind: 'unseen', rows: this.#unseen[j] ?? 0},
      {column, kind: 'missing', rows: this.#missing[j] ?? 0},
    ]);
    return gaps.filter(
      (gap, at) => gap.rows > 0 && gaps.findIndex(each => each.column === gap.column && each.kind === gap.kind) === at,
    );
  }
}
