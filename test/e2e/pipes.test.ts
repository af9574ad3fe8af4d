// Pipes as shells make them: readers that leave, writers that never end, bytes that come one by one, loops and xargs.

import {setTimeout as sleep} from 'node:timers/promises';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {schemaProblems} from '../support/json-schema.ts';
import {binary, type Place, placesWithSales, runProgram, runShell, startProgram} from '../support/program.ts';
import {salesCsv} from '../tools/bench.ts';

const withSales = placesWithSales(salesCsv);
let place: Place;
beforeEach(() => {
  place = withSales();
});
afterEach(() => place.remove());

const question = 'average price by region';

describe('a reader that leaves', () => {
  it('ends a batch quietly in the middle, without the questions that nobody reads', async () => {
    const line = `yes '${question}' | head -500 | { ds_agent -q --batch; echo "code $?" >&2; } | head -1`;
    const {stdout, stderr, ms} = await runShell(line, place);
    expect(stdout.split('\n')).toHaveLength(2);
    expect(stderr).toBe('code 0\n');
    expect(ms).toBeLessThan(10_000);
  });

  it.each([
    ['text', `ds_agent -q -p '/sql SELECT repeat(range::VARCHAR, 100) AS x FROM range(20)'`],
    ['json', `ds_agent -q --json -p 'describe sales'`],
    [
      'stream-json',
      `ds_agent -q --output-format stream-json -p '/sql SELECT repeat(range::VARCHAR, 200) AS x FROM range(900)'`,
    ],
    ['datasets', 'ds_agent datasets'],
    ['help', 'ds_agent --help'],
    ['export of a session', `ds_agent -q -p 'describe sales' >/dev/null; ds_agent sessions export last`],
  ])('%s', async (_, command) => {
    const {stderr, stdout} = await runShell(`{ ${command}; } | head -c 1; exit 0`, place);
    expect({stderr, length: stdout.length}).toEqual({stderr: '', length: 1});
  });
});

describe('a writer that never ends', () => {
  it('of questions is stopped at the limit of a question', async () => {
    const {stdout, stderr} = await runShell(`yes 'how many rows' | { ds_agent -q --batch; echo "code $?"; }`, place);
    expect(stdout).toBe('code 7\n');
    expect(stderr).toContain('1048576 bytes');
  });

  it('of data is stopped at the limit of a file, and leaves nothing behind', async () => {
    const line = `yes '1,2' | { UPLOAD_SIZE_LIMIT_MB=1 ds_agent -q -p 'how many rows'; echo "code $?"; }`;
    const {stdout, stderr} = await runShell(line, place);
    expect(stdout).toBe('code 3\n');
    expect(stderr).toContain('limit 1048576');
    expect((await runProgram(['datasets'], {place})).stdout).not.toContain('stdin');
  });
});

describe('slow pipes', () => {
  async function writeSlowly(text: string, args: string[], gapMs: number) {
    const running = startProgram(args, {place, stdin: 'open'});
    for (const byte of Buffer.from(text)) {
      running.stdin.write(Uint8Array.of(byte));
      await sleep(gapMs);
    }
    running.stdin.end();
    return running.done;
  }

  it('a question that comes byte by byte, with parts of a letter apart, is read to its end', async () => {
    const {code, stdout} = await writeSlowly('SELECT 1 AS "übung"\n', [], 60);
    expect(code).toBe(0);
    expect(stdout).toContain('übung');
  });

  it('one byte a second is waited for, and it says once that it waits', async () => {
    const running = startProgram([], {place, stdin: 'open'});
    await sleep(2_500);
    for (const letter of 'how many rows') {
      running.stdin.write(letter);
      await sleep(letter === ' ' ? 1_000 : 20);
    }
    running.stdin.end();
    const {code, stdout, stderr} = await running.done;
    expect({code, stdout}).toMatchObject({code: 0, stdout: expect.stringContaining('**5** rows of sales')});
    expect(stderr.match(/Waiting for standard input/g)).toHaveLength(1);
  });

  it('data that comes byte by byte is imported whole', async () => {
    const {code, stdout} = await writeSlowly('k,v\na,1\nb,3\n', ['-p', 'average v'], 40);
    expect(code).toBe(0);
    expect(stdout).toMatch(/\b2\b/);
  });

  it('a slow reader gets all of a long output, the result last', async () => {
    const sql = `/sql SELECT range AS n, repeat('x', 200) AS x FROM range(900)`;
    const {stdout, code} = await runShell(
      `ds_agent -q --output-format stream-json -p "${sql}" | { sleep 2; while IFS= read -r line; do printf '%s\\n' "$line"; done; }`,
      place,
    );
    expect(code).toBe(0);
    expect(stdout.length).toBeGreaterThan(150_000);
    const lines = stdout.trimEnd().split('\n');
    expect(schemaProblems('stream-result', JSON.parse(lines.pop() ?? ''))).toEqual([]);
    for (const line of lines) expect(schemaProblems('event', JSON.parse(line))).toEqual([]);
  });
});

