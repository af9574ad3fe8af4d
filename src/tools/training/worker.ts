// The thread that trains, so that the chat stays responsive and Ctrl-C ends it at once.

import {parentPort, workerData} from 'node:worker_threads';
import {train} from '../../models/train.ts';
import type {TrainingData} from '../../models/training-data.ts';
import {standBack} from '../stand-back.ts';
import type {TrainingMessage} from './train-apart.ts';

const send = (message: TrainingMessage): void => parentPort?.postMessage(message);

standBack();

try {
  const data: TrainingData = workerData;
  const now = () => performance.now();
  const trained = train(data, now, {
    progress: text => send({kind: 'progress', text}),
    best: trained => send({kind: 'best', trained}),
  });
  send({kind: 'trained', trained});
} catch (error) {
  const isRefusal = error instanceof RangeError;
  send({kind: isRefusal ? 'refused' : 'failed', message: error instanceof Error ? error.message : String(error)});
}
