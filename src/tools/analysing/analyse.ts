// Runs an analysis; of a large dataset in a thread of its own, so that the chat goes on reading keys and Ctrl-C ends it at once.
// The thread has no engine: it asks for rows and numbers, and gets the numbers in memory that both share.

import type {Reader, Selection} from '../../analysis/column-values.ts';
import {type Cell, currentVersion, type Dataset} from '../../core/dataset.ts';
import {AbortedError, ToolError} from '../../core/errors.ts';
import {inThread} from '../thread.ts';
import {refusalOf, type Told} from '../told.ts';
import {ANALYSES, type AnalysisAnswer, type AnalysisAsked, type AnalysisName} from './jobs.ts';

/** Of a dataset that is analysed without a thread of its own, since starting one takes about as long. */
const mostRowsHere = 5_000;
const mostCellsHere = 100_000;

/** What the thread asks for; answers carry the same `id`. */
export type Wanted =
  | {kind: 'rows'; id: number; sql: string; maxRows: number | undefined}
  | {kind: 'numbers'; id: number; selection: Selection; expressions: readonly string[]};

export type Given = {id: number; rows: Cell[][]} | {id: number; numbers: Float64Array[]};

export type AnalysisMessage<Name extends AnalysisName> =
  | Wanted
  | {kind: 'done'; answer: AnalysisAnswer<Name>}
  | Told
  | {kind: 'failed'; message: string};

type Setting = {reader: Reader; dataset: Dataset; signal: AbortSignal};

/** @throws AbortedError; ToolError `analysis.failed`, or whatever the analysis and its reads throw */
export async function analyse<Name extends AnalysisName>(
  name: Name,
  asked: AnalysisAsked<Name>,
  {reader, dataset, signal}: Setting,
): Promise<AnalysisAnswer<Name>> {
  const {rows, columns} = currentVersion(dataset);
  if (rows <= mostRowsHere || rows * columns.length <= mostCellsHere) return ANALYSES[name](reader, asked, signal);
  const source = import.meta.url.endsWith('.ts') ? '../../../dist/analysis-worker.js' : './analysis-worker.js';
  const failed = (why: string) => new ToolError('analysis.failed', `The computation failed: ${why}.`);
  let give = (_: Given) => {};
  let breakOff = (_: unknown) => {};
  return inThread<AnalysisMessage<Name>, AnalysisAnswer<Name>>({
    script: new URL(source, import.meta.url),
    data: {name, asked},
    heapMegabytes: 2_000,
    signal,
    onStart(post, end) {
      give = post;
      breakOff = error => end({error: error instanceof Error ? error : failed(String(error))});
    },
    onMessage(message) {
      switch (message.kind) {
        case 'rows':
        case 'numbers':
          answered(message, reader).then(give, breakOff);
          return null;
        case 'done':
          return {result: message.answer};
        case 'told':
          return {error: refusalOf(message)};
        case 'failed':
          return {error: failed(message.message)};
        default:
          return message satisfies never;
      }
    },
    onAbort: () => ({error: new AbortedError()}),
    onFailure: failed,
  });
}

async function answered(wanted: Wanted, reader: Reader): Promise<Given> {
  const {id} = wanted;
  return wanted.kind === 'rows'
    ? {id, rows: await reader.rows(wanted.sql, wanted.maxRows)}
    : {id, numbers: await reader.numbers(wanted.selection, wanted.expressions)};
}