describe('shell loops', () => {
  it('with -n a loop keeps its own lines; without it the first call takes them as data', async () => {
    place.file('list', 'region\nproduct_name\nprice\n');
    const loop = (more: string) =>
      `while read column; do ds_agent -q ${more} -p "missing values in $column" | head -1; done < list`;
    const kept = await runShell(loop('-n'), place);
    expect(kept.stderr).toBe('');
    expect(kept.stdout.trimEnd().split('\n')).toHaveLength(3);
    const eaten = await runShell(
      `while read column; do echo "$column"; ds_agent -q -p 'how many rows'; done < list`,
      place,
    );
    expect(eaten.stdout).toMatch(/^region\n\*\*1\*\* row of stdin/);
    expect(eaten.stdout).not.toContain('product_name');
  });

  it('-n also leaves /dev/null, a closed stdin and the questions of a batch alone', async () => {
    for (const stdin of ['null', 'closed', 'open'] as const)
      expect(await runProgram(['-q', '-n', '-p', question], {place, stdin})).toMatchObject({code: 0, stderr: ''});
    expect(await runProgram(['-n', '--batch'], {place, stdin: {pipe: 'how many rows\n'}})).toMatchObject({code: 2});
  });

  it('xargs -P 4 imports and asks on one workspace at once', async () => {
    for (let index = 1; index <= 8; index++) place.file(`part${index}.csv`, `k,v\na,${index}\nb,${index}\n`);
    const program = `"${process.execPath}" "${binary}"`;
    const uploads = await runShell(`ls part*.csv | xargs -P 4 -n 1 ${program} upload; echo "code $?"`, place, 60_000);
    expect(uploads.stdout).toContain('code 0\n');
    expect(uploads.stdout.match(/→ part\d v1, 2 rows/g)).toHaveLength(8);
    const line = `seq 1 8 | xargs -P 4 -I{} ${program} -q -n --json --dataset 'part{}' -p 'average v'; echo "code $?"`;
    const asked = await runShell(line, place, 60_000);
    const lines = asked.stdout.trimEnd().split('\n');
    expect(lines.pop()).toBe('code 0');
    for (const each of lines) expect(schemaProblems('result', JSON.parse(each))).toEqual([]);
    const names = lines.map(each => JSON.parse(each).receipts[0].datasets[0].name);
    expect(names.sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8].map(index => `part${index}`));
  });
});

describe('the two streams', () => {
  it('a batch prints the answers alone on stdout, each ended by a newline, and -q silences the rest', async () => {
    const stdin = {pipe: 'how many rows\nmaximum price\n'};
    const loud = await runProgram(['--batch'], {place, stdin});
    const quiet = await runProgram(['--batch', '-q'], {place, stdin});
    expect(quiet).toMatchObject({code: 0, stderr: '', stdout: loud.stdout});
    expect(quiet.stdout).toMatch(/^\*\*5\*\* rows[\s\S]*\n$/);
    expect(loud.stderr).toMatch(/^▸ run_sql/m);
  });

  it('a closed stderr costs no answer, a closed stdout no error', async () => {
    const noStderr = await runShell(`ds_agent -p '${question}' 2>&-`, place);
    expect(noStderr).toMatchObject({code: 0, stdout: expect.stringContaining('| west | 8 |')});
    expect(await runShell(`ds_agent -q -p '${question}' >&-`, place)).toMatchObject({code: 0, stderr: ''});
  });

  it('words without -p are a question too where there is no terminal', async () => {
    const {code, stdout} = await runProgram(['average', 'price', 'by', 'region'], {place});
    expect(code).toBe(0);
    expect(stdout).toContain('| west | 8 |');
  });
});
