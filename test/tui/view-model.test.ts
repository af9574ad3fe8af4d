import {describe, expect, it} from 'vitest';
import type {AgentEvent, StampedEvent} from '../../src/core/events.ts';
import {type Entry, emptyView, lineSent, reduce, type View} from '../../src/tui/view-model.ts';
import {okResult} from './support/scripted-host.ts';

const usage = {inputTokens: 1, outputTokens: 1};
const said = {final: true, provider: 'gemini', model: 'm', usage} as const;
const ended = {usage, durationMs: 1, nextSteps: [], provider: 'gemini', model: 'm'};

/** Runs the events; `entries` is everything finished on the way. */
function play(events: AgentEvent[], start: View = emptyView): {view: View; entries: Entry[]} {
  let view = start;
  const entries: Entry[] = [];
  for (const [index, event] of events.entries()) {
    const stamped: StampedEvent = {v: 1, seq: index + 1, time: 1000 + index, ...event};
    view = reduce(view, stamped);
    entries.push(...view.finished);
  }
  return {view, entries};
}
const prose = (entries: Entry[]) =>
  entries.flatMap(entry => (entry.kind === 'prose' ? entry.lines.map(line => line.text) : []));
const kinds = (entries: Entry[]) => entries.map(entry => entry.kind);
const delta = (text: string): AgentEvent => ({type: 'text_delta', delta: text});

