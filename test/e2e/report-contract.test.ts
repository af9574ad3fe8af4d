// A report of the built program on tables nobody wishes for: a whole file whose numbers all have their source, in every format.

import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {makePlace, type Place, runProgram} from '../support/program.ts';
import {numbersOfReport, numbersOfSession, unsourced} from '../support/report-numbers.ts';
import {awkwardTables, odd} from '../tools/awkward-tables.ts';

const nested =
  "SELECT [i, i + 1] AS list, {'a': i} AS struct, MAP {'k': i} AS map, i::HUGEINT AS big, INTERVAL (i) DAY AS span, TIME '10:00:00' AS clock, 'x'::BLOB AS bytes FROM range(6) r(i)";
const tables = {...awkwardTables, nested};

let place: Place;
beforeAll(async () => {
  place = makePlace();
  for (const [name, sql] of Object.entries(tables)) {
    const {code, stderr} = await runProgram(['-n', '-q', '-y', '-p', `${sql} save as ${name}`], {place});
    expect(code, `${name}: ${stderr}`).toBe(0);
  }
}, 60_000);
afterAll(() => place.remove());

describe.each(Object.keys(tables))('of the table %s', dataset => {
  it.each(['md', 'html', 'pdf', 'ipynb'])(
    'as %s is written whole',
    async format => {
      const file = `${dataset}.${format}`;
      const {code, stdout, stderr} = await runProgram(['report', '--dataset', dataset, '-o', file, '--json'], {place});
      expect(code, stderr).toBe(0);
      const made = JSON.parse(stdout);
      expect(made).toMatchObject({status: 'written', refused_numbers: []});
      const bytes = readFileSync(join(place.cwd, file));
      expect(bytes.length).toBeGreaterThan(1_000);
      if (format === 'pdf') return expect(bytes.subarray(0, 5).toString()).toBe('%PDF-');
      const text = bytes.toString('utf8');
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there
      expect(text).not.toMatch(/[\u001b\u202e]/);
      // A receipt's SQL may speak of NaN, and so does a profile that counts them.
      expect(text.replaceAll(/\d+ NaN, counted as missing/g, '')).not.toMatch(/undefined|\[object|: NaN|= NaN/);
      if (format === 'md' && dataset !== 'nested') expect(text).toContain(odd.slice(-3));
      if (format !== 'html') return;
      const data = join(place.workspace, 'data');
      const known = numbersOfSession(join(place.workspace, 'sessions', `${made.session}.jsonl`), data);
      expect(unsourced(numbersOfReport(text), known)).toEqual([]);
    },
    60_000,
  );
});
