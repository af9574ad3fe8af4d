// Hypothesis tests as one tool: it proposes the test from the columns, or runs the one that was named; A/B tests and plans too.

import {z} from 'zod';
import {abTest} from '../analysis/ab-test.ts';
import {createReader} from '../analysis/column-values.ts';
import {baselineOf, planSample} from '../analysis/plan-sample.ts';
import {type TestAnswer, testColumns} from '../analysis/test-hypothesis.ts';
import {testMany} from '../analysis/test-many.ts';
import {currentVersion, type Table} from '../core/dataset.ts';
import {ToolError} from '../core/errors.ts';
import {defineTool, type Tool} from '../core/tool.ts';
import {abSummary, abTable, planSummary, planTable} from './ab-text.ts';
import type {Catalog} from './catalog.ts';
import {disclosed, originOf} from './disclose.ts';
import {manySummary, manyTable, testSummary, testTable} from './hypothesis-text.ts';

const argsSchema = z.object({
  dataset: z.string().optional(),
  value: z.string().optional(),
  group: z.string().optional(),
  paired_with: z.string().optional(),
  more: z.array(z.string()).optional(),
  mu: z.number().optional(),
  // Not a list of all names, which would cost a model a hundred tokens a request: an unknown name is answered with them.
  test: z.string().optional().describe('welch_t, mann_whitney, anova, mcnemar …; ab; power'),
  alternative: z.enum(['two-sided', 'less', 'greater']).optional(),
  correction: z.enum(['benjamini-hochberg', 'holm', 'bonferroni']).optional(),
  effect: z.number().optional().describe('difference to show'),
  n: z.number().optional().describe('rows a group'),
  power: z.number().optional(),
  alpha: z.number().optional(),
  baseline: z.number().optional().describe('share'),
  sd: z.number().optional(),
  where: z.string().min(1).optional(),
});

type Args = z.infer<typeof argsSchema>;

export function testHypothesis(catalog: Catalog): Tool {
  return defineTool({
    name: 'test_hypothesis',
    description:
      'Test value by group, against paired_with (same row) or mu; auto chooses and says why. ab: A/B test. power: plan n, effect or power, also without data.',
    parallel: true,
    args: argsSchema,
    async run(args, {signal}) {
      if (args.test === 'power' && args.value === undefined) {
        const plan = planSample(args);
        const source = {datasets: [], rowsRead: 0, sampled: false};
        const summary = planSummary(plan).join('\n');
        return {ok: true, summary, table: planTable(plan), source, disclosure: {bare: summary}};
      }
      if (args.dataset === undefined || args.value === undefined)
        throw new ToolError('test.needs', 'This test needs a dataset and value, the column to test.');
      const dataset = await catalog.dataset(args.dataset);
      const {name} = dataset;
      const reader = createReader(await catalog.engine(), signal);
      const {columns} = currentVersion(dataset);
      const {summary, table, n} = await answerOf(args, {reader, columns, name, value: args.value});
      const {value, group, paired_with: pairedWith, more = []} = args;
      const named = [value, group, pairedWith, ...more].filter(each => each !== undefined);
      const about = {kind: 'group' as const, from: originOf(dataset, named), n};
      return {
        ok: true,
        ...disclosed(summary.map(line => ({text: line, about}))),
        table,
        source: await catalog.sourceOf([name], reader.sql.join(';\n')),
      };
    },
  });
}

type Given = {
  reader: ReturnType<typeof createReader>;
  columns: ReturnType<typeof currentVersion>['columns'];
  name: string;
  value: string;
};

/** `n`: the rows of the smallest sample, or of the rarest value of a table of counts; 0 where it was not looked at. */
type Answer = {summary: string[]; table: Table; n: number};

async function answerOf(args: Args, {reader, columns, name, value}: Given): Promise<Answer> {
  const selection = {dataset: name, where: args.where};
  const {group, more = [], mu, test, alternative, correction, paired_with: pairedWith} = args;
  if (test === 'power') {
    const found = await baselineOf(reader, selection, {columns, value});
    const plan = planSample({...args, baseline: args.baseline ?? found.baseline, sd: args.sd ?? found.sd});
    return {summary: planSummary(plan), table: planTable(plan), n: 0};
  }
  if (test === 'ab') {
    if (group === undefined) throw new ToolError('test.needs', 'An A/B test needs group, a column with two values.');
    const answer = await abTest(reader, selection, {columns, value, group});
    return {summary: abSummary(answer), table: abTable(answer), n: Math.min(...answer.result.n)};
  }
  const request = {columns, value, group, mu, test, alternative, pairedWith, more};
  const isRepeated = test === 'friedman' || ((test ?? 'auto') === 'auto' && !group && !pairedWith && mu === undefined);
  if (more.length > 0 && !isRepeated) {
    const answer = await testMany(reader, selection, request, correction);
    const sizes = answer.tests.map(each => (each.answer ? smallestIn(each.answer) : 0));
    return {summary: manySummary(answer), table: manyTable(answer), n: Math.min(...sizes)};
  }
  const answer = await testColumns(reader, selection, request);
  return {summary: testSummary(answer), table: testTable(answer), n: smallestIn(answer)};
}

function smallestIn({samples, counts, result}: TestAnswer): number {
  const totals = counts?.columns.map((_, j) => counts.cells.reduce((sum, row) => sum + (row[j] ?? 0), 0)) ?? [];
  const rows = counts?.cells.map(row => row.reduce((sum, cell) => sum + cell, 0)) ?? [];
  return Math.min(...result.n, ...samples.map(({n}) => n), ...totals, ...rows);
}
