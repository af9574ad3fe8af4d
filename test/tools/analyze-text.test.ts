// The text tool against scikit-learn (test/fixtures/analysis/make_text.py), and what it finds in texts.

import {readFileSync} from 'node:fs';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {analyzeText} from '../../src/analysis/analyze-text.ts';
import type {Cell} from '../../src/core/dataset.ts';
import {currentVersion} from '../../src/core/dataset.ts';
import {expectClose} from '../analysis/golden.ts';
import {failure, openToolBench, type Success, success, type ToolBench} from './bench.ts';

type Count = [string, number, number];
type Golden = {
  terms: Count[][];
  without: Count[];
  scores: Record<string, {texts: number; terms: Record<string, [number, number]>}>;
  missing: number;
  distinct: number;
  vocabulary: number;
  characters: Record<'min' | 'mean' | 'sd' | 'median' | 'max', number>;
};
const golden: Golden = JSON.parse(readFileSync('test/fixtures/analysis/text-sklearn.json', 'utf8'));

const odd = [
  'mail Jöe.Döe+x@exämple.co.uk or a@b.de, not a@b',
  'see HTTPS://a.example/p?q=1&r=(2). and www.b.example!',
  'call +49 (0)30 123-4567 or 030 1234567, order 12345678 of 2024-05-01',
  '#win2024 #été a#b &#39; @anna x@anna.de',
  '3,500.25 and -7 and 1e-9 and 2.5.2024, 31/12/99',
  '我喜欢手机 我喜欢',
  'naïve café CAFÉ 👍',
];

let bench: ToolBench;
beforeAll(async () => {
  bench = await openToolBench();
  await bench.data('t', readFileSync('test/fixtures/analysis/text.csv', 'utf8'));
  const quoted = odd.map(each => `"${each.replaceAll('"', '""')}",1`);
  await bench.data('odd', ['text,n', ...quoted].join('\n'));
});
afterAll(() => bench.close());

const run = async (args: object) => success(await bench.run('analyze_text', {dataset: 't', column: 'text', ...args}));
const part = ({table}: Success, name: string): Cell[][] => (table?.rows ?? []).filter(row => row[0] === name);
const counts = (result: Success, name: string) => part(result, name).map(row => [row[2], row[3], row[4]]);
const valueOfTerm = (result: Success, name: string, term: string) =>
  part(result, name).find(row => row[2] === term)?.[5];

describe('against scikit-learn', () => {
  it('terms and n-grams have the counts of CountVectorizer', async () => {
    const result = await run({ngrams: 3, top: 200});
    golden.terms.forEach((wanted, index) => {
      expect(counts(result, `${index + 1}-gram`)).toEqual(wanted.slice(0, 200));
    });
  });

  it('excluded words are left out before n-grams are made', async () => {
    expect(counts(await run({exclude: ['THE', 'good'], top: 200}), '1-gram')).toEqual(golden.without);
  });

  it('TF-IDF by group is the mean of TfidfVectorizer over the texts of the group', async () => {
    const result = await run({group: 'group', top: 200});
    const [own, others] = [part(result, 'tfidf'), part(result, 'tfidf_others')];
    const terms = Object.values(golden.scores).reduce(
      (sum, {terms: each}) => sum + Object.values(each).filter(([a]) => a > 0).length,
      0,
    );
    expect(own).toHaveLength(terms);
    own.forEach(([, group, term, , texts, score], i) => {
      const wanted = golden.scores[String(group)];
      expect(texts).toBe(wanted?.texts);
      expectClose(Number(score), wanted?.terms[String(term)]?.[0] ?? Number.NaN, 1e-9);
      expectClose(Number(others[i]?.[5]), wanted?.terms[String(term)]?.[1] ?? Number.NaN, 1e-9);
    });
    expect(result.summary).toMatch(/- Ost, \d+ texts: "special"/);
  });

  it('lengths are those of pandas', async () => {
    const result = await run({});
    for (const [name, value] of Object.entries(golden.characters))
      expectClose(Number(valueOfTerm(result, 'characters', name)), value, 1e-9);
    for (const name of ['missing', 'distinct', 'vocabulary'] as const)
      expect(valueOfTerm(result, 'overview', name)).toBe(golden[name]);
  });
});

