// What a reader must know before believing a report.

import {formatCount} from '../../core/text.ts';
import type {Block, Prose, SourceRef} from '../../render/report/outline.ts';
import type {Material} from './material.ts';

/** What each kind of result assumes; without numbers, since nothing of it was measured here. */
const assumptions: Record<string, string> = {
  correlate:
    'A correlation says that two columns vary together, not that one causes the other; each pair uses the rows in which both are present.',
  test_hypothesis:
    'A test asks how surprising the data were if there were no effect; a small p-value says nothing of how large the effect is. Rows count as independent of each other.',
  regress: 'A regression describes the columns it was given; what was left out can change every coefficient.',
  train_model:
    'Scores are of rows that the model has not seen, drawn at random from the same data; new data may differ from it.',
  analyze_time_series: 'What repeated in the past need not repeat.',
  forecast:
    'A forecast supposes that what moved the values until now goes on; its limits know nothing of what never happened before.',
  cluster: 'Groups and unusual rows depend on the columns that were used and on their scale; others give others.',
  explain_model: 'What a model looks at need not be what causes the target; columns that tell the same share it.',
  check_distribution: 'With many rows every test of a distribution finds a difference; look at its size.',
};

export function limitBlocks({results, problems, datasets}: Material): Block[] {
  const items: Prose[] = [];
  const said = new Set<string>();
  for (const {result} of results) {
    const from: SourceRef[] = [{kind: 'result', id: result.receipt.id}];
    if (result.receipt.sampled)
      items.push([{text: 'This result was computed from a SAMPLE, not from all rows.', from}]);
    for (const {message} of result.cautions ?? []) {
      if (said.has(message)) continue;
      said.add(message);
      items.push([{text: message, from}]);
    }
  }
  for (const {dataset, profile} of datasets) if (!profile) items.push([{text: `${dataset.name} was not profiled.`}]);
  for (const {what, code} of problems) items.push([{text: `Not done: ${what} (${code}).`, from: [{kind: 'asked'}]}]);
  const tools = new Set(results.map(({result}) => result.receipt.tool));
  for (const [tool, text] of Object.entries(assumptions)) if (tools.has(tool)) items.push([{text}]);
  items.push([
    {text: 'Missing values are left out of what they would enter, and counted where that changes a result.'},
  ]);
  return [{type: 'list', items}];
}

/** Tells of the passages that were kept out, without what they said; the count is of this report itself. */
export function refusalBlock(count: number): Block[] {
  if (count === 0) return [];
  const what = count === 1 ? '1 number was' : `${formatCount(count)} numbers were`;
  const text = `${what} written without a source and left out with the sentence around it.`;
  return [{type: 'prose', tone: 'caution', spans: [{text, from: [{kind: 'report'}]}]}];
}