describe('the view', () => {
  it('finishes every streamed line exactly once, and the message adds nothing', () => {
    const text = 'one\ntwo\nthree';
    const {view, entries} = play([delta('one\ntw'), delta('o\nthr'), delta('ee'), {type: 'message', text, ...said}]);
    expect(prose(entries)).toEqual(['one', 'two', 'three']);
    expect(view.prose.partial).toBe('');
  });

  it('shows a message that was not streamed', () => {
    expect(prose(play([{type: 'message', text: 'all at once', ...said}]).entries)).toEqual(['all at once']);
  });

  it('the progress of a tool takes the place of what it said before, is never an entry, and ends with the tool', () => {
    const started: AgentEvent = {type: 'tool_start', callId: 't', name: 'train_model', args: {}};
    const progress = (message: string): AgentEvent => ({type: 'work_progress', message});
    const running = play([started, progress('one'), progress('two')]);
    expect(running.view.progress).toBe('two');
    expect(running.entries).toEqual([]);
    const over: AgentEvent = {type: 'tool_end', callId: 't', name: 'train_model', ms: 1, result: okResult};
    expect(play([over], running.view).view.progress).toBeNull();
  });

  it('the second message of a turn is not taken for the first', () => {
    const {entries} = play([
      delta('a'),
      {type: 'message', text: 'a', ...said, final: false},
      {type: 'message', text: 'b', ...said},
    ]);
    expect(prose(entries)).toEqual(['a', 'b']);
  });

  it('text before a tool call stands above the tool line', () => {
    const {entries} = play([
      delta('Let me look.'),
      {type: 'tool_start', callId: 'x', name: 'run_sql', args: {}},
      {type: 'tool_end', callId: 'x', name: 'run_sql', ms: 3, result: okResult},
    ]);
    expect(kinds(entries)).toEqual(['prose', 'tool']);
  });

  it('a discarded attempt ends its text, says so, and the next attempt starts clean', () => {
    const {entries, view} = play([delta('half an ans'), {type: 'attempt_discarded', provider: 'gemini', chars: 11}]);
    expect(kinds(entries)).toEqual(['prose', 'resilience']);
    expect(view).toMatchObject({streamed: false, prose: {partial: ''}});
  });

  it('tools that run side by side are tracked by their call', () => {
    const start = (callId: string): AgentEvent => ({type: 'tool_start', callId, name: 'run_sql', args: {}});
    const {view} = play([
      start('a'),
      start('b'),
      {type: 'tool_end', callId: 'a', name: 'run_sql', ms: 1, result: okResult},
    ]);
    expect(view.tools.map(tool => tool.callId)).toEqual(['b']);
  });

  it('a retry is shown until the next attempt starts or it is cancelled', () => {
    const scheduled: AgentEvent = {
      type: 'retry_scheduled',
      provider: 'gemini',
      attempt: 2,
      of: 4,
      delayMs: 500,
      source: 'ladder',
      endsAt: 9000,
      cause: 'rate_limit',
      status: 429,
    };
    expect(play([scheduled]).view.retry).toMatchObject({attempt: 2, of: 4, endsAt: 9000, cause: '429'});
    const attempt: AgentEvent = {type: 'attempt_start', provider: 'gemini', model: 'm', attempt: 3};
    expect(play([scheduled, attempt]).view.retry).toBeNull();
    expect(play([scheduled, {type: 'retry_cancelled', provider: 'gemini'}]).view.retry).toBeNull();
    expect(play([scheduled, {type: 'turn_end', outcome: 'failed', ...ended}]).view.retry).toBeNull();
  });

  it('the prompt is not repeated when it is the line that was typed, and is when it stands for a number', () => {
    const sent = lineSent(emptyView, 'average price');
    expect(play([{type: 'prompt', text: 'average price'}], sent).entries).toEqual([]);
    const number = lineSent(emptyView, '2');
    expect(play([{type: 'prompt', text: 'profile sales'}], number).entries).toEqual([
      {kind: 'reading', text: 'profile sales'},
    ]);
  });

  it('a stopped turn says so and leaves nothing running', () => {
    const {view, entries} = play([
      delta('unfinis'),
      {type: 'tool_start', callId: 'x', name: 'run_sql', args: {}},
      {type: 'turn_end', outcome: 'aborted', ...ended},
    ]);
    expect(kinds(entries)).toEqual(['prose', 'stopped']);
    expect(view).toMatchObject({tools: [], retry: null, approval: null});
  });

  it('next steps come after the answer', () => {
    const nextSteps = [{label: 'Profile', prompt: 'profile sales'}];
    const {entries} = play([delta('Answer'), {type: 'turn_end', outcome: 'answered', ...ended, nextSteps}]);
    expect(kinds(entries)).toEqual(['prose', 'next_steps']);
  });

  it('a command shows its own result and not the tool it used as well', () => {
    const used: AgentEvent[] = [
      {type: 'tool_start', callId: 'x', name: 'run_sql', args: {}},
      {type: 'tool_end', callId: 'x', name: 'run_sql', ms: 3, result: okResult},
      {type: 'command_result', line: '/sql x', ok: true, text: '#3'},
    ];
    expect(kinds(play(used, lineSent(emptyView, '/sql x')).entries)).toEqual(['command']);
    expect(kinds(play(used, lineSent(emptyView, 'question')).entries)).toEqual(['tool', 'command']);
  });

  it('a refused import is told once: by its event for a command, by the tool for a model', () => {
    const refused: AgentEvent = {type: 'import_rejected', file: 'x', code: 'import.empty', message: 'x is empty.'};
    const failed: AgentEvent = {
      type: 'command_result',
      line: '/upload x',
      ok: false,
      text: 'x is empty.\nTry another.',
    };
    expect(kinds(play([refused, failed], lineSent(emptyView, '/upload x')).entries)).toEqual(['import_rejected']);
    expect(kinds(play([refused, {...failed, text: 'Stopped.'}], lineSent(emptyView, '/upload x')).entries)).toEqual([
      'import_rejected',
      'command',
    ]);
    const stopped: AgentEvent = {...refused, code: 'aborted', message: 'The import of x was stopped.'};
    expect(kinds(play([stopped, {...failed, text: 'Stopped.'}], lineSent(emptyView, '/upload x')).entries)).toEqual([
      'command',
    ]);
    const later = play([refused], lineSent(emptyView, '/upload x')).view;
    expect(kinds(play([failed], lineSent(later, '/upload x')).entries)).toEqual(['command']);
    const started: AgentEvent = {type: 'tool_start', callId: '1', name: 'import_file', args: {path: 'x'}};
    const result = {ok: false as const, code: 'import.empty' as const, message: 'x is empty.'};
    const ended: AgentEvent = {type: 'tool_end', callId: '1', name: 'import_file', ms: 1, result};
    expect(kinds(play([started, refused, ended], lineSent(emptyView, 'read x')).entries)).toEqual(['tool']);
  });

  it('the tool that suggests next steps is not shown, a failure of it is', () => {
    const name = 'suggest_next_steps';
    const start: AgentEvent = {type: 'tool_start', callId: 'x', name, args: {}};
    expect(play([start]).view.tools).toEqual([]);
    expect(play([start, {type: 'tool_end', callId: 'x', name, ms: 0, result: okResult}]).entries).toEqual([]);
    const failed = {ok: false, code: 'x', message: 'm'} as const;
    expect(play([start, {type: 'tool_end', callId: 'x', name, ms: 0, result: failed}]).entries).toHaveLength(1);
  });

  it('tables of tools are shown for a model, not for the embedded analyst, whose answers repeat them', () => {
    const answeredBy = (provider: string) =>
      play([
        {type: 'attempt_start', provider, model: 'm', attempt: 1},
        {type: 'tool_end', callId: 'x', name: 'run_sql', ms: 3, result: okResult},
      ]).entries;
    expect(answeredBy('gemini')).toMatchObject([{tabled: true}]);
    expect(answeredBy('offline')).toMatchObject([{tabled: false}]);
  });

  it('an answer to another question leaves the open question', () => {
    const asked: AgentEvent = {type: 'approval_request', id: 1, question: 'Import?'};
    expect(play([asked, {type: 'approval_answer', id: 2, approved: true}]).view.approval?.id).toBe(1);
    expect(play([asked, {type: 'approval_answer', id: 1, approved: true}]).view.approval).toBeNull();
  });

  it('an event that finishes nothing hands out nothing, not what came before it again', () => {
    const first = play([{type: 'notice', level: 'info', code: 'x', message: 'm'}]);
    expect(first.entries).toHaveLength(1);
    expect(play([{type: 'attempt_start', provider: 'g', model: 'm', attempt: 1}], first.view).entries).toEqual([]);
  });
});
