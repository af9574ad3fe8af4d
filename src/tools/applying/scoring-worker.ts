// The thread that reads a kept model once and scores the rows it is sent, until it is told that there are no more.

import {parentPort, workerData} from 'node:worker_threads';
import {ToolError} from '../../core/errors.ts';
import {standBack} from '../stand-back.ts';
import {toldOf} from '../told.ts';
import {type KeptModel, withParameters} from '../training/model-file.ts';
import {scoresOf} from './scores.ts';
import type {ScoringMessage, ScoringRequest} from './scoring-thread.ts';

const send = (message: ScoringMessage): void => parentPort?.postMessage(message);

function tell(error: unknown): void {
  if (error instanceof ToolError) send(toldOf(error));
  else send({kind: 'failed', message: error instanceof Error ? error.message : String(error)});
}

standBack();

try {
  const kept: KeptModel = workerData;
  const loaded = withParameters(kept);
  send({kind: 'ready', hasProbabilities: loaded.model.probabilities !== undefined});
  parentPort?.on('message', (request: ScoringRequest) => {
    try {
      if (request === null) parentPort?.close();
      else send({kind: 'scores', scores: scoresOf(loaded, request.columns, request.rows)});
    } catch (error) {
      tell(error);
    }
  });
} catch (error) {
  tell(error);
}
