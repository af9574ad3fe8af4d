import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {likelySlips, lookalikes, variantGroups} from '../../src/analysis/quality-texts.ts';
import {openToolBench, success, type ToolBench} from './bench.ts';

let bench: ToolBench;
beforeAll(async () => {
  bench = await openToolBench();
  const days = Array.from({length: 40}, (_, i) => i + (i >= 30 ? 5 : 0));
  const rows = days.map((day, i) => {
    const date = new Date(Date.UTC(2024, 0, 1 + day)).toISOString().slice(0, 10);
    const city = i === 1 ? 'berlin ' : i === 2 ? 'Munchen' : i % 2 === 0 ? 'Berlin' : 'Muenchen';
    const age = i === 5 ? -3 : i === 6 ? 200 : 20 + (i % 30);
    const gap = i % 10 === 0 ? '' : String(i % 7);
    const spend = i === 7 ? 900 : 10 + (i % 5);
    return [i === 39 ? 38 : i, date, city, age, gap, gap === '' ? '' : 'yes', spend, i === 3 ? '?' : 'ok'].join(',');
  });
  await bench.data('dirty', ['order_id,day,city,age,gap,gap2,spend,note', ...rows, rows[12]].join('\n'));
  await bench.data('clean', `key,v\n${Array.from({length: 20}, (_, i) => `k${i},${i % 3}`).join('\n')}`);
});
afterAll(() => bench.close());

const check = async (dataset: string) => success(await bench.run('check_quality', {dataset}));

describe('check_quality', () => {
  it.each<[string, RegExp]>([
    ['missing values by column', /missing: gap: 4 \(9\.8 %\) of 41 rows/],
    ['columns that are missing together', /missing: 4 \(9\.8 %\) missing together: gap, gap2/],
    ['texts that stand for missing', /missing: note: 1 \(2\.4 %\) texts such as/],
    ['rows that repeat', /duplicates: 1 \(2\.4 %\) rows repeat/],
    ['ids that repeat', /duplicates: order_id: 2 \(4\.9 %\) 2 values of this id/],
    ['outliers by three rules', /outliers: spend: 1 \(2\.4 %\) 1 beyond 1\.5 IQR .*, 1 beyond 3 sd, 1 by MAD/],
    ['ages that can not be', /impossible: age: 2 \(4\.9 %\) an age outside 0 to 120/],
    ['categories that differ by case and blanks', /spelling: city: 1 .*"Berlin" \(\d+\) ~ "berlin ?" \(1\)/],
    ['categories that look like a slip', /spelling: city: 1 .*look alike: "Muenchen" \(\d+\) ~ "Munchen" \(1\)/],
    [
      'gaps in regular days',
      /time gap: day: 1 .*every 1 day, but 1 longer steps; the longest is 6 days, from 2024-01-30/,
    ],
  ])('finds %s', async (_, pattern) => {
    expect((await check('dirty')).summary).toMatch(pattern);
  });

  it('names a key and finds nothing else in a clean table', async () => {
    const {summary, table} = await check('clean');
    expect(summary).toContain('Nothing doubtful was found.');
    expect(table?.rows).toEqual([['key', 'key', 20, 1, 'identifies a row']]);
  });
});

describe('spellings', () => {
  const level = (text: string, count: number) => ({text, count});
  it('item1 and item2 are no slips of each other, nor are two common values', () => {
    expect(likelySlips([level('item1', 100), level('item2', 1)])).toEqual([]);
    expect(likelySlips([level('north', 100), level('norths', 90)])).toEqual([]);
  });

  it('a value of one row is found beside a common one among a thousand, letters exchanged or lost', () => {
    const others = Array.from({length: 990}, (_, i) => level(`${String.fromCharCode(97 + (i % 26)).repeat(5)}${i}`, 3));
    const levels = [level('Berlin', 500), ...others, level('Berln', 1), level('Brelin', 1)];
    const start = process.cpuUsage();
    expect(likelySlips(levels).map(pair => pair.map(({text}) => text))).toEqual([
      ['Berlin', 'Berln'],
      ['Berlin', 'Brelin'],
    ]);
    expect(process.cpuUsage(start).user / 1e6).toBeLessThan(2);
  });

  it('two rare values a letter apart are pointed out, other endings and short words are not', () => {
    const levels = [
      level('Berlin', 3),
      level('Hamburg', 1),
      level('Berln', 1),
      level('Hambrug', 1),
      level('Anna', 1),
      level('Munich', 1),
      level('Munihc', 1),
    ];
    expect(lookalikes([...levels, level('Anne', 1)]).map(pair => pair.map(({text}) => text))).toEqual([
      ['Berlin', 'Berln'],
      ['Hamburg', 'Hambrug'],
      ['Munich', 'Munihc'],
    ]);
    expect(lookalikes([level('manager', 1), level('managers', 1), level('north', 1), level('south', 1)])).toEqual([]);
  });

  it('composed and decomposed letters are the same', () => {
    expect(variantGroups([level('Köln', 3), level('Ko\u0308ln', 1), level('Bonn', 1)])).toHaveLength(1);
  });
});
