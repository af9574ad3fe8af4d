// Ctrl-C in script mode: the running query stops at once, and nothing half-made stays behind.

import {readdirSync} from 'node:fs';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {type Place, placesWithSales, runProgram, startProgram} from '../support/program.ts';
import {salesCsv} from '../tools/bench.ts';

const withSales = placesWithSales(salesCsv);
let place: Place;
beforeEach(() => {
  place = withSales();
});
afterEach(() => place.remove());

/** Works for minutes on any machine, in many small steps. */
const endless =
  'SELECT count(*) FROM range(200000) a, range(200000) b, range(100) c WHERE a.range * b.range % 7 = c.range';

describe('SIGINT', () => {
  it('ends a query that would run for minutes within a second, with exit code 130', async () => {
    const running = startProgram(['--output-format', 'stream-json', '-p', endless], {place});
    await running.sees('stdout', /tool_start/);
    await sleep(300);
    const sent = performance.now();
    running.kill('SIGINT');
    const {code, stderr, stdout} = await running.done;
    expect(performance.now() - sent).toBeLessThan(1_000);
    expect(code).toBe(130);
    expect(stderr).toContain('Stopped by Ctrl-C.');
    expect(stdout.trimEnd().split('\n').at(-1)).toContain('"status":"aborted"');
    const left = readdirSync(join(place.workspace, 'data')).filter(name => name !== '.spill');
    expect(left).toEqual(['sales']);
  });

  it('a killed process leaves a workspace that the next one can use', async () => {
    const running = startProgram(['--output-format', 'stream-json', '-p', endless], {place});
    await running.sees('stdout', /tool_start/);
    running.kill('SIGKILL');
    expect((await running.done).signal).toBe('SIGKILL');
    const {code, stdout} = await runProgram(['-p', 'average price by region'], {place});
    expect(code).toBe(0);
    expect(stdout).toContain('| west | 8 |');
  });
});
