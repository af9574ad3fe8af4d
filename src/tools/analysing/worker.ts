// The thread that analyses a large dataset.

import {parentPort, workerData} from 'node:worker_threads';
import type {Reader} from '../../analysis/column-values.ts';
import {ToolError} from '../../core/errors.ts';
import {standBack} from '../stand-back.ts';
import {toldOf} from '../told.ts';
import type {AnalysisMessage, Given, Wanted} from './analyse.ts';
import {ANALYSES, type AnalysisAnswer, type AnalysisAsked, type AnalysisName} from './jobs.ts';

const send = (message: AnalysisMessage<AnalysisName>): void => parentPort?.postMessage(message);

const waiting = new Map<number, (given: Given) => void>();
parentPort?.on('message', (given: Given) => {
  waiting.get(given.id)?.(given);
  waiting.delete(given.id);
});

type Question<Each> = Each extends unknown ? Omit<Each, 'id'> : never;

/** Reads that fail end the thread from outside, so an answer is what was asked for. */
let asked = 0;
function given(wanted: Question<Wanted>): Promise<Given> {
  asked += 1;
  const id = asked;
  return new Promise(resolve => {
    waiting.set(id, resolve);
    send({...wanted, id});
  });
}

const reader: Reader = {
  sql: [],
  async rows(sql, maxRows) {
    const found = await given({kind: 'rows', sql, maxRows});
    return 'rows' in found ? found.rows : [];
  },
  async numbers(selection, expressions) {
    const found = await given({kind: 'numbers', selection, expressions});
    return 'numbers' in found ? found.numbers : [];
  },
  scan() {
    throw new Error('an analysis in a thread reads numbers, not rows one by one');
  },
};

function run<Name extends AnalysisName>(job: {name: Name; asked: AnalysisAsked<Name>}): Promise<AnalysisAnswer<Name>> {
  return ANALYSES[job.name](reader, job.asked);
}

standBack();

try {
  send({kind: 'done', answer: await run(workerData)});
} catch (error) {
  if (error instanceof ToolError) send(toldOf(error));
  else send({kind: 'failed', message: error instanceof Error ? error.message : String(error)});
}
// Nothing more is asked for: without this the listener keeps the thread.
parentPort?.unref();
