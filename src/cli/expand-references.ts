// What a question with references becomes: for a model the rows follow it as the result of a tool call, under the privacy
// rules of any other result; for the embedded analyst, whose questions are about datasets, they become one.

import {currentVersion} from '../core/dataset.ts';
import {ToolError} from '../core/errors.ts';
import {statementBody} from '../engine/sql-text.ts';
import type {App} from './app.ts';
import {checkColumns, datasetSource, type FoundReference, referenceSql, referencesIn} from './references.ts';
import {toolResult} from './slash/run-tool.ts';

export type Expanded = {text: string; calls: {name: string; args: unknown}[]};

/** @throws UsageError, ToolError for a reference that names nothing */
export async function expandReferences(text: string, app: App, signal: AbortSignal): Promise<Expanded> {
  const found = referencesIn(text);
  const isAnalyst = app.models.config().providers[0] === 'offline';
  if (!isAnalyst) {
    const calls = [];
    for (const reference of found) calls.push({name: 'run_sql', args: await selectOf(reference, app)});
    return {text, calls};
  }
  let plain = text;
  for (const reference of found) {
    const name = savedName(reference);
    await toolResult('run_sql', {...(await selectOf(reference, app)), save_as: name}, app, signal);
    app.catalog.use(name);
    plain = plain.replace(reference.text, () => name);
  }
  return {text: await withoutMarks(plain, app), calls: []};
}

async function selectOf(reference: FoundReference, app: App): Promise<{sql: string; max_rows: number}> {
  const {of, first, last} = reference;
  const maxRows = last - first + 1;
  if (/^\d+$/.test(of)) {
    const receipt = app.session.receipt(Number(of));
    if (!receipt?.sql)
      throw new ToolError('receipt.unknown', `There is no result ${of} that was made by SQL.`, {
        hint: '/why lists the results.',
      });
    return {sql: referenceSql(reference, `(\n${statementBody(receipt.sql)}\n)`), max_rows: maxRows};
  }
  const dataset = await app.catalog.dataset(of);
  checkColumns(
    reference,
    currentVersion(dataset).columns.map(column => column.name),
  );
  return {sql: referenceSql(reference, datasetSource(of)), max_rows: maxRows};
}

/** "sales_rows_10_20". The same reference gives the same name, and another version of it. */
function savedName({of, first, last}: FoundReference): string {
  const base = /^\d/.test(of) ? `result_${of}` : of.toLowerCase();
  return `${base.slice(0, 30)}_rows_${first}_${last}`;
}

/** The analyst reads names as they are: "@sales.price" is the column price of sales, "@sales" the dataset, "@./a.csv" a file. */
async function withoutMarks(text: string, app: App): Promise<string> {
  const datasets = await app.catalog.datasets();
  const named = text.replaceAll(/(?<![\w@])@(?=[~./])/g, '');
  return named.replaceAll(/(?<![\w@])@(\w+)(?:\.(\w+))?/g, (whole, name: string, column: string | undefined) => {
    const dataset = datasets.find(each => each.name === name);
    if (!dataset) return whole.slice(1);
    if (column === undefined) return name;
    app.catalog.use(name);
    return column;
  });
}
