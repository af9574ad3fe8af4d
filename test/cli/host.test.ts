import {statSync} from 'node:fs';
import {join} from 'node:path';
import {afterAll, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {salesCsv} from '../tools/bench.ts';
import {type AppBench, openAppBench} from './bench.ts';

let bench: AppBench;
const {signal} = new AbortController();
const submit = (line: string) => bench.host.submit(line, signal);
const prompts = () => bench.fresh().flatMap(event => (event.type === 'prompt' ? [event.text] : []));

beforeAll(async () => {
  bench = await openAppBench();
  await submit(`/upload ${await bench.file('sales.csv', salesCsv)}`);
});
afterAll(() => bench.close());
beforeEach(() => void bench.fresh());

describe('a bare number', () => {
  it('sends the prompt of that next step', async () => {
    bench.app.session.offerNextSteps([
      {label: 'Rows', prompt: 'how many rows in sales'},
      {label: 'Mean', prompt: 'average price by region'},
    ]);
    expect(await submit(' 2 ')).toBe('continue');
    expect(prompts()).toEqual(['average price by region']);
  });

  it('that is not in the list shown last is refused with that list, and nothing is asked', async () => {
    bench.app.session.offerNextSteps([{label: 'Rows', prompt: 'how many rows in sales'}]);
    await submit('7');
    expect(bench.fresh()).toMatchObject([
      {type: 'command_result', ok: false, text: 'There is no step 7. Now:\n  1. Rows'},
    ]);
  });

  it('with no list says so', async () => {
    bench.app.session.clear();
    await submit('1');
    expect(bench.fresh()).toMatchObject([{ok: false, text: 'There are no next steps to choose from yet.'}]);
  });

  it('of three digits is a question', async () => {
    await submit('100');
    expect(prompts()).toEqual(['100']);
  });
});

describe('a line', () => {
  it('of words is asked, and the answer is computed', async () => {
    await submit('average price by region');
    const events = bench.fresh();
    expect(events[0]).toMatchObject({type: 'prompt', text: 'average price by region'});
    expect(events.findLast(event => event.type === 'message')).toMatchObject({final: true});
    expect(events.at(-1)).toMatchObject({type: 'turn_end', outcome: 'answered'});
  });

  it('that is nothing but a path, as a terminal types a dropped file, is imported', async () => {
    const path = await bench.file('a drop.csv', 'x\n1\n');
    for (const line of [`'${path}'`, path.replaceAll(' ', '\\ '), path]) {
      await submit(line);
      const events = bench.fresh();
      expect(events.findLast(event => event.type === 'command_result')).toMatchObject({ok: true});
      expect(events.filter(event => event.type === 'prompt')).toEqual([]);
    }
    expect((await bench.app.catalog.datasets()).map(each => each.name)).toContain('a_drop');
    await bench.app.workspace.removeDataset('a_drop');
  });

  it('without words does nothing', async () => {
    expect(await submit('   ')).toBe('continue');
    expect(bench.fresh()).toEqual([]);
  });

  it('beginning with a slash runs a command without a model', async () => {
    await submit('/datasets');
    const types = bench.fresh().map(event => event.type);
    expect(types).toContain('command_result');
    expect(types).not.toContain('prompt');
  });

  it('/quit leaves', async () => {
    expect(await submit('/quit')).toBe('quit');
    expect(await submit('/exit')).toBe('quit');
  });

  it('a command that fails is told as its result, not thrown', async () => {
    expect(await submit('/sql DROP TABLE sales')).toBe('continue');
    expect(bench.fresh().at(-1)).toMatchObject({type: 'command_result', ok: false});
  });
});

describe('what the view asks', () => {
  it('the dataset worked on, with rows, columns and version', () => {
    expect(bench.host.status().dataset).toEqual({name: 'sales', version: 1, rows: 5, columns: 4});
    expect(bench.host.status().routes).toMatchObject([{provider: 'offline', state: 'closed'}]);
  });

  it('completion of commands at the start of a line', async () => {
    const found = await bench.host.complete('/da', 3);
    expect(found).toMatchObject([{label: '/datasets', start: 0}]);
    expect(await bench.host.complete('what /da', 8)).toEqual([]);
  });

  it('completion of @dataset and @dataset.column anywhere', async () => {
    expect(await bench.host.complete('mean of @sa', 11)).toMatchObject([{label: 'sales', insert: 'sales', start: 8}]);
    const columns = await bench.host.complete('mean of @sales.p', 16);
    expect(columns.map(each => each.label)).toEqual(['product name', 'price']);
    expect(await bench.host.complete('me@sales', 8)).toEqual([]);
  });

  it('keeps typed lines in a file that only the user can read, with line breaks inside', () => {
    bench.host.remember('first');
    bench.host.remember('two\nlines');
    expect(bench.host.history().slice(-2)).toEqual(['first', 'two\nlines']);
    const {mode} = statSync(join(bench.app.workspace.root, 'sessions', 'history.txt'));
    expect(mode & 0o777).toBe(0o600);
  });
});

describe('approvals', () => {
  it('are asked by an event and answered once, by their number', async () => {
    const asked = bench.approvals.ask('Import x.csv?');
    const [request] = bench.fresh();
    expect(request).toMatchObject({type: 'approval_request', question: 'Import x.csv?'});
    const id = request?.type === 'approval_request' ? request.id : 0;
    bench.host.answerApproval(id + 1, false);
    bench.host.answerApproval(id, true);
    bench.host.answerApproval(id, false);
    expect(await asked).toBe(true);
    expect(bench.fresh()).toMatchObject([{type: 'approval_answer', id, approved: true}]);
  });
});
