// The built program as scripts use it: question in, answer out, everything else on stderr.

import {existsSync, readdirSync} from 'node:fs';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {makePlace, type Place, runProgram, runShell, startProgram} from '../support/program.ts';
import {salesCsv} from '../tools/bench.ts';

let place: Place;
beforeEach(() => {
  place = makePlace();
});
afterEach(() => place.remove());

const question = 'average price by region';
// biome-ignore lint/suspicious/noControlCharactersInRegex: control codes are what this looks for
const controlCodes = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/;

const upload = async (): Promise<void> => {
  const {code, stderr} = await runProgram(['upload', place.file('sales.csv', salesCsv)], {place});
  expect(stderr).toBe('');
  expect(code).toBe(0);
};

describe('the main job', () => {
  it('upload prints one line, and a second process answers from the dataset', async () => {
    const uploaded = await runProgram(['upload', place.file('sales.csv', salesCsv)], {place});
    expect(uploaded).toMatchObject({code: 0, stderr: ''});
    expect(uploaded.stdout).toMatch(/^Upload saved: \S+ \(\d+ bytes, CSV\) → sales v1, 5 rows × 4 columns\n$/);

    const asked = await runProgram(['-p', question], {place});
    expect(asked.code).toBe(0);
    expect(asked.stdout).toContain('| north | 2 |');
    expect(asked.stdout).toContain('| west | 8 |');
    expect(asked.stdout.endsWith('\n')).toBe(true);
    expect(asked.stdout).not.toMatch(controlCodes);
    expect(asked.stderr).toMatch(/^▸ run_sql sales v1 5 rows → \d rows? \d+ ms #1$/m);
    expect(asked.stderr).not.toMatch(controlCodes);
  });

  it('a piped text is the question', async () => {
    await upload();
    const {code, stdout} = await runProgram([], {place, stdin: {pipe: `${question}\n`}});
    expect(code).toBe(0);
    expect(stdout).toContain('| west | 8 |');
  });

  it('with -p, what is piped is data and becomes the dataset stdin', async () => {
    const {code, stdout, stderr} = await runProgram(['-p', question], {place, stdin: {pipe: salesCsv}});
    expect(code).toBe(0);
    expect(stdout).toContain('| west | 8 |');
    expect(stderr).toContain('→ stdin v1, 5 rows × 4 columns');
  });

  it('--data imports first, several files in their order', async () => {
    const one = place.file('one.csv', 'k,v\na,1\nb,3\n');
    const {code, stdout} = await runProgram(
      ['--data', place.file('sales.csv', salesCsv), '--data', one, '-p', 'average v'],
      {place},
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/\b2\b/);
  });

  it('--batch answers one question a line, in one conversation', async () => {
    await upload();
    const {code, stdout, stderr} = await runProgram(['--batch'], {
      place,
      stdin: {pipe: `${question}\n\nhow many rows\nmaximum price\n`},
    });
    expect(code).toBe(0);
    const [north, rows, maximum] = [stdout.indexOf('north'), stdout.indexOf('5'), stdout.lastIndexOf('8')];
    expect(north).toBeGreaterThan(-1);
    expect(rows).toBeGreaterThan(-1);
    expect(maximum).toBeGreaterThan(north);
    expect(stderr).toContain('#3');
  });

  it('a batch goes on after a question that failed, and its exit code says so', async () => {
    await upload();
    const {code, stdout} = await runProgram(['--batch'], {
      place,
      stdin: {pipe: `SELECT nothing_here FROM sales\n${question}\n`},
    });
    expect(code).toBe(9);
    expect(stdout).toContain('| west | 8 |');
  });

  it('-n leaves a pipe alone, and so do /dev/null and a closed stdin', async () => {
    await upload();
    for (const [args, stdin] of [
      [['-n'], 'open'],
      [[], 'null'],
      [[], 'closed'],
    ] as const) {
      const {code, stdout, stderr} = await runProgram(['-p', question, ...args], {place, stdin});
      expect({code, stderr: stderr.replace(/^(▸|Caution).*\n/gm, '')}).toEqual({code: 0, stderr: ''});
      expect(stdout).toContain('| west | 8 |');
    }
  });

  it('a pipe that stays open is waited for, and it says so', async () => {
    await upload();
    const running = startProgram(['-p', question], {place, stdin: 'open'});
    await running.sees('stderr', /Waiting for standard input to end \(-n does not read it\)\./);
    running.stdin.end();
    expect(await running.done).toMatchObject({code: 0});
  });

  it('an empty pipe is no data', async () => {
    await upload();
    expect(await runProgram(['-p', question], {place, stdin: {pipe: ''}})).toMatchObject({code: 0});
  });
});

describe('what goes where', () => {
  it('-q leaves nothing on stderr when all is well', async () => {
    await upload();
    const {stdout, stderr} = await runProgram(['-q', '-p', question], {place});
    expect(stderr).toBe('');
    expect(stdout).toContain('west');
  });

  it('-q still says what went wrong', async () => {
    const {code, stderr} = await runProgram(['-q', '--data', 'nothing.csv', '-p', question], {place});
    expect(code).toBe(3);
    expect(stderr).toContain('nothing.csv');
  });

  it.each([
    ['NO_COLOR', {NO_COLOR: '1'}],
    ['FORCE_COLOR', {FORCE_COLOR: '1'}],
    ['a dumb terminal', {TERM: 'dumb'}],
  ])('%s changes nothing: no control codes on stdout or stderr', async (_, env) => {
    await upload();
    const {code, stdout, stderr} = await runProgram(['-p', question], {place, env});
    expect(code).toBe(0);
    expect(stdout + stderr).not.toMatch(controlCodes);
  });

  it('cells and names with control codes are printed as escapes', async () => {
    const csv = 'na\u001b]0;owned\u0007me,v\n"a\u001b[2Jb",1\n"c\u202ed",2\n';
    const {code, stdout, stderr} = await runProgram(['--data', place.file('evil.csv', csv), '-p', 'describe evil'], {
      place,
    });
    expect(code).toBe(0);
    expect(stdout + stderr).not.toMatch(controlCodes);
    expect(stdout + stderr).not.toContain('\u202e');
  });

  it('a reader that goes away ends it quietly', async () => {
    await upload();
    const {stderr, code} = await runShell(`ds_agent -q -p 'describe sales' | head -c1 >/dev/null; exit 0`, place);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    const many = await runShell(
      `ds_agent -q --output-format stream-json -p 'describe sales' | head -c1 >/dev/null`,
      place,
    );
    expect(many.stderr).toBe('');
  });

  it('a full disk behind stdout is told', async () => {
    if (!existsSync('/dev/full')) return;
    await upload();
    const {stderr, code} = await runShell(`ds_agent -q -p '${question}' > /dev/full`, place);
    expect(stderr).toContain('Writing the answer failed');
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(code).toBe(1);
  });

  it('nothing is written beside the workspace and the state folder', async () => {
    await upload();
    await runProgram(['-p', question], {place});
    expect(readdirSync(place.cwd).sort()).toEqual(['sales.csv', 'workspace']);
    expect(readdirSync(place.home).filter(name => name !== 'state')).toEqual([]);
  });
});

describe('several processes at once on one workspace', () => {
  it('two imports of one name and three questions all succeed', async () => {
    await upload();
    const other = place.file('other.csv', 'a,b\n1,2\n');
    const runs = await Promise.all([
      runProgram(['upload', other, '--name', 'same'], {place}),
      runProgram(['upload', place.file('another.csv', 'a,b\n3,4\n5,6\n'), '--name', 'same'], {place}),
      ...[1, 2, 3].map(() => runProgram(['-p', question], {place})),
    ]);
    expect(runs.map(run => run.code)).toEqual([0, 0, 0, 0, 0]);
    for (const {stdout} of runs.slice(2)) expect(stdout).toContain('| west | 8 |');
    const {stdout} = await runProgram(['datasets', '--json'], {place});
    const {datasets} = JSON.parse(stdout);
    expect(datasets.map((each: {name: string; versions: number[]}) => [each.name, each.versions])).toEqual([
      ['sales', [1]],
      ['same', [1, 2]],
    ]);
  });
});
