import {describe, expect, it} from 'vitest';
import {fitHistory, messageTokens} from '../../src/agent/budget.ts';
import type {Message} from '../../src/core/chat.ts';
import type {ToolResult} from '../../src/core/tool.ts';
import {call} from '../support/scripted-router.ts';
import {historyProblems} from './bench.ts';

function result(id: number, summary: string, steps = false): ToolResult {
  const receipt = {id, tool: 'run_sql', args: {}, datasets: [], rowsRead: 1, sampled: false, ms: 1};
  return {ok: true, summary, receipt, ...(steps ? {nextSteps: [{label: 'l', prompt: 'p'}]} : {})};
}

/** A turn of about `size` characters whose tool said `summary`. */
function turn(id: number, size: number, summary = `result ${id}`): Message[] {
  const asked = call('run_sql', {sql: 'SELECT 1'});
  const said = {usage: {inputTokens: 1, outputTokens: 1}, provider: 'p', model: 'm'};
  return [
    {role: 'user', text: `question ${id} ${'x'.repeat(size)}`},
    {role: 'assistant', text: '', toolCalls: [asked], ...said},
    {role: 'tool', callId: asked.id, name: 'run_sql', result: result(id, summary)},
    {role: 'assistant', text: `answer ${id}`, toolCalls: [], ...said},
  ];
}

const size = (messages: Message[]) => messages.reduce((sum, message) => sum + messageTokens(message), 0);

describe('fitHistory', () => {
  it('leaves a history that fits as it is', () => {
    const messages = [...turn(1, 100), ...turn(2, 100)];
    expect(fitHistory(messages, 10_000)).toEqual({messages, earlier: [], droppedTurns: 0, shortenedResults: 0});
  });

  it('cuts only where a turn begins, the oldest first', () => {
    const messages = [1, 2, 3, 4].flatMap(id => turn(id, 1_000));
    const fitted = fitHistory(messages, size(messages) / 2);
    expect(fitted.droppedTurns).toBe(2);
    expect(historyProblems(fitted.messages)).toEqual([]);
    expect(fitted.messages).toHaveLength(8);
  });

  it('gives the results of the turns left out, in their order', () => {
    const messages = [...turn(1, 1_000, 'mean 4.25'), ...turn(2, 1_000, 'sum 77'), ...turn(3, 1_000)];
    const {earlier} = fitHistory(messages, size(turn(3, 1_000)) + 10);
    expect(earlier.map(each => each.result.ok && each.result.summary)).toEqual(['mean 4.25', 'sum 77']);
  });

  it('shortens the results of the last turn when it alone is too long, and says so in each', () => {
    const messages = turn(1, 10, 'y'.repeat(20_000));
    const fitted = fitHistory(messages, 1_500);
    expect(fitted).toMatchObject({droppedTurns: 0, shortenedResults: 1});
    expect(size(fitted.messages)).toBeLessThanOrEqual(1_500);
    expect(JSON.stringify(fitted.messages)).toContain('Shortened to fit the context; run the tool again for the rest.');
    expect(historyProblems(fitted.messages)).toEqual([]);
  });

  it('never changes the messages it was given', () => {
    const messages = [...turn(1, 1_000), ...turn(2, 10, 'y'.repeat(20_000))];
    const before = JSON.stringify(messages);
    fitHistory(messages, 500);
    expect(JSON.stringify(messages)).toBe(before);
  });
});
