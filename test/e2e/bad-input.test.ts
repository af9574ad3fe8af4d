// What goes wrong outside the program ends in one clear line with what to do next, and leaves nothing behind.

import {mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {makePlace, type Place, type RunResult, runProgram} from '../support/program.ts';
import {salesCsv} from '../tools/bench.ts';

let place: Place;
beforeEach(() => {
  place = makePlace();
});
afterEach(() => place.remove());

/** One message line, a hint line, no stack, no control codes, nothing on stdout; gives the message. */
function clear({stdout, stderr}: RunResult): string {
  const lines = stderr
    .trimEnd()
    .split('\n')
    .filter(line => !line.startsWith('▸ '));
  expect(stdout).toBe('');
  expect(lines.length).toBeGreaterThan(0);
  expect(lines.length).toBeLessThanOrEqual(2);
  expect(stderr).not.toMatch(/\n\s+at |Error:|node:internal|undefined|\[object/);
  return lines.join('\n');
}

const keptFiles = () =>
  ['uploads', 'data'].flatMap(folder => {
    try {
      return readdirSync(join(place.workspace, folder)).filter(name => !name.startsWith('.spill'));
    } catch {
      return [];
    }
  });

describe('files that are refused: exit code 3 and nothing kept', () => {
  const cases: [string, () => string, RegExp][] = [
    ['a missing file', () => 'nothing.csv', /nothing\.csv/],
    ['a directory', () => mkdirSync(join(place.cwd, 'folder.csv/inner'), {recursive: true}) ?? '', /folder/],
    ['an empty file', () => place.file('empty.csv', ''), /empty/],
    ['a file of blanks', () => place.file('blank.csv', '  \n \n'), /blank|empty|no /],
    ['a path through a file', () => `${place.file('plain.csv', 'a\n1\n')}/x.csv`, /x\.csv/],
    [
      'a binary file',
      () => place.file('noise.csv', Buffer.from(Array.from({length: 4096}, (_, n) => (n * 37) % 256))),
      /noise/,
    ],
  ];
  it.each(cases)('upload of %s', async (_, path, wanted) => {
    const run = await runProgram(['upload', path()], {place});
    expect(run.code).toBe(3);
    expect(clear(run)).toMatch(wanted);
    expect(keptFiles()).toEqual([]);
  });

  it.each(cases.slice(0, 3))('-p with --data of %s', async (_, path, wanted) => {
    const run = await runProgram(['--data', path(), '-p', 'describe it'], {place});
    expect(run.code).toBe(3);
    expect(clear(run)).toMatch(wanted);
    expect(keptFiles()).toEqual([]);
  });

  it('a file over the limit names both sizes and the variable', async () => {
    const path = place.file('big.csv', `a,b\n${'1,2\n'.repeat(600_000)}`);
    const run = await runProgram(['upload', path], {place, env: {UPLOAD_SIZE_LIMIT_MB: '1'}});
    expect(run.code).toBe(3);
    expect(clear(run)).toMatch(/big\.csv.*2400004.*1048576[\s\S]*UPLOAD_SIZE_LIMIT_MB/);
    expect(keptFiles()).toEqual([]);
  });

  it('piped data over the limit is refused too, and nothing is kept', async () => {
    const stdin = {pipe: `a,b\n${'1,2\n'.repeat(600_000)}`};
    const run = await runProgram(['-p', 'describe it'], {place, stdin, env: {UPLOAD_SIZE_LIMIT_MB: '1'}});
    expect(run.code).toBe(3);
    expect(clear(run)).toContain('1048576');
    expect(keptFiles()).toEqual([]);
  });

  it.skipIf(process.getuid?.() === 0)('an unreadable file (root can read all, so not as root)', async () => {
    const path = place.file('locked.csv', 'a\n1\n');
    const {chmodSync} = await import('node:fs');
    chmodSync(path, 0);
    const run = await runProgram(['upload', path], {place});
    expect(run.code).toBe(3);
    expect(clear(run)).toContain('locked.csv');
  });

  it('one bad file among good ones: the good ones are imported, exit code 3', async () => {
    const good = place.file('good.csv', 'a\n1\n2\n');
    const {code, stdout, stderr} = await runProgram(['upload', 'nothing.csv', good], {place});
    expect(code).toBe(3);
    expect(stdout).toContain('→ good v1');
    expect(stderr).toContain('nothing.csv');
  });
});

describe('questions that cannot be answered: exit code 9, nothing on stdout', () => {
  beforeEach(async () => {
    await runProgram(['upload', place.file('sales.csv', salesCsv)], {place});
  });

  it.each([
    ['an unknown dataset', 'SELECT * FROM slaes', /sales/],
    ['an unknown column', 'SELECT regoin FROM sales', /region/],
    ['two statements', 'SELECT 1; SELECT 2', /one/i],
    ['a statement that changes data', 'DROP TABLE sales', /SELECT/],
    ['a file of the system', "SELECT * FROM read_csv('/etc/passwd')", /./],
  ])('SQL with %s', async (_, sql, wanted) => {
    const {code, stderr, stdout} = await runProgram(['-p', sql], {place});
    expect(code).toBe(9);
    expect(stdout + stderr).toMatch(wanted);
    expect(stdout + stderr).not.toMatch(/\n\s+at |root:x:/);
  });

  it('--dataset with an unknown name suggests the nearest', async () => {
    const run = await runProgram(['--dataset', 'slaes', '-p', 'describe it'], {place});
    expect(run.code).toBe(9);
    expect(clear(run)).toMatch(/slaes[\s\S]*sales/);
  });

  it('what is no question about data says what can be asked, on stderr', async () => {
    const {code, stdout, stderr} = await runProgram(['-p', 'who won the world cup in 1930?'], {place});
    expect(code).toBe(9);
    expect(stdout).toBe('');
    expect(stderr).toContain('average price by region');
  });
});

it('a question with no dataset says how to import one', async () => {
  const {code, stdout, stderr} = await runProgram(['-p', 'average price by region'], {place});
  expect(code).toBe(9);
  expect(stdout).toBe('');
  expect(stderr).toMatch(/upload|--data/);
});

describe('a place that cannot be used: exit code 4', () => {
  it.each([
    ['a file in the way', () => place.file('taken', 'x')],
    ['a folder that cannot be made', () => '/proc/nowhere/workspace'],
  ])('workspace: %s', async (_, path) => {
    for (const args of [['-p', 'describe it'], ['upload', place.file('sales.csv', salesCsv)], ['datasets']]) {
      const run = await runProgram([...args, '--workspace', path()], {place});
      expect(run.code).toBe(4);
      expect(clear(run)).toMatch(/workspace[\s\S]*--workspace or DS_AGENT_WORKSPACE/);
    }
  });

  it('bad variables are all named in one line', async () => {
    const env = {OPENAI_BASE_URL: 'nonsense', DS_AGENT_PROVIDERS: 'gpt'};
    const run = await runProgram(['-p', 'describe it'], {place, env});
    expect(run.code).toBe(4);
    expect(clear(run)).toMatch(/OPENAI_BASE_URL.*DS_AGENT_PROVIDERS/);
  });

  it('a broken project file is named', async () => {
    place.file('ds-agent.json', '{"OPENAI_MODEL": ');
    const run = await runProgram(['-p', 'describe it'], {place});
    expect(run.code).toBe(4);
    expect(clear(run)).toContain('ds-agent.json');
  });

  it('a bad number is replaced by its default with one warning', async () => {
    await runProgram(['upload', place.file('sales.csv', salesCsv)], {place});
    const {code, stderr} = await runProgram(['-p', 'describe sales'], {place, env: {LITELLM_MAX_RETRIES: 'abc'}});
    expect(code).toBe(0);
    expect(stderr.match(/Warning: LITELLM_MAX_RETRIES=abc is not usable; 4 is used\./g)).toHaveLength(1);
  });
});

describe('a command line that is wrong: exit code 2', () => {
  it.each([
    [['uplaod', 'x.csv'], /ds-agent upload x\.csv/],
    [['--jsn'], /--json/],
    [['-p', 'a', 'b c d e'], /twice/],
    [[], /-p "QUESTION"/],
    [['upload'], /file/],
  ])('%j', async (args, wanted) => {
    const run = await runProgram(args, {place});
    expect(run.code).toBe(2);
    expect(clear(run)).toMatch(wanted);
    expect(readdirSync(place.cwd).filter(name => name !== 'workspace')).toEqual([]);
  });
});

it('a broken part of the workspace is named, and the rest works', async () => {
  await runProgram(['upload', place.file('sales.csv', salesCsv)], {place});
  await runProgram(['upload', place.file('other.csv', 'a,b\n1,2\n')], {place});
  const folder = join(place.workspace, 'data', 'other');
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (name.endsWith('.json')) writeFileSync(path, readFileSync(path, 'utf8').slice(0, 20));
  }
  const {code, stdout, stderr} = await runProgram(['-p', 'average price by region'], {place});
  expect(stdout).toContain('| west | 8 |');
  expect(stderr).toMatch(/^Warning: .*other/m);
  expect(code).toBe(0);
});

describe('a session and a log that cannot be written', () => {
  it('cost no answer, and are one warning', async () => {
    const file = place.file('sales.csv', salesCsv);
    await runProgram(['upload', file], {place});
    for (const name of ['logs', 'sessions']) {
      rmSync(join(place.workspace, name), {recursive: true});
      mkdirSync(join(place.workspace, name));
    }
    mkdirSync(join(place.workspace, 'logs/ds-agent.log'));
    const {code, stdout, stderr} = await runProgram(['-p', 'how many rows'], {place});
    expect(code).toBe(0);
    expect(stdout).toContain('**5**');
    expect(stderr.match(/^Warning: .*/gm)).toEqual([expect.stringContaining('the record of this run is not complete')]);
    expect(stderr).not.toContain('Internal error');
  });
});
