// The committed plans hold tool calls and places in results, and nothing that is an answer.

import {fileURLToPath} from 'node:url';
import {describe, expect, it} from 'vitest';
import {leakedNumbers} from '../../eval/dabench/leaks.ts';
import {parsePlan, readPlans} from '../../eval/dabench/plan.ts';

const plans = await readPlans(fileURLToPath(new URL('../../eval/dabench/plans', import.meta.url)));

describe('plan files', () => {
  it('there are plans for at least 120 questions', () => {
    expect(plans.size).toBeGreaterThanOrEqual(120);
  });

  it.each([
    ['a label beside the calls', {calls: [{tool: 't', args: {}}], answers: {}, label: '3.14'}],
    ['a fixed value as an answer', {calls: [{tool: 't', args: {}}], answers: {mean: '3.14'}}],
    ['a value beside the column', {calls: [{tool: 't', args: {}}], answers: {mean: {column: 'x', value: 3.14}}}],
    ['a choice with one way out', {calls: [{tool: 't', args: {}}], answers: {a: {choose: [{when: [], say: 'yes'}]}}}],
    ['no call at all', {calls: [], answers: {}}],
  ])('%s is refused', (_, plan) => {
    expect(() => parsePlan(JSON.stringify(plan))).toThrow();
  });

  it('every choice depends on a result: its texts differ and all but the last have a condition', () => {
    for (const [id, {answers}] of plans) {
      for (const answer of Object.values(answers)) {
        if (!('choose' in answer)) continue;
        expect(new Set(answer.choose.map(({say}) => say)).size, `${id}`).toBeGreaterThan(1);
        expect(
          answer.choose.slice(0, -1).every(({when}) => when.length > 0),
          `${id}`,
        ).toBe(true);
      }
    }
  });

  it('every query reads a dataset', () => {
    for (const [id, {calls}] of plans) {
      for (const {tool, args} of calls) if (tool === 'run_sql') expect(args.sql, `${id}`).toMatch(/\bFROM\b/);
    }
  });

  it('a number of the label in a plan is found, as a whole number of three digits or more', () => {
    const plan = (sql: string) => parsePlan(JSON.stringify({calls: [{tool: 'run_sql', args: {sql}}], answers: {}}));
    expect(leakedNumbers([['mean', '34.65']], plan('SELECT 34.65 AS mean'))).toEqual(['34.65']);
    expect(leakedNumbers([['days', '2018-01-26']], plan('SELECT 2018 FROM data'))).toEqual(['2018']);
    expect(leakedNumbers([['mean', '34.65']], plan('SELECT 134.65, 34.651 FROM data'))).toEqual([]);
    expect(leakedNumbers([['p', '0.05']], plan('SELECT p < 0.05 FROM data'))).toEqual([]);
  });
});
