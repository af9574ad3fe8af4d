// The statistician on watch in scripts: a line on stderr, a field in JSON, and an exit code for pipelines.

import {afterAll, beforeAll, expect, it} from 'vitest';
import {makePlace, type Place, runProgram} from '../support/program.ts';

const csv = ['region,amount', 'a,1', 'a,2', ...Array.from({length: 20}, (_, i) => `b,${i}`)].join('\n');

let place: Place;
beforeAll(async () => {
  place = makePlace();
  await runProgram(['upload', place.file('sales.csv', csv)], {place});
});
afterAll(() => place.remove());

it('an answer keeps exit 0 and says its caution on stderr', async () => {
  const {code, stdout, stderr} = await runProgram(['-p', 'average amount by region'], {place});
  expect(code).toBe(0);
  expect(stdout).not.toContain('fewer than 5');
  expect(stderr).toMatch(/^Caution #1: .*1 of 2 groups has fewer than 5 values \(the smallest 2\)\.$/m);
});

it('--fail-on warn prints the answer and exits with 10; the JSON says answered, with error and cautions', async () => {
  const args = ['--fail-on', 'warn', '-p', 'average amount by region'];
  const text = await runProgram(args, {place});
  expect(text).toMatchObject({code: 10});
  expect(text.stdout).toContain('1.5');
  const {code, stdout} = await runProgram([...args, '--json'], {place});
  expect(code).toBe(10);
  expect(JSON.parse(stdout)).toMatchObject({
    status: 'answered',
    error: {code: 'caution.found', kind: 'caution'},
    cautions: [{code: 'small_groups', severity: 'warn', receipt: 1}],
  });
});

it('--fail-on warn lets an answer without cautions pass, and knows warn and info only', async () => {
  expect(await runProgram(['--fail-on', 'warn', '-p', 'number of rows'], {place})).toMatchObject({code: 0});
  expect(await runProgram(['--fail-on', 'all', '-p', 'number of rows'], {place})).toMatchObject({code: 2});
});

it('/sql is watched too, and /explain tells the long form of what was said last', async () => {
  const stdin = {
    pipe: '/sql SELECT region, avg(amount) AS m FROM sales GROUP BY region\n/explain\n/explain 1\n/explain 7\n',
  };
  const {code, stdout, stderr} = await runProgram(['--batch'], {place, stdin});
  expect(stderr.match(/^Caution #1: m: 1 of 2 groups/gm)).toHaveLength(1);
  expect(
    stdout.match(/^Caution #1: m: 1 of 2 groups has fewer than 5 values \(the smallest 2\)\.\nA mean, median/gm),
  ).toHaveLength(2);
  expect(stderr).toContain('There is no result 7.');
  expect(code).toBe(2);
});
