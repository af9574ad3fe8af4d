// Next steps of a report: what the results call for stands before what the chat offered after its last answer.

import {expect, it} from 'vitest';
import type {Material} from '../../../src/cli/report/material.ts';
import {nextStepBlocks} from '../../../src/cli/report/next-section.ts';
import type {Result} from '../../../src/cli/report/result-blocks.ts';

const result = (tool: string, summary: string, id = 1) => ({ok: true, summary, receipt: {id, tool}}) as Result;
const material = (given: Partial<Material>): Material => ({
  datasets: [],
  findings: [],
  trained: [],
  models: [],
  results: [],
  nextSteps: [],
  problems: [],
  questions: [],
  prompts: [],
  standard: false,
  ...given,
});
const textsOf = (given: Partial<Material>) =>
  nextStepBlocks(material(given)).flatMap(block =>
    block.type === 'list' ? block.items.map(spans => spans.map(({text}) => text).join('')) : [],
  );
const kept =
  'On 80 rows held out: log_loss 0.4; baseline: log_loss 0.5.\nKept as model sales/logistic-v1, fitted again on all rows.';

it('a kept model is to be tried on later rows, one that is no better than the baseline is not', () => {
  expect(textsOf({trained: [result('train_model', kept)]})[0]).toContain(
    'ds-agent models evaluate sales/logistic-v1 --data FILE',
  );
  const poor = `${kept}\nOn the rows held out it was not better than the baseline (log_loss 0.6, baseline 0.5): don't rely on it.`;
  expect(textsOf({trained: [result('train_model', poor)]})[0]).toContain('no better than the baseline');
});

it('the columns with the most doubtful values are named, and what the chat offered comes last', () => {
  const quality = result(
    'check_quality',
    'sales v1: 100 rows × 3 columns. 3 things to look at:\n- missing: city: 2 (2 %) of 100 rows\n- outliers: price: 12 (12 %)\n- outliers: city: 1 (1 %)',
  );
  const datasets = [{dataset: {name: 'sales'}, profile: null, quality}] as unknown as Material['datasets'];
  const texts = textsOf({
    datasets,
    trained: [result('train_model', kept)],
    nextSteps: [{label: 'Price by city', prompt: ''}],
  });
  expect(texts[0]).toBe(
    'Decide what to do with the doubtful values of sales (price, city): /clean shows what each step would change.',
  );
  expect(texts.at(-1)).toBe('Price by city');
});
