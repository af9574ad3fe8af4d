import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {runSlash, slashCommands} from '../../src/cli/slash.ts';
import {DsAgentError} from '../../src/core/errors.ts';
import {salesCsv} from '../tools/bench.ts';
import {type AppBench, openAppBench} from './bench.ts';

let bench: AppBench;
const {signal} = new AbortController();
const run = (line: string) => runSlash(line, bench.app, signal);
const text = async (line: string): Promise<string> => {
  const answer = await run(line);
  return typeof answer === 'string' ? answer : [answer.text, answer.note].filter(Boolean).join('\n');
};
const failure = async (line: string): Promise<DsAgentError> => {
  const answer = await run(line).catch((error: unknown) => error);
  if (answer instanceof DsAgentError) return answer;
  throw new Error(`${line} did not fail`);
};

beforeAll(async () => {
  bench = await openAppBench();
  bench.answerWith(false);
  await run(`/upload "${await bench.file('my sales.csv', salesCsv)}"`);
  await run(`/upload ${await bench.file('other.csv', 'a,b\n1,2\n')}`);
});
afterAll(() => bench.close());

describe('the table of commands', () => {
  it('has every name once, in lower case, each with what it does', () => {
    const names = slashCommands.map(command => command.name);
    expect(new Set(names).size).toBe(names.length);
    for (const {name, about} of slashCommands) {
      expect(name).toMatch(/^[a-z]+$/);
      expect(about.length).toBeGreaterThan(3);
    }
  });

  it('/help lists all of it', async () => {
    const help = await text('/help');
    for (const {name, args, about} of slashCommands) {
      expect(help).toContain(`/${name}${args ? ` ${args}` : ''}`);
      expect(help).toContain(about);
    }
  });

  it('no command throws anything but an error with a code, whatever stands behind it', async () => {
    // /export writes where the program was started, which is this checkout.
    const harmless = slashCommands.filter(({name}) => !['quit', 'clear', 'export'].includes(name));
    for (const {name} of harmless)
      for (const args of ['', ' ', ' nonsense', ' "', ' -1', ' \u001b[2J', " '; DROP TABLE my_sales"]) {
        // Without a name it writes into the folder of the tests.
        if (name === 'export' && args.trim() === '') continue;
        const answer = await run(`/${name}${args}`).catch((error: unknown) => error);
        if (answer instanceof Error) expect(answer).toBeInstanceOf(DsAgentError);
        if (typeof answer === 'object' && answer !== null && 'text' in answer)
          expect(answer.text).not.toContain('\u001b');
      }
    expect((await bench.app.catalog.datasets()).map(each => each.name)).toEqual(['my_sales', 'other']);
  });
});

describe('commands', () => {
  it('/upload takes a path in quotes or with escaped blanks', async () => {
    const path = await bench.file('one more.csv', 'x\n1\n');
    expect(await text(`/upload ${path.replaceAll(' ', '\\ ')}`)).toContain('one_more v1: 1 row ×');
    await bench.app.workspace.removeDataset('one_more');
  });

  it('/use chooses the dataset, and an unknown one suggests the nearest', async () => {
    expect(await text('/use my_sales')).toContain('Working on my_sales v1: 5 rows × 4 columns.');
    expect(await bench.app.catalog.active()).toBe('my_sales');
    const {code, message, hint} = await failure('/use my_slaes');
    expect(code).toBe('dataset.unknown');
    expect(`${message} ${hint}`).toContain('my_sales');
  });

  it('/sql gives a table, and /why its SQL, dataset version and rows', async () => {
    const answer = await run('/sql SELECT count(*) AS n FROM my_sales');
    expect(answer).toMatchObject({table: {rows: [[5]]}});
    const id = /#(\d+)/.exec(typeof answer === 'string' ? '' : (answer.note ?? ''))?.[1];
    const why = await text(`/why ${id}`);
    expect(why).toMatch(new RegExp(`^Result ${id}: run_sql, \\d+ ms$`, 'm'));
    expect(why).toMatch(/^Dataset: my_sales v1, sha256 [0-9a-f]{16}$/m);
    expect(why).toContain('Rows read: 5, all of them');
    expect(why).toContain('SELECT count(*) AS n FROM my_sales');
    expect(await text(`/why #${id}`)).toBe(why);
  });

  it('/sql that fails ends a script with exit code 9, as a failed tool does', async () => {
    expect(await failure('/sql SELECT nope FROM my_sales')).toMatchObject({exitCode: 9});
    expect(await failure('/sql')).toMatchObject({exitCode: 2});
  });

  it('/why of a number that no result has lists the numbers there are', async () => {
    expect(await failure('/why 99')).toMatchObject({code: 'receipt.unknown'});
    expect((await failure('/why 99')).hint).toMatch(/Results so far: .*\d/);
  });

  it('/profile is of the dataset worked on unless one is named', async () => {
    await run('/use other');
    expect(await run('/profile')).toMatchObject({
      table: {rows: expect.arrayContaining([expect.arrayContaining(['a'])])},
    });
    expect(await run('/profile my_sales')).toHaveProperty('table');
  });

  it('/status and /breaker say how things are', async () => {
    const status = await text('/status');
    expect(status).toContain(bench.app.workspace.root);
    expect(status).toContain('Upload limit: 50 MB');
    expect(await text('/breaker')).toContain('Offline analyst: closed, 0/3 failures');
    expect(await text('/breaker reset')).toContain('closed');
  });

  it('an unknown one suggests the nearest', async () => {
    expect(await failure('/dataset')).toMatchObject({code: 'chat.unknown_command', hint: 'Did you mean /datasets?'});
    expect((await failure('/xyzzy')).hint).toContain('/help');
  });
});
