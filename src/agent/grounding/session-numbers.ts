// Everything a session has computed, been asked and been told so far, as numbers; each result is read once.

import type {Dataset} from '../../core/dataset.ts';
import type {Grounding} from '../../core/grounding.ts';
import type {ToolResult} from '../../core/tool.ts';
import {groundAnswer} from './ground-answer.ts';
import {type Numbers, numbersInText, numbersOf, numbersOfDatasets, numbersOfResult} from './known-numbers.ts';

export type Told = {results: Iterable<ToolResult>; questions: readonly string[]; datasets: readonly Dataset[]};

/** `ground` compares an answer with all of it. */
export function createGrounder(): {ground(answer: string, told: Told): Grounding} {
  const read = new WeakMap<ToolResult, Numbers>();
  const numbersBehind = (result: ToolResult): Numbers => {
    const known = read.get(result) ?? numbersOfResult(result);
    read.set(result, known);
    return known;
  };
  return {
    ground(answer, {results, questions, datasets}) {
      const list = [...new Set(results)];
      const numbers = list.map(numbersBehind);
      const rows = Math.max(0, ...list.map(result => (result.ok ? (result.table?.rows.length ?? 0) : 0)));
      const asked = numbersOf(numbersInText(questions.join('\n')));
      return groundAnswer(answer, {numbers: [...numbers, asked, numbersOfDatasets(datasets)], rows});
    },
  };
}
