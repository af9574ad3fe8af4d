// The figures of a run with a model as one JSON object, so that models can be compared.

import type {Effort} from './ask-model.ts';
import {isTried, type Scored} from './score.ts';

/** US dollars for a million tokens. */
export type Prices = {input: number; output: number};

export type ModelReport = {
  schemaVersion: 1;
  /** False while questions that were chosen wait for their answer, as after a stop in the middle. */
  complete: boolean;
  chosen: number;
  models: string[];
  tried: number;
  right: number;
  accuracy: number | null;
  soundTried: number;
  soundRight: number;
  soundAccuracy: number | null;
  inputTokens: number | null;
  outputTokens: number | null;
  costUsd: number | null;
  seconds: {sum: number; median: number | null};
  toolCalls: number;
  toolErrors: number;
  failed: number;
  questions: (Effort & {id: number; level: string; isRight: boolean; isSound: boolean; error: string | null})[];
};

export function modelReport(
  scored: readonly Scored[],
  efforts: ReadonlyMap<number, Effort>,
  {prices, chosen}: {prices: Prices | null; chosen: number},
): ModelReport {
  const questions = scored.filter(isTried).flatMap(({task, isRight, error}) => {
    const effort = efforts.get(task.question.id);
    const {id, level} = task.question;
    return effort ? [{id, level, isRight, isSound: task.isSound, error: error ?? null, ...effort}] : [];
  });
  const sound = questions.filter(each => each.isSound);
  const right = questions.filter(each => each.isRight).length;
  const soundRight = sound.filter(each => each.isRight).length;
  const inputTokens = sumOrNull(questions.map(each => each.inputTokens));
  const outputTokens = sumOrNull(questions.map(each => each.outputTokens));
  const seconds = questions.map(each => each.seconds);
  return {
    schemaVersion: 1,
    complete: questions.length >= chosen,
    chosen,
    models: [...new Set(questions.flatMap(({provider, model}) => (provider ? [`${provider} ${model}`] : [])))],
    tried: questions.length,
    right,
    accuracy: ratio(right, questions.length),
    soundTried: sound.length,
    soundRight,
    soundAccuracy: ratio(soundRight, sound.length),
    inputTokens,
    outputTokens,
    costUsd:
      prices && inputTokens !== null && outputTokens !== null
        ? (inputTokens * prices.input + outputTokens * prices.output) / 1e6
        : null,
    seconds: {sum: seconds.reduce((sum, each) => sum + each, 0), median: median(seconds)},
    toolCalls: questions.reduce((sum, each) => sum + each.toolCalls, 0),
    toolErrors: questions.reduce((sum, each) => sum + each.toolErrors, 0),
    failed: questions.filter(each => each.error !== null).length,
    questions,
  };
}

/** Null when no question told its tokens. */
function sumOrNull(counts: readonly (number | null)[]): number | null {
  const known = counts.filter(count => count !== null);
  return known.length === 0 ? null : known.reduce((sum, count) => sum + count, 0);
}

function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  return upper === undefined || lower === undefined ? null : (lower + upper) / 2;
}
