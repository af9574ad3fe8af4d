// The thread that clusters, reduces, forecasts, and reads kept models to measure and explain them.

import {parentPort, workerData} from 'node:worker_threads';
import {ToolError} from '../../core/errors.ts';
import {standBack} from '../stand-back.ts';
import {toldOf} from '../told.ts';
import {JOBS, type JobInput, type JobName, type JobResult} from './jobs.ts';
import type {JobMessage} from './run-apart.ts';

const send = (message: JobMessage<JobName>): void => parentPort?.postMessage(message);

function run<Name extends JobName>({
  name,
  input,
}: {
  name: Name;
  input: JobInput<Name>;
}): JobResult<Name> | Promise<JobResult<Name>> {
  return JOBS[name](input, text => send({kind: 'progress', text}));
}

standBack();

try {
  send({kind: 'done', result: await run(workerData)});
} catch (error) {
  if (error instanceof ToolError) send(toldOf(error));
  else {
    const isRefusal = error instanceof RangeError;
    send({kind: isRefusal ? 'refused' : 'failed', message: error instanceof Error ? error.message : String(error)});
  }
}
