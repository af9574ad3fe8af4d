import {mkdtempSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, describe, expect, it} from 'vitest';
import {jsonSafe, openJsonlFile} from '../../src/cli/jsonl-file.ts';
import {errorText} from '../../src/cli/outcome.ts';
import {logSink, sessionSink} from '../../src/cli/sinks/files.ts';
import {plainLine} from '../../src/cli/sinks/plain.ts';
import {progressSink} from '../../src/cli/sinks/progress.ts';
import {recordRun} from '../../src/cli/sinks/run-record.ts';
import {LimitError, ToolError} from '../../src/core/errors.ts';
import type {AgentEvent, StampedEvent} from '../../src/core/events.ts';
import type {ToolResult} from '../../src/core/tool.ts';

const folder = mkdtempSync(join(tmpdir(), 'ds-agent-sinks-'));
afterAll(() => rmSync(folder, {recursive: true, force: true}));

const stamp = (event: AgentEvent): StampedEvent => ({v: 1, seq: 1, time: 1_700_000_000_000, ...event});
const receipt = {
  id: 3,
  tool: 'run_sql',
  args: {},
  datasets: [{name: 'sales', version: 2, sha256: 'f'}],
  rowsRead: 48_112,
  sampled: false,
  ms: 12,
};
const ended = (result: ToolResult): StampedEvent =>
  stamp({type: 'tool_end', callId: 'c', name: 'run_sql', ms: 12, result});
const table = {columns: [], rows: [[1]], totalRows: 1};

describe('the plain lines on stderr', () => {
  it('a tool is one line: what, dataset, rows in and out, ms, number of the result', () => {
    expect(plainLine(ended({ok: true, summary: '', table, receipt}))).toBe(
      '▸ run_sql sales v2 48,112 rows → 1 row 12 ms #3',
    );
  });

  it('a failed tool says why, in one harmless line', () => {
    const line = plainLine(ended({ok: false, code: 'x', message: 'no\u001b[2J\nsuch column'}));
    expect(line).toBe('▸ run_sql failed: no\\x1b[2J\\nsuch column');
  });

  it('next steps, deltas and progress say nothing', () => {
    expect(plainLine(ended({ok: true, summary: '', nextSteps: [{label: 'a', prompt: 'b'}], receipt}))).toBeNull();
    expect(plainLine(stamp({type: 'text_delta', delta: 'x'}))).toBeNull();
    expect(
      plainLine(stamp({type: 'import_progress', file: 'f', phase: 'copy', readBytes: 1, totalBytes: 2})),
    ).toBeNull();
  });

  it('warnings are marked, notes are not', () => {
    const notice = (level: 'info' | 'warn') => plainLine(stamp({type: 'notice', level, code: 'c', message: 'm'}));
    expect([notice('warn'), notice('info')]).toEqual(['Warning: m', 'm']);
  });

  it('an import keeps the words that scripts look for, with its warnings below', () => {
    const line = plainLine(
      stamp({
        type: 'dataset_added',
        name: 'sales',
        version: 1,
        rows: 4_000,
        columns: 12,
        sizeBytes: 338_131,
        format: 'csv',
        storedName: 'uploaded_1_a.csv',
        warnings: ['2 lines\nrepaired'],
      }),
    );
    expect(line).toBe(
      'Upload saved: uploaded_1_a.csv (338,131 bytes, CSV) → sales v1, 4,000 rows × 12 columns\n  Warning: 2 lines\\nrepaired',
    );
  });
});

