// Collects what a script run did, for its one JSON object.

import type {Caution} from '../../core/caution.ts';
import type {EventSink} from '../../core/events.ts';
import type {Grounding} from '../../core/grounding.ts';
import type {Artifact, NextStep, Receipt} from '../../core/tool.ts';

export type AttemptJson = {
  provider: string;
  model: string;
  attempt: number;
  outcome: string;
  status: number | null;
  request_id: string | null;
  ms: number;
};
export type DatasetJson = {
  name: string;
  version: number;
  rows: number;
  columns: number;
  stored_file: string;
  warnings: string[];
};

export type RunRecord = {
  attempts: AttemptJson[];
  datasets: DatasetJson[];
  artifacts: Artifact[];
  receipts: Receipt[];
  nextSteps: NextStep[];
  cautions: Caution[];
  /** Of all answers together; null when none held a number. */
  grounding: Grounding | null;
};

/** `sink` fills `record` from the events of the run. */
export function recordRun(): {record: RunRecord; sink: EventSink} {
  const record: RunRecord = {
    attempts: [],
    datasets: [],
    artifacts: [],
    receipts: [],
    nextSteps: [],
    cautions: [],
    grounding: null,
  };
  const sink: EventSink = event => {
    switch (event.type) {
      case 'attempt_end': {
        const {provider, model, attempt, outcome, status, requestId, ms} = event;
        record.attempts.push({
          provider,
          model,
          attempt,
          outcome,
          status: status ?? null,
          request_id: requestId ?? null,
          ms: Math.round(ms),
        });
        break;
      }
      case 'dataset_added': {
        const {name, version, rows, columns, storedName, warnings} = event;
        record.datasets.push({name, version, rows, columns, stored_file: storedName, warnings});
        break;
      }
      case 'tool_end':
        if (!event.result.ok || event.result.nextSteps) break;
        record.receipts.push(event.result.receipt);
        record.artifacts.push(...(event.result.artifacts ?? []));
        break;
      case 'caution':
        record.cautions.push(event.caution);
        break;
      case 'grounding':
        record.grounding = addGrounding(record.grounding, event);
        break;
      case 'turn_end':
        if (event.nextSteps.length > 0) record.nextSteps = event.nextSteps;
        break;
      default:
        break;
    }
  };
  return {record, sink};
}

function addGrounding(before: Grounding | null, {numbers, supported, derived, unsupported}: Grounding): Grounding {
  return {
    numbers: (before?.numbers ?? 0) + numbers,
    supported: (before?.supported ?? 0) + supported,
    derived: (before?.derived ?? 0) + derived,
    unsupported: [...(before?.unsupported ?? []), ...unsupported],
  };
}