describe('what texts contain', () => {
  const odds = (args: object = {}) => run({dataset: 'odd', ...args});
  const matches = (result: Success, name: string) =>
    part(result, 'match')
      .filter(row => row[1] === name)
      .map(row => row[2])
      .sort();

  it.each<[string, string[]]>([
    ['email', ['Jöe.Döe+x@exämple.co.uk', 'a@b.de', 'x@anna.de']],
    ['url', ['HTTPS://a.example/p?q=1&r=(2', 'www.b.example']],
    ['phone', ['+49 (0)30 123-4567', '030 1234567']],
    ['date', ['2.5.2024', '2024-05-01', '31/12/99']],
    ['hashtag', ['#win2024', '#été']],
    ['mention', ['@anna']],
  ])('%s', async (name, wanted) => {
    expect(matches(await odds(), name)).toEqual([...wanted].sort());
  });

  it('scripts without blanks are cut into characters, and their pairs are found', async () => {
    const result = await odds({top: 200});
    expect(counts(result, '2-gram')).toContainEqual(['喜 欢', 2, 1]);
    expect(counts(result, '1-gram')).toContainEqual(['café', 2, 1]);
  });

  it('blank texts are counted apart from missing ones', async () => {
    const sql = "SELECT unnest(['', '  \u00a0', 'a word', NULL]) AS text";
    success(await bench.run('run_sql', {sql, save_as: 'blanks'}));
    const result = await run({dataset: 'blanks'});
    expect(result.summary).toContain('3 texts, 1 missing, 2 blank, 3 different');
  });

  it('texts of a hundred thousand characters take seconds, not minutes', async () => {
    const sql = "SELECT repeat('one two ', 12500) AS text FROM range(5)";
    success(await bench.run('run_sql', {sql, save_as: 'huge_texts', max_rows: 1}));
    const started = performance.now();
    const result = await run({dataset: 'huge_texts', ngrams: 3});
    expect(counts(result, '3-gram')).toEqual([
      ['one two one', 62_495, 5],
      ['two one two', 62_495, 5],
    ]);
    expect(performance.now() - started).toBeLessThan(20_000);
  }, 60_000);

  it('a search ignores case and says how often and where', async () => {
    const result = await odds({find: 'CAFÉ'});
    expect(part(result, 'found')).toEqual([['found', '', 'CAFÉ', 2, 1, null]]);
    expect(result.summary).toContain('naïve café CAFÉ');
  });

  it('a regex gives its group, counts and values', async () => {
    const result = await odds({regex: String.raw`#(\w+)`});
    expect(result.table?.rows).toContainEqual(['match', 'regex', 'win2024', 1, null, null]);
    const whole = await odds({regex: String.raw`[(]\d[)]`});
    expect(whole.table?.rows).toContainEqual(['match', 'regex', '(0)', 1, null, null]);
  });
});

describe('what is refused', () => {
  it.each<[string, object, string]>([
    ['a regex that RE2 does not know', {regex: '(?=x)'}, 'text.bad_regex'],
    ['a regex that is cut short', {regex: '('}, 'text.bad_regex'],
    ['a number column', {dataset: 'odd', column: 'n'}, 'text.not_text'],
    ['an unknown column', {column: 'texxt'}, 'analysis.unknown_column'],
  ])('%s', async (_, args, code) => {
    expect(failure(await bench.run('analyze_text', {dataset: 't', column: 'text', ...args})).code).toBe(code);
  });

  it('work beyond its time limit stops with a typed failure', async () => {
    const sql = "SELECT repeat('ab ', 200) || i AS text FROM range(200000) r(i)";
    success(await bench.run('run_sql', {sql, save_as: 'long', max_rows: 1}));
    const dataset = await bench.catalog.dataset('long');
    const {columns} = currentVersion(dataset);
    const work = analyzeText(await bench.catalog.engine(), {dataset: 'long'}, {columns, column: 'text', limitMs: 30});
    await expect(work).rejects.toMatchObject({code: 'text.time_limit'});
  });
});
