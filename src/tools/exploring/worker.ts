// The thread that clusters, reduces, forecasts and measures models.

import {parentPort, workerData} from 'node:worker_threads';
import {JOBS, type JobInput, type JobName, type JobResult} from './jobs.ts';
import type {JobMessage} from './run-apart.ts';

const send = (message: JobMessage<JobName>): void => parentPort?.postMessage(message);

function run<Name extends JobName>({name, input}: {name: Name; input: JobInput<Name>}): JobResult<Name> {
  return JOBS[name](input, text => send({kind: 'progress', text}));
}

try {
  send({kind: 'done', result: run(workerData)});
} catch (error) {
  const isRefusal = error instanceof RangeError;
  send({kind: isRefusal ? 'refused' : 'failed', message: error instanceof Error ? error.message : String(error)});
}
