// A report of the built program: every number has its source, the files are sound, and hostile data stay harmless in them.

import {existsSync, readdirSync, readFileSync, statSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {DuckDBInstance} from '@duckdb/node-api';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {type FakeLlmServer, startFakeLlmServer} from '../support/fake-llm-server.ts';
import {says} from '../support/fake-llm-steps.ts';
import {pythonCalls} from '../support/notebook-cells.ts';
import {missingPdfPrograms, output, textOf} from '../support/poppler.ts';
import {makePlace, type Place, type RunOptions, runProgram, startProgram} from '../support/program.ts';
import {numbersOfReport, numbersOfSession, unsourced} from '../support/report-numbers.ts';

const example = new URL('../../examples/bike_rentals.csv', import.meta.url).pathname;
let place: Place;
beforeAll(async () => {
  place = makePlace();
  await run(['upload', example]);
});
afterAll(() => place.remove());

const run = (args: string[], options: Partial<RunOptions> = {}) => runProgram(args, {place, ...options});
const read = (name: string) => readFileSync(join(place.cwd, name), 'utf8');
const report = async (file: string, ...args: string[]) => {
  const {code, stdout, stderr} = await run(['report', '-o', file, '--json', ...args]);
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout);
};

describe('the report of the example data', () => {
  it('is this text, put together without a model and without a question', async () => {
    const made = await report('example.md');
    expect(made).toMatchObject({standard_analysis: true, written_by: 'templates', refused_numbers: []});
    const text = read('example.md')
      .replaceAll(made.session, 'SESSION')
      .replaceAll(/\d{4}-\d{2}-\d{2} \d{2}:\d{2} UTC/g, 'TIME')
      .replaceAll(/[0-9a-f]{64}/g, 'HASH')
      .replaceAll(/(?<=\n```sql\n)[\s\S]*?(?=\n```\n)/g, 'SELECT …')
      .replaceAll(/Made on \d{4}-\d{2}-\d{2}/g, 'Made on DAY');
    await expect(text).toMatchFileSnapshot('../fixtures/reports/bike_rentals.md');
  });

  it('has no number in its HTML that the result it names does not hold', async () => {
    const {session} = await report('example.html');
    const known = numbersOfSession(
      join(place.workspace, 'sessions', `${session}.jsonl`),
      join(place.workspace, 'data'),
    );
    const found = numbersOfReport(read('example.html'));
    expect(found.length).toBeGreaterThan(300);
    expect(unsourced(found, known)).toEqual([]);
    const html = read('example.html').replace('</nav>\n<main>', '</nav>\n<main><p>Sales rose by 37.125 %.</p>');
    const planted = numbersOfReport(html);
    expect(unsourced(planted, known)).toEqual([expect.objectContaining({text: '37.125'})]);
  });

  it('can be computed again: its results are a session', async () => {
    const {session, receipts} = await report('again.md');
    const {code, stdout} = await run(['replay', session, '--verify', '--json']);
    expect([code, JSON.parse(stdout).counts]).toEqual([0, {same: receipts, changed: 0, failed: 0}]);
  });

  it('made again of its own session repeats no result, and takes none of them for a question', async () => {
    const {session, receipts} = await report('first.md');
    const again = await report('second.md', '--session', session);
    expect([again.standard_analysis, again.receipts]).toEqual([true, receipts]);
    expect((await run(['sessions'])).stdout).toContain('/report first.md');
  });

  it('names every receipt with arguments, SQL and the hash of the data', async () => {
    const {receipts} = await report('receipts.md');
    const appendix = read('receipts.md').split('## Appendix: receipts')[1] ?? '';
    expect(appendix.match(/^### #\d+ /gm)).toHaveLength(receipts);
    expect(appendix.match(/^- Arguments: \{/gm)).toHaveLength(receipts);
    expect(appendix.match(/sha256 [0-9a-f]{64}/g)).toHaveLength(receipts);
    expect(appendix.match(/^```sql$/gm)).toHaveLength(receipts);
  });

  it('as a notebook is nbformat 4.5, and the SQL of each cell runs in DuckDB and gives what its chart shows', async () => {
    await report('example.ipynb');
    const notebook = JSON.parse(read('example.ipynb'));
    expect([notebook.nbformat, notebook.nbformat_minor]).toEqual([4, 5]);
    const sources: string[] = notebook.cells
      .filter((cell: {cell_type: string}) => cell.cell_type === 'code')
      .map(({source}: {source: string[]}) => source.join(''));
    const connection = await (await DuckDBInstance.create(':memory:')).connect();
    const results = [];
    for (const source of sources.filter(each => /^con\./.test(each))) {
      const calls = pythonCalls(source);
      expect(calls.at(-1)?.method).toBe('sql');
      for (const {sql} of calls) await connection.run(sql);
      const result = await connection.runAndReadAll(calls.at(-1)?.sql ?? '');
      expect(result.currentRowCount, source).toBeGreaterThan(0);
      results.push({source, result});
    }
    expect(results).toHaveLength(5);
    const charts = readdirSync(join(place.workspace, 'charts'));
    const kept = charts.find(name => /^mean-revenue-by-month-\w+\.json$/.test(name)) ?? '';
    const {points} = JSON.parse(readFileSync(join(place.workspace, 'charts', kept), 'utf8')).spec;
    const months = results.find(({source}) => source.includes("date_trunc('month'"))?.result.getRowsJS();
    expect(months?.map(([, mean]) => mean)).toEqual(points.map(({y}: {y: number}) => y));
    expect(months).toHaveLength(24);
  });
});

describe.skipIf(missingPdfPrograms.length > 0)(
  `the PDF, looked at with ${missingPdfPrograms.join(', ') || 'all of'} poppler and qpdf`,
  () => {
    let pdf: string;
    beforeAll(async () => {
      pdf = join(place.cwd, 'example.pdf');
      await report('example.pdf');
    });

    it('is sound, has a title, a language, pages and embedded fonts', async () => {
      expect(await output('qpdf', ['--check', pdf])).toContain('No syntax or stream encoding errors found');
      const info = await output('pdfinfo', [pdf]);
      expect(info).toMatch(/^Title:\s+Report on bike_rentals$/m);
      expect(Number(/^Pages:\s+(\d+)$/m.exec(info)?.[1])).toBeGreaterThan(5);
      const catalog = await output('qpdf', ['--json', pdf]);
      expect(catalog).toMatch(/"\/Lang": "u:en"/);
      expect(catalog).toMatch(/"\/DisplayDocTitle": true/);
      const fonts = (await output('pdffonts', [pdf])).split('\n').slice(2).filter(Boolean);
      expect(fonts.length).toBeGreaterThan(2);
      expect(fonts.filter(line => !/\byes yes yes\b/.test(line))).toEqual([]);
    });

    it('is real text: contents with pages, every section, page numbers, each table with its header on each page', async () => {
      const text = await textOf(pdf);
      for (const title of ['Executive summary', 'Data', 'Findings', 'Models', 'Limits and assumptions', 'Next steps'])
        expect(text).toMatch(new RegExp(`^${title}\\s+\\d+$`, 'm'));
      expect(text).toMatch(/1 \/ \d+/);
      expect(text).toContain('Not done: no model was trained');
      expect(text).toContain('4,000 rows × 16 columns');
    });

    it('is made without drawings where one is damaged on the disk, and says so', async () => {
      await run(['--session', 'drawn', '-p', 'plot price by region']);
      const charts = join(place.workspace, 'charts');
      for (const name of readdirSync(charts).filter(each => /^average-price.*svg$/.test(each)))
        writeFileSync(join(charts, name), '<svg viewBox="0 0 9 9"><a></b></svg>');
      await report('drawn.pdf', '--session', 'drawn');
      const text = await textOf(join(place.cwd, 'drawn.pdf'));
      expect(text).toContain('A drawing could not be read');
      expect(text).toContain('Coast');
    });

    it('holds the same numbers as the HTML', async () => {
      const words = (await textOf(pdf)).replaceAll(/\s+/g, '');
      const html = numbersOfReport(read('example.html')).filter(({where}) => where !== 'table');
      expect(html.filter(({text}) => !words.includes(text))).toEqual([]);
    });
  },
);

describe('a session with questions', () => {
  beforeAll(async () => {
    const lines = [
      'average price by region',
      'plot revenue by region',
      '/train rating',
      'does price differ by member?',
    ];
    await run(['--session', 'asked', '--batch'], {stdin: {pipe: `${lines.join('\n')}\n`}, timeoutMs: 100_000});
  }, 120_000);

  it('is reported as it was asked, with its models and their baseline', async () => {
    const {session, standard_analysis} = await report('asked.html', '--session', 'asked');
    expect([session, standard_analysis]).toEqual(['asked', false]);
    const html = read('asked.html');
    expect(html).toContain('average price by region');
    expect(html).toContain('(baseline)');
    const known = numbersOfSession(join(place.workspace, 'sessions', 'asked.jsonl'), join(place.workspace, 'data'));
    expect(unsourced(numbersOfReport(html), known)).toEqual([]);
  });

  it('a model kept by one session stands in the report of another', async () => {
    await report('other.md');
    const text = read('other.md');
    expect(text).toMatch(/### Kept model bike_rentals\//);
    expect(text).toContain('(baseline)');
    expect(text).toMatch(
      /- The newest kept model predicts \w+: \w+ [\d.,]+ on [\d,]+ rows held out, [\d.,]+ for the baseline/,
    );
    expect(text).toMatch(/```\nPermutation importance: rise of \S+ when the column is shuffled\n[\s\S]+█/);
  });
});

describe('a language model', () => {
  let server: FakeLlmServer;
  afterAll(() => server.close());

  it('words the report around places that code fills; a number of its own is refused, told and counted', async () => {
    const prose = `## Summary
There are {{1:1:distinct}} different rentals. Revenue will rise by 37.125 % next year. The weather matters.
## Limits
One region alone explains 812,345 of it.
## Next steps
- Ask the shops.`;
    server = await startFakeLlmServer({openai: [says(prose)]});
    const env = {OPENAI_API_KEY: 'sk-test-0123456789abcdef', OPENAI_BASE_URL: server.openAiBaseUrl};
    const {code, stdout, stderr} = await run(['report', '-o', 'worded.md', '--json'], {env});
    expect(code, stderr).toBe(0);
    const made = JSON.parse(stdout);
    expect(made.refused_numbers).toEqual(['37.125 %', '812,345']);
    expect(made.written_by).not.toBe('templates');
    const text = read('worded.md');
    expect(text).toContain('There are 4,000 different rentals.');
    expect(text).toContain('The weather matters.');
    expect(text).toContain('- Ask the shops.');
    expect(text).toContain('2 numbers were written without a source');
    expect(text).not.toMatch(/37\.125|812,345/);
  });

  it('hears no value of the data where only its shape may leave', async () => {
    const rows = Array.from({length: 60}, (_, k) => `canarycity${k % 3},${80_000 + k * 7.5}`);
    place.file('people.csv', ['city,income', ...rows].join('\n'));
    const model = await startFakeLlmServer({openai: [says('## Summary\nIt is {{1:2:values}} there.')]});
    const env = {OPENAI_API_KEY: 'sk-test-0123456789abcdef', OPENAI_BASE_URL: model.openAiBaseUrl};
    const args = ['report', '-o', 'people.md', '-q', '--privacy', 'schema', '--data', 'people.csv'];
    const {code, stderr} = await run(args, {env});
    await model.close();
    expect(code, stderr).toBe(0);
    const sent = model.requests.map(({body}) => JSON.stringify(body)).join('');
    expect(sent).toContain('people');
    expect(sent).not.toMatch(/canarycity|80[,_]?0\d\d/);
    // Its words point at a value that it has not seen; the report has it.
    expect(read('people.md')).toMatch(/It is 80,000 … .* there\./);
  });

  it('that does not answer leaves the words to the templates, and the report says why', async () => {
    const env = {
      OPENAI_API_KEY: 'sk-test-0123456789abcdef',
      OPENAI_BASE_URL: 'http://127.0.0.1:9/v1',
      MAX_RETRIES: '0',
    };
    const {code} = await run(['report', '-o', 'alone.md', '-q'], {env});
    expect(code).toBe(0);
    expect(read('alone.md')).toMatch(/No language model wrote any of this.*\(no.* answered/);
  });
});

describe('the file', () => {
  it('of another name is never replaced unasked, and nothing is computed before that is known', async () => {
    writeFileSync(join(place.cwd, 'mine.html'), 'mine');
    const {code, stderr} = await run(['report', '-o', 'mine.html']);
    expect([code, read('mine.html')]).toEqual([3, 'mine']);
    expect(stderr).not.toContain('describe_dataset');
    expect((await run(['report', '-o', 'mine.html', '--force'])).code).toBe(0);
    expect(read('mine.html')).toContain('<!doctype html>');
  });

  it.each([
    [['report'], 2, 'missing'],
    [['report', '-o', 'x.docx'], 2, '.pdf, .html, .md, .ipynb'],
    [['report', '-o', 'no/such/folder.pdf'], 3, 'does not exist'],
    [['report', '-o', 'x.pdf', '--dataset', 'bike_rental'], 9, 'bike_rentals'],
    [['report', '-o', 'x.pdf', '--session', 'nobody'], 2, 'nobody'],
  ])('%j ends with %i and says %s', async (args, code, said) => {
    const ended = await run(args);
    expect([ended.code, ended.stderr.includes(said)], ended.stderr).toEqual([code, true]);
    expect(existsSync(join(place.cwd, 'x.pdf'))).toBe(false);
  });

  it('is whole or not there: Ctrl-C leaves nothing half', async () => {
    const before = readdirSync(place.cwd).sort();
    const running = startProgram(['report', '-o', 'stopped.pdf'], {place});
    await running.sees('stderr', /check_quality/);
    running.kill('SIGINT');
    expect((await running.done).code).toBe(130);
    expect(readdirSync(place.cwd).sort()).toEqual(before);
    expect(readdirSync(join(place.workspace, 'reports'))).toEqual([]);
  });
});

describe('odd data', () => {
  it('an empty table, a table of nulls and one value give a report each', async () => {
    place.file('empty.csv', 'a,b\n');
    place.file('nulls.csv', 'a,b\n,\n,\n');
    place.file('one.csv', 'a\n5\n');
    for (const name of ['empty', 'nulls', 'one']) {
      const {refused_numbers} = await report(`${name}.pdf`, '--data', `${name}.csv`);
      expect([name, refused_numbers]).toEqual([name, []]);
      expect(statSync(join(place.cwd, `${name}.pdf`)).size).toBeGreaterThan(5_000);
    }
  });
});