describe('the file sinks', () => {
  const lines = (path: string) =>
    readFileSync(path, 'utf8')
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line));

  it('a file is made at the first line, for its owner alone, one JSON object a line', () => {
    const path = join(folder, 'a.jsonl');
    const file = openJsonlFile(path);
    expect(() => statSync(path)).toThrow();
    file.append({n: 10n, big: 2n ** 70n, nan: Number.NaN, inf: -Infinity, text: 'two\nlines'});
    file.append({second: true});
    file.close();
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(lines(path)).toEqual([
      {n: 10, big: '1180591620717411303424', nan: 'NaN', inf: '-Infinity', text: 'two\nlines'},
      {second: true},
    ]);
  });

  it('lines are appended to a file that is there', () => {
    const path = join(folder, 'b.jsonl');
    for (const n of [1, 2]) {
      const file = openJsonlFile(path);
      file.append({n});
      file.close();
    }
    expect(lines(path)).toEqual([{n: 1}, {n: 2}]);
  });

  it('a half line of a killed process stays a line of its own', () => {
    const path = join(folder, 'half.jsonl');
    writeFileSync(path, '{"n":1}\n{"n":');
    const file = openJsonlFile(path);
    file.append({n: 2});
    file.close();
    expect(readFileSync(path, 'utf8')).toBe('{"n":1}\n{"n":\n{"n":2}\n');
  });

  it('a session is made when something has happened, with what was told before', () => {
    const path = join(folder, 'late.jsonl');
    const file = openJsonlFile(path);
    const sink = sessionSink(file);
    sink(stamp({type: 'session_opened', id: 'late', kind: 'chat', resumed: false}));
    sink(stamp({type: 'notice', level: 'info', code: 'c', message: 'm'}));
    expect(() => statSync(path)).toThrow();
    sink(stamp({type: 'prompt', text: 'hi'}));
    file.close();
    expect(lines(path).map(event => event.type)).toEqual(['session_opened', 'notice', 'prompt']);
  });

  it('a number is stored exactly or as text, never rounded', () => {
    const safe = (value: unknown) => jsonSafe('', value);
    expect(safe(2n ** 53n - 1n)).toBe(Number.MAX_SAFE_INTEGER);
    expect(safe(2n ** 53n + 1n)).toBe('9007199254740993');
    expect(safe(0.1)).toBe(0.1);
  });

  it('the session keeps everything but deltas and progress', () => {
    const path = join(folder, 'session.jsonl');
    const file = openJsonlFile(path);
    const sink = sessionSink(file);
    sink(stamp({type: 'prompt', text: 'hi'}));
    sink(stamp({type: 'text_delta', delta: 'x'}));
    sink(stamp({type: 'import_progress', file: 'f', phase: 'copy', readBytes: 1, totalBytes: 2}));
    sink(ended({ok: true, summary: 's', receipt}));
    file.close();
    expect(lines(path).map(event => event.type)).toEqual(['prompt', 'tool_end']);
  });

  it.each([
    ['error', ['final_error']],
    ['warn', ['final_error', 'notice']],
    ['info', ['prompt', 'final_error', 'notice', 'notice']],
    ['debug', ['prompt', 'text_delta', 'final_error', 'notice', 'notice']],
  ] as const)('LOG_LEVEL=%s writes what it asks for', (level, wanted) => {
    const path = join(folder, `${level}.log`);
    const file = openJsonlFile(path);
    const sink = logSink(file, level, () => null);
    sink(stamp({type: 'prompt', text: 'hi'}));
    sink(stamp({type: 'text_delta', delta: 'x'}));
    sink(stamp({type: 'final_error', kind: 'tool', code: 'c', message: 'm', attempts: 0, retryAfterMs: null}));
    sink(stamp({type: 'notice', level: 'info', code: 'c', message: 'm'}));
    sink(stamp({type: 'notice', level: 'warn', code: 'c', message: 'm'}));
    file.close();
    expect(lines(path).map(event => event.type)).toEqual(wanted);
  });
});

describe('the record of a run', () => {
  it('collects attempts in whole milliseconds, datasets, receipts, artifacts and the last next steps', () => {
    const {record, sink} = recordRun();
    sink(stamp({type: 'attempt_end', provider: 'openai', model: 'm', attempt: 1, outcome: 'ok', ms: 10.6671}));
    sink(ended({ok: true, summary: '', receipt, artifacts: [{kind: 'chart', title: 't'}]}));
    sink(ended({ok: true, summary: '', receipt: {...receipt, id: 0}, nextSteps: [{label: 'a', prompt: 'b'}]}));
    sink(ended({ok: false, code: 'x', message: 'y'}));
    expect(record.attempts).toMatchObject([{ms: 11, status: null, request_id: null}]);
    expect(record.receipts.map(each => each.id)).toEqual([3]);
    expect(record.artifacts).toEqual([{kind: 'chart', title: 't'}]);
  });
});

describe('errorText', () => {
  it('is the message, and the hint on a line of its own', () => {
    expect(errorText(new ToolError('x.y', 'No dataset "a".', {hint: 'Did you mean b?'}))).toBe(
      'No dataset "a".\nDid you mean b?',
    );
  });

  it('says when to retry, once', () => {
    expect(errorText(new LimitError('x.y', 'Too many.', {retryAfterMs: 90_000}))).toBe('Too many. Retry in 1:30.');
    expect(errorText(new LimitError('x.y', 'Too many; retry in 1:30.', {retryAfterMs: 90_000}))).toBe(
      'Too many; retry in 1:30.',
    );
  });

  it('shows control codes as escapes', () => {
    expect(errorText(new ToolError('x.y', 'bad \u001b[2J name'))).toBe('bad \\x1b[2J name');
  });
});

describe('the line of a running import on a terminal', () => {
  it('is there from the second second on, and gone when something else is said', () => {
    const said: (string | null)[] = [];
    const line = {show: (text: string) => said.push(text), clear: () => said.push(null), width: () => 60};
    const sink = progressSink(line);
    const progress = (time: number, file = 'f') =>
      sink({...stamp({type: 'import_progress', file, phase: 'copy', readBytes: 5, totalBytes: 10}), time});
    progress(10_000);
    progress(10_999);
    expect(said).toEqual([]);
    progress(11_000);
    expect(said).toEqual([expect.stringMatching(/^importing f █+░+ 50 % of 10 B, copying$/)]);
    progress(11_500, 'another');
    expect(said).toHaveLength(1);
    sink(stamp({type: 'notice', level: 'info', code: 'c', message: 'm'}));
    expect(said.at(-1)).toBeNull();
  });

  it('says what a long computation says of itself, one message in place of the other and without control characters', () => {
    const said: (string | null)[] = [];
    const sink = progressSink({show: text => said.push(text), clear: () => said.push(null), width: () => 24});
    sink(stamp({type: 'work_progress', message: 'Training: trying\x1b[2J ridge (2 of 10)'}));
    expect(said).toEqual([expect.stringMatching(/^Training: trying\\x1b.*…$/)]);
    expect(said[0]).toHaveLength(24);
    sink(ended({ok: true, summary: '', receipt}));
    expect(said.at(-1)).toBeNull();
    expect(plainLine(stamp({type: 'work_progress', message: 'x'}))).toBeNull();
  });
});
