// Hypothesis tests as one tool: it proposes the test from the columns, or runs the one that was named; A/B tests and plans too.

import {z} from 'zod';
import {createReader} from '../analysis/column-values.ts';
import {planSample} from '../analysis/plan-sample.ts';
import {currentVersion} from '../core/dataset.ts';
import {ToolError} from '../core/errors.ts';
import {defineTool, type Tool} from '../core/tool.ts';
import {planSummary, planTable} from './ab-text.ts';
import {analyse} from './analysing/analyse.ts';
import type {Catalog} from './catalog.ts';
import {disclosed, originOf} from './disclose.ts';

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
      const {where, ...asked} = args;
      const request = {...asked, columns, value: args.value};
      const {summary, table, n} = await analyse(
        'test',
        {selection: {dataset: name, where}, request},
        {reader, dataset, signal},
      );
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
