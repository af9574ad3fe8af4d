// Filling gaps: with a constant, a figure of the column or its group, the row before or after, or from the other columns.

import type {TableColumn} from '../../core/dataset.ts';
import {ToolError} from '../../core/errors.ts';
import {formatCount, sizeWords} from '../../core/text.ts';
import {quoteName} from '../../engine/sql-text.ts';
import {columnNamed} from '../column-values.ts';
import {literal} from '../profile-sql.ts';
import {iterativeImpute, knnImpute} from './impute.ts';
import {type Compile, constant, edited, missing, needed, needNumber, presentSql, type StepInput} from './step.ts';

/** Filled cells stand in the statement one by one. */
const mostCells = 20_000;
/** Rows with gaps × rows × columns that kNN compares: some ten seconds. */
const mostCompared = 5e9;
/** Rows × columns² × rounds of the regressions. */
const mostProducts = 5e9;
const cellsInBatch = 400_000;

export const fill: Compile = input => {
  const {step, chosen, listed} = input;
  const value = needed(step, 'value');
  if (chosen.length === 0) throw missing(step, 'columns');
  if (value === 'knn' || value === 'iterative') return fillFromOthers(input, value);
  return edited(input, `fill missing ${listed} with ${value}`, chosen, column => filled(column, input));
};

function filled(column: TableColumn, {step, relation}: StepInput): string {
  const value = presentSql(column);
  const by = step.by === undefined ? null : quoteName(columnNamed(relation.columns, step.by).name);
  const within = by === null ? '()' : `(PARTITION BY ${by})`;
  switch (step.value) {
    case 'mean':
    case 'median':
      needNumber(column);
      return `coalesce(${value}, ${step.value === 'mean' ? 'avg' : 'median'}(${value}) OVER ${within})`;
    case 'mode': {
      const common = `(SELECT ${value} FROM ${relation.name} WHERE ${value} IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1)`;
      // Of equally common values the smallest, as the first one of pandas' mode().
      return `coalesce(${value}, ${by === null ? common : `mode(${value} ORDER BY ${value}) OVER ${within}`})`;
    }
    case 'forward':
    case 'backward': {
      const order = by === null ? relation.order : `${by}, ${relation.order}`;
      const [from, rows] =
        step.value === 'forward'
          ? ['last_value', 'UNBOUNDED PRECEDING']
          : ['first_value', 'BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING'];
      return `coalesce(${value}, ${from}(${value} IGNORE NULLS) OVER (ORDER BY ${order} ROWS ${rows}))`;
    }
    default:
      return `coalesce(${value}, ${constant(column, step.value)})`;
  }
}

/** The named columns tell about each other; all gaps in them are filled. @throws ToolError `clean.too_large` */
async function fillFromOthers(input: StepInput, method: 'knn' | 'iterative') {
  const {relation, chosen, listed, step} = input;
  if (chosen.length < 2)
    throw new ToolError('clean.needs', `${method} needs two or more number columns, which tell about each other.`);
  for (const column of chosen) needNumber(column);
  const finite = chosen.map(column => `isfinite((${presentSql(column)})::DOUBLE)`);
  const gaps = finite.map(each => `count(*) FILTER (${each} IS NOT TRUE)`);
  const facts = `count(*), ${gaps.join(', ')}, count(*) FILTER (NOT (${finite.map(each => `${each} IS TRUE`).join(' AND ')}))`;
  const [rows = 0, ...counts] = (await relation.ask(facts)).map(Number);
  const gappyRows = counts.pop() ?? 0;
  const empty = chosen.find((_, j) => counts[j] === rows);
  if (empty) throw new ToolError('clean.no_values', `"${empty.name}" has no values at all.`);
  refuse(
    `${formatCount(counts.reduce((a, b) => a + b, 0))} gaps`,
    counts.reduce((a, b) => a + b, 0) > mostCells,
    `at most ${formatCount(mostCells)} are filled this way`,
  );
  const work =
    method === 'knn'
      ? gappyRows * rows * chosen.length
      : rows * chosen.length ** 2 * 10 * Math.max(1, counts.filter(Boolean).length);
  refuse(
    `${method} over ${sizeWords(rows, chosen.length)}`,
    work > (method === 'knn' ? mostCompared : mostProducts),
    'it would take minutes',
  );
  const {places, columns} = await readColumns(input, rows);
  const pause = pausing(relation.signal);
  const result = method === 'knn' ? {columns: await knnImpute(columns, pause)} : await iterativeImpute(columns, pause);
  const cells = chosen.map((_, j) => {
    const [before, after] = [columns[j], result.columns[j]];
    return places.flatMap((place, i) =>
      Number.isNaN(before?.[i]) ? [`(${place}, ${literal(after?.[i] ?? Number.NaN)})`] : [],
    );
  });
  const joins = cells.map((list, j) =>
    list.length === 0
      ? ''
      : ` LEFT JOIN (VALUES ${list.join(', ')}) AS f${j}(place, v) ON f${j}.place = ${relation.name}.${relation.order}`,
  );
  const note = 'converged' in result && !result.converged ? ' (stopped after 10 rounds without settling)' : '';
  return edited(
    input,
    `fill missing ${listed} by ${step.value} from each other${note}`,
    chosen,
    column => {
      const j = chosen.indexOf(column);
      const name = `${relation.name}.${quoteName(column.name)}`;
      return (cells[j]?.length ?? 0) === 0 ? name : `coalesce(f${j}.v, ${name})`;
    },
    `${relation.name}${joins.join('')}`,
  );
}

function refuse(what: string, isTooMuch: boolean, why: string): void {
  if (isTooMuch)
    throw new ToolError('clean.too_large', `${what} are too many: ${why}.`, {
      hint: 'Fill with median or a group median, or name fewer columns; nothing was sampled.',
    });
}

/** The place of each row and the columns in the order of the rows; NaN where there is no finite value. */
async function readColumns(
  {relation, chosen}: StepInput,
  rows: number,
): Promise<{places: number[]; columns: Float64Array[]}> {
  const places: number[] = [];
  const columns = chosen.map(() => new Float64Array(rows).fill(Number.NaN));
  const batch = Math.max(1, Math.floor(cellsInBatch / (chosen.length + 1)));
  const list = [relation.order, ...chosen.map(column => `${quoteName(column.name)}::DOUBLE`)].join(', ');
  for (let start = 0; start < rows; start += batch) {
    const statement = `SELECT ${list} FROM ${relation.name} ORDER BY ${relation.order} LIMIT ${batch} OFFSET ${start}`;
    for (const [place, ...cells] of await relation.rows(statement, batch)) {
      cells.forEach((cell, j) => {
        const column = columns[j];
        if (column && typeof cell === 'number' && Number.isFinite(cell)) column[places.length] = cell;
      });
      places.push(Number(place));
    }
  }
  return {places, columns};
}

function pausing(signal: AbortSignal | undefined): () => Promise<void> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last < 20) return;
    await new Promise(resolve => setImmediate(resolve));
    signal?.throwIfAborted();
    last = performance.now();
  };
}
