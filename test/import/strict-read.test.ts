import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {detectDialect} from '../../src/import/dialect/detect.ts';
import {writeAtOnce} from '../../src/import/formats/strict-read.ts';
import {Scratch} from '../../src/import/scratch.ts';
import {readBlocks, storeUpload} from '../../src/import/store.ts';
import {Importing, limitBytes} from './importing.ts';

let importing: Importing;

beforeEach(async () => {
  importing = await Importing.start();
});

afterEach(() => importing.stop());

const rows = 130_000;
const header = 'id,day,price,done,name\n';
const line = (at: number) =>
  `${at},2024-0${1 + (at % 9)}-1${at % 10},${(at % 977) / 4},${at % 3 === 0},"name, ${at % 13}"`;

/** Over 4 MB, with one line changed between the places that are looked at beforehand. */
function large(changed: string | null, at = 70_003, lineOf: (at: number) => string = line): string {
  const lines = Array.from({length: rows}, (_, index) => lineOf(index));
  if (changed !== null) lines[at] = changed;
  return `${header}${lines.join('\n')}\n`;
}

/** What the one pass says to a file, without the ways that follow. */
async function attempt(text: string): Promise<string> {
  const deps = {...importing.deps(), limitBytes, shown: 'data.csv', onProgress: () => {}};
  const bytes = Buffer.from(text);
  const read = async (buffer: Buffer, offset: number, length: number, position: number) => ({
    bytesRead: bytes.copy(buffer, offset, position, position + length),
  });
  const stored = await storeUpload(readBlocks({read}, bytes.length), deps);
  const origin = {name: 'data.csv', path: '/data.csv', shown: 'data.csv'};
  const scratch = new Scratch(stored, origin, {limitBytes}, deps);
  try {
    const dialect = detectDialect(stored.head.toString(), false);
    return (await writeAtOnce(scratch.job, dialect, dialect.names ?? [])).kind;
  } finally {
    await scratch.clear();
  }
}

describe('a large clean file', () => {
  it('is typed and written in one pass, with the same report as by counting', async () => {
    const text = large('70003,,NA,NULL,n/a');
    expect(await attempt(text)).toBe('written');
    const quick = await importing.text(text);
    // Its own missing words make it count.
    const counted = await importing.text(text, {na: ['NA', 'NULL', 'n/a']});
    expect(quick.report.types.map(({type}) => type)).toEqual(['BIGINT', 'DATE', 'DOUBLE', 'BOOLEAN', 'VARCHAR']);
    expect(quick.report.types).toEqual(counted.report.types);
    expect(quick.report.types[2]?.evidence).toMatchObject({filled: rows - 1, missing: 1, placeholders: 0});
    expect(await importing.rows(quick, 'SELECT * FROM t WHERE id >= 70002 AND id <= 70003')).toEqual([
      [70002, expect.anything(), (70002 % 977) / 4, true, `name, ${70002 % 13}`],
      [70003, null, null, null, null],
    ]);
  }, 30_000);

  it.each([
    ['a broken number among whole ones', '70003.5,2024-01-10,1,true,n', 0, 'DOUBLE', null],
    [
      'a leading zero',
      '0070003,2024-01-10,1,true,n',
      0,
      'VARCHAR',
      /1 of 130,000 values are no BIGINT, such as "0070003"/,
    ],
    ['a day that does not exist', '70003,2024-02-31,1,true,n', 1, 'VARCHAR', /1 of 130,000 values are no/],
    ['a word in a column of numbers', '70003,2024-01-10,many,true,n', 2, 'VARCHAR', /no DOUBLE, such as "many"/],
    ['a dash for a missing number', '70003,2024-01-10,-,true,n', 2, 'DOUBLE', /1 placeholders/],
    ['a number in a column of true and false', '70003,2024-01-10,1,1,n', 3, 'VARCHAR', null],
  ])(
    'with %s in line 70,005 is counted instead',
    async (_, changed, column, type, note) => {
      const text = large(changed);
      expect(await attempt(text)).toBe('misfit');
      const {report} = await importing.text(text);
      expect(report.types[column]?.type).toBe(type);
      if (note) expect(report.types[column]?.notes.join()).toMatch(note);
      expect(report.rowsOut).toBe(rows);
    },
    30_000,
  );

  it('with a line of another width is read by our own parser', async () => {
    const text = large('70003,2024-01-10');
    expect(await attempt(text)).toBe('oddLines');
    const {report} = await importing.text(text);
    expect(report.lines).toEqual([{line: 70_005, kind: 'padded', text: '70003,2024-01-10'}]);
  }, 30_000);

  it('that ends with a row of totals loses it', async () => {
    const sum = Array.from({length: rows - 1}, (_, at) => (at % 977) / 4).reduce((a, b) => a + b);
    const text = large(`Total,,${sum},,`, rows - 1);
    expect(await attempt(text)).toBe('misfit');
    const {report} = await importing.text(text);
    expect(report.counts).toEqual({total_row: 1});
    expect(report.types[0]?.type).toBe('BIGINT');
  }, 30_000);

  it('with days that may be months is counted, and says how it was read', async () => {
    const text = large(
      null,
      0,
      at => `${at},0${1 + (at % 9)}/0${1 + (at % 8)}/2024,${(at % 977) / 4},true,"name, ${at % 13}"`,
    );
    expect(await attempt(text)).toBe('misfit');
    const {report} = await importing.text(text);
    expect(report.types[1]).toMatchObject({type: 'DATE', notes: [expect.stringMatching(/^ambiguous dates/)]});
  }, 30_000);

  it('leaves no half-made file after a value that did not fit', async () => {
    await importing.text(large('x,2024-01-10,1,true,n'));
    expect(importing.left().filter(name => name.includes('.tmp-'))).toEqual([]);
  }, 30_000);
});
