// Prediction as a tool: a kept model scores the rows of a dataset that has its columns, however many there are.

import {z} from 'zod';
import {createReader} from '../analysis/column-values.ts';
import {type Column, currentVersion, type Dataset, refOf, type Table} from '../core/dataset.ts';
import {formatCount, printable, sizeWords} from '../core/text.ts';
import {defineTool, type Tool, type ToolContext} from '../core/tool.ts';
import type {ColumnFacts} from '../engine/profile-columns.ts';
import {renderMarkdownTable} from '../render/table.ts';
import {type DatasetScores, spreadText, withScores} from './applying/score-dataset.ts';
import {readScored} from './applying/score-file.ts';
import {gapLines} from './applying/unreadable.ts';
import type {Catalog} from './catalog.ts';
import {originOf} from './disclose.ts';
import {saveName} from './exploring/keep.ts';
import {tableOf} from './result-table.ts';
import {refuseOverwrite} from './sql.ts';
import {isModelKept, type KeptModel, keptModel} from './training/model-file.ts';

const shownRows = 20;
const rowsOfTable = 1_000;

export function predictTool(catalog: Catalog): Tool {
  return defineTool({
    name: 'predict',
    description:
      'Score rows with a kept model: "latest", its id, or the dataset it learnt from. save_as keeps rows and predictions.',
    parallel: ({save_as: saveAs}) => saveAs === undefined,
    offered: () => isModelKept(catalog),
    args: z.object({
      model: z.string(),
      dataset: z.string(),
      where: z.string().min(1).optional(),
      save_as: saveName.optional(),
    }),
    async run({model: wanted, dataset: name, where, save_as: saveAs}, context) {
      const {signal, emit} = context;
      const {workspace} = catalog;
      const kept = await keptModel(workspace.path('models'), wanted);
      const {id, content} = kept;
      const dataset = await catalog.dataset(name);
      if (saveAs !== undefined) {
        if (workspace.unwritable) throw workspace.unwritable;
        await refuseOverwrite(catalog, saveAs);
      }
      const engine = await catalog.engine();
      const reader = createReader(engine, signal);
      const select = async (sql: string, parquet: string) => {
        reader.sql.push(sql);
        await engine.writeParquet(sql, parquet, {signal});
      };
      const from = [
        ...originOf(
          dataset,
          content.inputs.map(({column}) => column),
        ),
        `${content.data.name}.${content.target}`,
      ];
      const onProgress = (rows: number) => emit({type: 'work_progress', message: `Scoring: ${formatCount(rows)} rows`});
      const request = {
        kept,
        dataset,
        workspace,
        select: where === undefined ? null : select,
        where,
        signal,
        onProgress,
      };
      return withScores(request, async scored => {
        const {facts, first} = await readScored(scored, {
          workspace,
          // What is known of the columns holds for all rows only.
          columns: where === undefined ? scored.added : [...scored.columns, ...scored.added],
          maxRows: rowsOfTable,
          signal,
        });
        const table = shownTable(first, scored, content.classes);
        const bare = `Model ${id} predicts ${content.target} for ${formatCount(scored.rows)} row${scored.rows === 1 ? '' : 's'} of ${dataset.name}.`;
        const columns = keptColumns(scored, facts, dataset, from);
        const saved =
          saveAs === undefined ? [] : [await keep(saveAs, {scored, columns, dataset, kept, where}, catalog, context)];
        const value = {kind: 'value' as const, from};
        return {
          ok: true,
          disclosure: {
            bare: printable([bare, ...saved].join('\n')),
            columns: [{kind: 'name', from: []}, ...table.columns.slice(1).map(() => value)],
          },
          summary: [
            printable(`${bare} ${spreadText(scored, content)}`),
            ...gapLines(scored.gaps),
            ...saved,
            renderMarkdownTable(table, {maxRows: shownRows}),
            ...(scored.rows > shownRows && saveAs === undefined
              ? [`The first ${shownRows}; /predict … to NAME (save_as) keeps all.`]
              : []),
          ].join('\n'),
          table,
          source: await catalog.sourceOf([dataset.name], sourceSql(reader.sql, dataset)),
        };
      });
    },
  });
}

function sourceSql(statements: readonly string[], {name}: Dataset): string {
  return statements.length > 0 ? statements.join(';\n') : `SELECT * FROM "${name}"`;
}

/**
 * The first rows by their numbers: what is predicted, and how likely the second of two classes is, so that all rows can be compared, or
 * the predicted one of more.
 */
function shownTable({rows}: Table, {rows: total, added, columns}: DatasetScores, classes: readonly string[]): Table {
  const at = columns.length;
  const isClass = classes.length > 0;
  const second = classes.length === 2 ? added[2]?.name : undefined;
  const likely = added.length > 1 ? {[second ?? 'probability']: 'number' as const} : {};
  const table = tableOf(
    {row: 'number', predicted: isClass ? 'text' : 'number', ...likely},
    rows.map((cells, i) => {
      const predicted = cells[at] ?? null;
      const shown = second === undefined ? classes.indexOf(String(predicted)) : 1;
      return [i + 1, predicted, ...(added.length > 1 ? [cells[at + 1 + shown] ?? null] : [])];
    }),
  );
  return {...table, totalRows: total};
}

/** `facts` are of the last columns, or of all. */
function keptColumns(
  {columns, added}: DatasetScores,
  facts: readonly ColumnFacts[],
  dataset: Dataset,
  from: string[],
): Column[] {
  const first = columns.length + added.length - facts.length;
  const made = added.map((column): Column => {
    const unknown = {nullCount: 0, distinctCount: 0, min: null, max: null, topValues: []};
    return {...column, originalName: column.name, ...unknown, notes: [], from, computed: true};
  });
  const known = columns.map(column => ({...column, from: originOf(dataset, [column.name])}));
  return [...known, ...made].map((column, at) => ({...column, ...facts[at - first]}));
}

type Kept = {
  scored: DatasetScores;
  columns: Column[];
  dataset: Dataset;
  kept: KeptModel;
  where: string | undefined;
};

async function keep(
  name: string,
  {scored, columns, dataset, kept, where}: Kept,
  {workspace}: Catalog,
  {emit}: ToolContext,
): Promise<string> {
  const condition = where === undefined ? '' : ` WHERE (\n${where}\n)`;
  const sql = `SELECT * FROM "${dataset.name}"${condition} -- with the predictions of model ${kept.id}`;
  const saved = await workspace.addVersion(name, {
    parquetFile: scored.parquet,
    rows: scored.rows,
    columns,
    source: {kind: 'query', sql, parents: [refOf(dataset)]},
    warnings: [],
  });
  const {version, parquet} = currentVersion(saved);
  emit({
    type: 'dataset_added',
    name,
    version,
    rows: scored.rows,
    columns: columns.length,
    sizeBytes: 0,
    format: 'query',
    storedName: parquet,
    warnings: [],
  });
  return `Saved as dataset ${name} v${version}: ${sizeWords(scored.rows, columns.length)}.`;
}
