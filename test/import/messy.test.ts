import {readFileSync} from 'node:fs';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import type {Cell} from '../../src/core/dataset.ts';
import type {ImportOptions} from '../../src/import/job.ts';
import {openWorkspace} from '../../src/workspace/workspace.ts';
import {Importing} from './importing.ts';

let importing: Importing;

beforeEach(async () => {
  importing = await Importing.start();
});

afterEach(() => importing.stop());

async function read(content: string | Uint8Array, options: ImportOptions = {}, name = 'data.csv') {
  const result = await importing.text(content, options, name);
  const {report} = result;
  expect(report.rowsIn).toBe(report.rowsOut + report.rowsDropped);
  return {...result, rows: await importing.rows(result), names: result.version.columns.map(column => column.name)};
}

describe('repairs', () => {
  it('an open quote does not swallow the lines after it', async () => {
    const {rows, report} = await read('a,b\n1,"abc\n2,def\n3,"x"\n4,y\n');
    expect(rows).toEqual([
      [1, '"abc'],
      [2, 'def'],
      [3, 'x'],
      [4, 'y'],
    ]);
    expect(report.lines).toEqual([{line: 2, kind: 'open_quote', text: '1,"abc'}]);
  });

  it('short rows are filled up and long ones keep their extra cells, each reported with its line', async () => {
    const {rows, names, report, version} = await read('a,b,c\n1,2,3\n4,5\n6,7,8,9,10\n10,11,12\n');
    expect(names).toEqual(['a', 'b', 'c', 'extra_cells']);
    expect(rows).toEqual([
      [1, 2, 3, null],
      [4, 5, null, null],
      [6, 7, 8, '9,10'],
      [10, 11, 12, null],
    ]);
    expect(report.lines.map(({line, kind}) => [line, kind])).toEqual([
      [3, 'padded'],
      [4, 'extra_cells'],
    ]);
    expect(version.warnings).toHaveLength(2);
  });

  it('every repaired line is in the rejects file, also beyond those the report holds', async () => {
    const lines = Array.from({length: 3_000}, (_, i) => (i % 2 ? `${i},x` : `${i},x,y`));
    const result = await importing.text(`a,b,c\n${lines.join('\n')}\n9,x,y\n`);
    expect(result.report.counts).toEqual({padded: 1_500});
    expect(result.report.lines).toHaveLength(1_000);
    const {rejectsFile} = result.report;
    expect(rejectsFile).toMatch(/^data\/data\/v1-[0-9a-f]{8}-rejects\.jsonl$/);
    expect(result.version.rejects).toBe(rejectsFile);
    const written = readFileSync(importing.workspace.path(rejectsFile ?? ''), 'utf8')
      .trimEnd()
      .split('\n');
    expect(written).toHaveLength(1_500);
    expect(JSON.parse(written.at(-1) ?? '')).toEqual({line: 3_001, kind: 'padded', text: '2999,x'});
    expect(importing.left().filter(name => name.includes('.tmp-'))).toEqual([]);
    await openWorkspace(importing.workspace.root);
    expect(importing.left()).toContain(rejectsFile);
  });

  it('a file without repairs has no rejects file', async () => {
    const result = await importing.text('a,b\n1,2\n');
    expect(result.report.rejectsFile).toBeUndefined();
    expect(importing.left()).toHaveLength(3);
  });

  it('a stray quote stays in its cell', async () => {
    const {rows, report} = await read('a,b\n1,"say "hi" now"\n2,"ok"\n3,5" pipe\n');
    expect(rows.map(row => row[1])).toEqual(['say "hi" now', 'ok', '5" pipe']);
    expect(report.counts).toEqual({stray_quote: 1});
  });

  it('strict refuses what would need repair', async () => {
    await expect(importing.text('a,b\n1,2\n3\n', {strict: true})).rejects.toMatchObject({code: 'import.needs_repair'});
    expect(importing.left()).toEqual([]);
    expect((await importing.text('a,b\n1,2\n3,4\n', {strict: true})).version.rows).toBe(2);
  });

  it('a preamble, a footer, repeated headers and a second table are left out and reported', async () => {
    const text = 'Report 2024\n\nid,name,v\n1,a,2\n2,b,3\nid,name,v\n3,c,4\n\nkey,value\nx,1\ny,2\n';
    const {rows, report} = await read(text);
    expect(rows).toEqual([
      [1, 'a', 2],
      [2, 'b', 3],
      [3, 'c', 4],
    ]);
    expect(report.dialect?.preambleRows).toBe(2);
    expect(report.counts).toEqual({repeated_header: 1, second_table: 3});
    const footer = await read('id,name,v\n1,a,2\n2,b,3\n\nSource: us, and them\n', {}, 'footer.csv');
    expect(footer.rows).toHaveLength(2);
    expect(footer.report.counts).toEqual({footer: 1});
  });

  it('a last row that adds up the others is left out; one with the label over other numbers is kept', async () => {
    const rows = 'region,n,price\nN,1,2.50\nS,2,3.25\nE,3,4.00\n';
    const total = await read(`${rows}Total,6,9.75\n`);
    expect(total.rows).toHaveLength(3);
    expect(total.report.counts).toEqual({total_row: 1});
    expect(total.report.lines[0]).toMatchObject({line: 5, text: 'Total | 6 | 9.75'});
    expect((await read(`${rows}Total,100,900\n`, {}, 'kept.csv')).rows).toHaveLength(4);
    expect((await read(`${rows}W,6,9.75\n`, {}, 'equal.csv')).rows).toHaveLength(4);
  });

  it('a last row with only the label of a total is left out, unless such rows are part of the data', async () => {
    const days = 'day,region,n\n2024-01-01,N,1\n2024-01-02,S,2\n';
    const total = await read(`${days}Gesamt,,\n`);
    expect(total.rows).toHaveLength(2);
    expect(total.report.counts).toEqual({total_row: 1});
    expect(total.report.types[0]?.type).toBe('DATE');
    expect((await read('brand,n,m\nShell,1,2\nBP,,\nTotal,,\n', {}, 'brands.csv')).rows).toHaveLength(3);
  });

  it('years under names of groups are a second header row', async () => {
    const {names, rows} = await read(
      'Population,,,,\n,,,,\n,Male,Male,Female,Female\nState,2020,2021,2020,2021\nAlabama,24,25,26,27\nAlaska,3,4,5,6\nOhio,5,6,7,8\n',
    );
    expect(names).toEqual(['State', 'Male 2020', 'Male 2021', 'Female 2020', 'Female 2021']);
    expect(rows).toHaveLength(3);
    const data = await read('State,a,b\nOhio,2020,2021\nIowa,1,2\nUtah,3,4\n', {}, 'data.csv');
    expect(data.rows).toHaveLength(3);
  });

  it('a line of a log is data, never the name of its column', async () => {
    const {rows} = await read(
      '2024-01-01 10:00:00,123 INFO main: started, ok\n2024-01-01 10:00:01,124 ERROR db: failed: x\nValueError: bad\n',
      {},
      'app.log',
    );
    expect(rows).toHaveLength(3);
  });

  it.each([
    ['Markdown', '| a | b |\n|---|:---:|\n| 1 | 2 |\n| 3 | 4 |\n'],
    ['psql', ' a | b \n---+---\n 1 | 2\n 3 | 4\n'],
  ])('a table as %s writes it: the line under the header is no row', async (_, text) => {
    const {rows, names, report} = await read(text, {}, 'table.txt');
    expect(names.slice(-2)).toEqual(['a', 'b']);
    expect(rows.map(row => row.slice(-2))).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(report.counts.rule).toBe(1);
  });

  it.each([
    ['LF', 'a,b\n1,2\n3,4\n'],
    ['CRLF', 'a,b\r\n1,2\r\n3,4\r\n'],
    ['CR', 'a,b\r1,2\r3,4'],
    ['mixed', 'a,b\r\n1,2\n3,4\r'],
    ['blank lines between and at the end', 'a,b\n\n1,2\n\n\n3,4\n\n\n'],
  ])('line ends: %s', async (_, text) => {
    expect((await read(text)).rows).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  it('line breaks and delimiters in quotes belong to the cell', async () => {
    const {rows} = await read('a,b\r\n1,"x\r\ny, ""z"""\r\n2,w\r\n');
    expect(rows).toEqual([
      [1, 'x\r\ny, "z"'],
      [2, 'w'],
    ]);
  });

  it('a header without rows is a dataset of no rows', async () => {
    const {rows, names} = await read('a,b,c\n');
    expect(rows).toEqual([]);
    expect(names).toEqual(['a', 'b', 'c']);
  });
});

describe('column names', () => {
  it('are unique without regard to case, and the originals are kept', async () => {
    const {names, version, report} = await read(
      `__proto__,a,A,,select," sp  ace ",${'x'.repeat(10_000)}\n1,2,3,4,5,6,7\n`,
    );
    expect(names.slice(0, 6)).toEqual(['__proto__', 'a', 'A_2', 'column_4', 'select', 'sp ace']);
    expect(names[6]).toHaveLength(120);
    expect(version.columns[2]?.originalName).toBe('A');
    expect(report.renamed.map(({to}) => to)).toEqual(['A_2', 'column_4', 'sp ace', names[6]]);
  });

  it('rows of several header lines are joined', async () => {
    const {names} = await read(',2023,,2024,\nregion,a,b,a,b\nN,1,2,3,4\nS,2,3,4,5\nW,2,3,4,5\n');
    expect(names).toEqual(['region', '2023 a', '2023 b', '2024 a', '2024 b']);
  });
});

describe('encodings', () => {
  const text = 'name;city\nJosé;Málaga\nFrançois;Orléans\n';
  const wide = Buffer.from(`\ufeff${text}`, 'utf16le');
  it.each([
    ['utf-8', Buffer.from(text)],
    ['utf-8', Buffer.from(`\ufeff${text}`)],
    ['utf-16le', wide],
    ['utf-16be', Buffer.from(wide).swap16()],
    ['utf-16le', Buffer.from(text, 'utf16le')],
    ['windows-1252', Buffer.from(text, 'latin1')],
  ])('%s is found (%#)', async (encoding, bytes) => {
    const {rows, report, names} = await read(bytes);
    expect(report.encoding?.name).toBe(encoding);
    expect(names).toEqual(['name', 'city']);
    expect(rows[0]).toEqual(['José', 'Málaga']);
  });

  it.each([
    ['shift_jis', '96bc914f2c8e73 0a 93638682b382f1 2c938c8b9e0a 82b782b882ab 2c91e58de30a'],
    ['windows-1251', 'c8ecff2cc3eef0eee40ac8e2e0ed2ccceef1eae2e00acce0f0e8ff2ccaeef1f2f0eee0'.replaceAll(' ', '')],
    ['gb18030', 'd0d5c3fb2cb3c7cad00ad5c5c8fd2cb1b1beA90ac0eecbc42cc9cfbaa3b5c40a'],
  ])('%s is found', async (encoding, hex) => {
    const {report} = await read(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
    expect(report.encoding?.name).toBe(encoding);
  });

  it('a few broken bytes in UTF-8 are counted, not taken for another encoding', async () => {
    const bytes = Buffer.concat([Buffer.from('a,b\né,ü\né,ü\né,ü\n'), Buffer.from([0xff]), Buffer.from(',x\n')]);
    const {report, rows} = await read(bytes);
    expect(report.encoding).toMatchObject({name: 'utf-8', badCharacters: 1});
    expect(rows[3]).toEqual(['\ufffd', 'x']);
  });

  it('an encoding given by hand is used; one that does not exist is refused', async () => {
    expect((await read(Buffer.from('a,b\n\xa4,1\n', 'latin1'), {encoding: 'iso-8859-15'})).rows[0]?.[0]).toBe('€');
    await expect(importing.text('a,b\n', {encoding: 'klingon'})).rejects.toMatchObject({code: 'import.bad_encoding'});
  });
});

describe('hostile cells', () => {
  it('escapes, control characters and instructions are kept byte for byte', async () => {
    const cells = ['\u001b]52;c;AAAA\u0007', 'ignore previous instructions', '\u202egnp.exe', '=cmd|x!A1', '\u009b31m'];
    const {rows} = await read(`n,t\n${cells.map((cell, index) => `${index},${cell}`).join('\n')}\n`);
    expect(rows.map(row => row[1])).toEqual(cells);
  });
});

describe('types by counting', () => {
  const column = async (values: string[], options: ImportOptions = {}) => {
    const {version, rows} = await read(
      `k;v\n${values.map((value, index) => `r${index};${value}`).join('\n')}\n`,
      options,
    );
    const {type, notes, nullCount} = version.columns[1] ?? {type: '', notes: [], nullCount: 0};
    return {type, notes: notes.join('; '), nullCount, cells: rows.map(row => row[1] ?? null)};
  };

  it.each<[title: string, values: string[], type: string, cells: Cell[]]>([
    ['whole numbers', ['1', '-2', '30'], 'BIGINT', [1, -2, 30]],
    ['decimals', ['1.5', '2', '.5'], 'DOUBLE', [1.5, 2, 0.5]],
    ['float output', ['1e-05', '2.5', '1.2E3'], 'DOUBLE', [1e-5, 2.5, 1200]],
    ['leading zeros', ['007', '010'], 'VARCHAR', ['007', '010']],
    ['30-digit ids', ['123456789012345678901234567890', '1'], 'VARCHAR', ['123456789012345678901234567890', '1']],
    ['19-digit ids', ['9223372036854775807', '1'], 'BIGINT', [9223372036854775807n, 1]],
    ['20-digit ids', ['9223372036854775808', '1'], 'VARCHAR', ['9223372036854775808', '1']],
    ['1E5 and 0x1F', ['1E5', '0x1F'], 'VARCHAR', ['1E5', '0x1F']],
    ['decimal comma', ['1,5', '2,25', '-3'], 'DOUBLE', [1.5, 2.25, -3]],
    ['point thousands', ['1.234,50', '2,5', '1.000.000,00'], 'DOUBLE', [1234.5, 2.5, 1e6]],
    ['comma thousands', ['1,234', '22,345,678', '5'], 'BIGINT', [1234, 22345678, 5]],
    ['currency', ['$1,234.50', '$99', '($5.00)'], 'DOUBLE', [1234.5, 99, -5]],
    ['euro after', ['5,00 €', '1.234,56 €'], 'DOUBLE', [5, 1234.56]],
    ['percent', ['12.5%', '3%'], 'DOUBLE', [12.5, 3]],
    ['mixed currencies', ['$5', '€6'], 'VARCHAR', ['$5', '€6']],
    ['true and false', ['true', 'False', 'TRUE'], 'BOOLEAN', [true, false, true]],
    ['yes and no stay text', ['yes', 'no'], 'VARCHAR', ['yes', 'no']],
    ['ISO dates', ['2024-01-31', '2023-12-01'], 'DATE', ['2024-01-31', '2023-12-01']],
    ['no 30 February', ['2024-01-31', '2024-02-30'], 'VARCHAR', ['2024-01-31', '2024-02-30']],
    ['points', ['31.12.2023', '1.2.2024'], 'DATE', ['2023-12-31', '2024-02-01']],
    ['day first by one value', ['01/02/2024', '23/04/2024'], 'DATE', ['2024-02-01', '2024-04-23']],
    ['month names', ['5-Jan-2024', '31-Dec-2023'], 'DATE', ['2024-01-05', '2023-12-31']],
    [
      'timestamps',
      ['2024-01-02 03:04', '2024-01-02T03:04:05.5'],
      'TIMESTAMP',
      ['2024-01-02T03:04:00', '2024-01-02T03:04:05.5'],
    ],
    [
      'time zones',
      ['2024-01-02T03:04:05Z', '2024-01-02 03:04:05+02:00'],
      'TIMESTAMP WITH TIME ZONE',
      ['2024-01-02T03:04:05Z', '2024-01-02T01:04:05Z'],
    ],
    [
      'blanks before the day',
      ['Apr 13  2017 12:00:00 AM', 'Apr  3 2017  1:05:00 PM'],
      'TIMESTAMP',
      ['2017-04-13T00:00:00', '2017-04-03T13:05:00'],
    ],
    ['year, month name, day', ['1999-Feb-05', '2001-Dec-31'], 'DATE', ['1999-02-05', '2001-12-31']],
    ['months', ['1996-04', '1996-05', '1997-12'], 'DATE', ['1996-04-01', '1996-05-01', '1997-12-01']],
    ['quarters', ['2005Q1', '2005q4'], 'DATE', ['2005-01-01', '2005-10-01']],
    ['quarters with a mark', ['2005-Q2', '2006-Q3'], 'DATE', ['2005-04-01', '2006-07-01']],
    ['quarters before the year', ['Q1 2005', 'Q4 1999'], 'DATE', ['2005-01-01', '1999-10-01']],
    ['quarters after a blank', ['2005 Q1', '2005 Q2'], 'DATE', ['2005-01-01', '2005-04-01']],
    ['quarters by number', ['1Q2005', '4Q2006'], 'DATE', ['2005-01-01', '2006-10-01']],
    ['ISO weeks', ['2024-W01', '2020-W53', '2021-W01'], 'DATE', ['2024-01-01', '2020-12-28', '2021-01-04']],
    ['ISO weeks without a mark', ['2019W01', '2019w52'], 'DATE', ['2018-12-31', '2019-12-23']],
    ['a week 53 that its year has not', ['2021-W52', '2021-W53'], 'VARCHAR', ['2021-W52', '2021-W53']],
    ['half-years', ['2005H1', '2005h2'], 'DATE', ['2005-01-01', '2005-07-01']],
    ['half-years before the year', ['H2 2005', 'H1-2006'], 'DATE', ['2005-07-01', '2006-01-01']],
    ['half-years by number', ['1H 2005', '2H 2005'], 'DATE', ['2005-01-01', '2005-07-01']],
    ['half-years there are not', ['2005H2', '2005H3'], 'VARCHAR', ['2005H2', '2005H3']],
    ['hours after a day', ['2005 H1', '2005 H12'], 'VARCHAR', ['2005 H1', '2005 H12']],
    ['quarters there are not', ['2005Q4', '2005Q5'], 'VARCHAR', ['2005Q4', '2005Q5']],
    ['quarters without a year', ['Q1', 'Q2'], 'VARCHAR', ['Q1', 'Q2']],
    ['part numbers like quarters', ['9005Q1', '3005Q2'], 'VARCHAR', ['9005Q1', '3005Q2']],
    ['months by name', ['Jan 2024', 'Feb 2024'], 'DATE', ['2024-01-01', '2024-02-01']],
    ['months with short years', ['Apr-96', 'May-12'], 'DATE', ['1996-04-01', '2012-05-01']],
    ['a month or a day', ['Apr-06', 'May-12'], 'VARCHAR', ['Apr-06', 'May-12']],
    ['years and the next one', ['2009-10', '2010-11', '2011-12'], 'VARCHAR', ['2009-10', '2010-11', '2011-12']],
    ['12-hour clock', ['3:05 PM', '12:00 am'], 'TIME', ['15:05:00', '00:00:00']],
    ['12-hour clock without a blank', ['3:05:10PM', '11:59:59am'], 'TIME', ['15:05:10', '11:59:59']],
    [
      'day and 12-hour clock',
      ['1/31/2024 3:05 PM', '2/1/2024 12:00 AM'],
      'TIMESTAMP',
      ['2024-01-31T15:05:00', '2024-02-01T00:00:00'],
    ],
    [
      'fractions of a second',
      ['31/01/2024 10:00:00.5', '01/02/2024 10:00:00.123'],
      'TIMESTAMP',
      ['2024-01-31T10:00:00.5', '2024-02-01T10:00:00.123'],
    ],
    ['mail dates', ['Fri, 05 Jan 2024 10:00:00 +0200'], 'TIMESTAMP WITH TIME ZONE', ['2024-01-05T08:00:00Z']],
    ['log dates', ['10/Oct/2000:13:55:36 -0700'], 'TIMESTAMP WITH TIME ZONE', ['2000-10-10T20:55:36Z']],
    ['ctime', ['Fri Jan  5 10:00:00 2024'], 'TIMESTAMP', ['2024-01-05T10:00:00']],
    ['long dates', ['Friday, January 5, 2024'], 'DATE', ['2024-01-05']],
    ['seconds since 1970', ['1704449045', '1704449046'], 'BIGINT', [1704449045, 1704449046]],
    ['20240131', ['20240131', '20240201'], 'BIGINT', [20240131, 20240201]],
    ['Indian groups', ['12,34,567.50', '1,234.00', '99.00'], 'DOUBLE', [1234567.5, 1234, 99]],
    ['apostrophe thousands', ["1'234.50", "12'345'678.00"], 'DOUBLE', [1234.5, 12345678]],
    ['blank thousands', ['1 234,50', '12\u00a0345\u202f678,00'], 'DOUBLE', [1234.5, 12345678]],
    ['minus behind', ['12.50-', '3.00'], 'DOUBLE', [-12.5, 3]],
    ['rupees', ['Rs. 1,00,000', 'Rs. 500'], 'BIGINT', [100000, 500]],
    ['Swiss francs', ["CHF 1'234.50", 'CHF 9.00'], 'DOUBLE', [1234.5, 9]],
    ['telephone numbers', ['+441234567890', '+4930123456'], 'VARCHAR', ['+441234567890', '+4930123456']],
    ['0 and 1', ['0', '1', '1'], 'BIGINT', [0, 1, 1]],
    ['Y and N stay text', ['Y', 'N'], 'VARCHAR', ['Y', 'N']],
    ['versions', ['1.2.3', '1.10.0'], 'VARCHAR', ['1.2.3', '1.10.0']],
    ['hours over 24', ['25:10', '10:00'], 'VARCHAR', ['25:10', '10:00']],
    ['clock', ['00:00:51', '23:59'], 'TIME', ['00:00:51', '23:59:00']],
    ['durations over a day', ['36:00:00', '10:00:00'], 'VARCHAR', ['36:00:00', '10:00:00']],
    ['NA words', ['1', 'NA', 'NULL', 'nan', '', '2'], 'BIGINT', [1, null, null, null, null, 2]],
    ['NA words in text', ['x', 'N/A', 'None', 'nothing'], 'VARCHAR', ['x', null, null, 'nothing']],
    ['placeholders in numbers', ['1', '-', '?', '2'], 'BIGINT', [1, null, null, 2]],
    ['placeholders in text', ['a', '-', '?', 'b'], 'VARCHAR', ['a', '-', '?', 'b']],
    ['all missing', ['', 'NA'], 'VARCHAR', [null, null]],
  ])('%s', async (_, values, type, cells) => {
    expect(await column(values)).toMatchObject({type, cells});
  });

  it('one wrong value at the end keeps the column text, and the note says which', async () => {
    const values = [...Array.from({length: 5000}, (_, index) => String(index)), 'n/k'];
    const {type, notes} = await column(values);
    expect(type).toBe('VARCHAR');
    expect(notes).toContain('1 of 5,001 values are no BIGINT, such as "n/k"');
  });

  it('dates in several formats are kept as text and flagged', async () => {
    const {type, notes} = await column([...Array(6).fill('2024-01-05'), ...Array(4).fill('05.01.2024')]);
    expect(type).toBe('VARCHAR');
    expect(notes).toBe('kept as text: dates in several formats; the most frequent one fits 6 of 10 values');
  });

  it('one odd date among many is told, with the value', async () => {
    const {type, notes} = await column([...Array(30).fill('2024-01-05'), '2024-02-30']);
    expect(type).toBe('VARCHAR');
    expect(notes).toContain('1 of 31 values are no DATE, such as "2024-02-30"');
  });

  it('--date-order decides ambiguous dates, and months, quarters and half-years say that their day was added', async () => {
    expect((await column(['01/02/2024'], {dateOrder: 'dmy'})).cells).toEqual(['2024-02-01']);
    expect((await column(['01/02/2024'], {dateOrder: 'mdy'})).cells).toEqual(['2024-01-02']);
    expect((await column(['1996-04', '1996-06'])).notes).toContain('first day of the month');
    expect((await column(['1996Q1', '1996Q2'])).notes).toContain('quarters, read as their first day');
    expect((await column(['1996H1', '1996H2'])).notes).toContain('half-years, read as their first day');
  });

  it('units and repairs are noted', async () => {
    expect((await column(['$5.00', '$6.00'])).notes).toContain('unit: $');
    expect((await column(['5%', '6%'])).notes).toContain('percent');
    expect((await column(['1', '-'])).notes).toContain('1 placeholders');
    expect((await column(['01/02/24', '03/04/24'])).notes).toMatch(/ambiguous.*two-digit years/);
  });

  it('--na replaces the words that mean missing', async () => {
    expect((await column(['NA', 'x', 'gone'], {na: ['gone']})).cells).toEqual(['NA', 'x', null]);
  });
});

describe('JSON', () => {
  it.each<[title: string, text: string, rows: Cell[][]]>([
    [
      'a list of records',
      '[{"a":1,"b":"x"},{"a":2}]',
      [
        [1, 'x'],
        [2, null],
      ],
    ],
    ['wrapped', '{"meta":{"n":2},"data":[{"a":1},{"a":2}]}', [[1], [2]]],
    [
      'columns',
      '{"a":[1,2],"b":["x","y"]}',
      [
        [1, 'x'],
        [2, 'y'],
      ],
    ],
    ['rows with a header', '[["a","b"],[1,"x"]]', [[1, 'x']]],
    ['pandas split', '{"columns":["a"],"index":[0],"data":[[5]]}', [[5]]],
    ['one record', '{"a":1,"b":{"c":[1]}}', [[1, '{"c":[1]}']]],
    ['lines', '{"a":1}\n{"a":2}\n', [[1], [2]]],
    ['with a byte order mark', '\ufeff[{"a":1}]', [[1]]],
  ])('%s', async (_, text, rows) => {
    expect((await read(text, {}, 'data.json')).rows).toEqual(rows);
  });

  const huge = '123456789012345678901234567890';
  it.each<[title: string, text: string, type: string, cells: Cell[]]>([
    ['a list', `[{"id":${huge}},{"id":1},{"id":null}]`, 'DECIMAL(38,0)', [huge, 1, null]],
    ['lines', `{"id":${huge}}\n{"id":-5}\n`, 'DECIMAL(38,0)', [huge, -5]],
    ['wrapped', `{"data":[{"id":${huge}},{"id":2}]}`, 'DECIMAL(38,0)', [huge, 2]],
    ['64 bits', '[{"id":9007199254740993},{"id":1}]', 'BIGINT', [9007199254740993n, 1]],
    ['more than 128 bits', `[{"id":${'9'.repeat(45)}},{"id":1}]`, 'VARCHAR', ['9'.repeat(45), '1']],
    ['large floats', '[{"id":1e300},{"id":2}]', 'DOUBLE', [1e300, 2]],
  ])('whole numbers keep their digits: %s', async (_, text, type, cells) => {
    const {rows, version} = await read(text, {}, 'data.json');
    expect(version.columns[0]?.type).toBe(type);
    expect(rows.map(([cell]) => cell)).toEqual(cells);
  });

  it('records with other keys have gaps, nested values stay whole', async () => {
    const {rows, names} = await read('{"a":1,"b":"x"}\n{"a":2,"c":[1,2]}\n{"b":"y","d":{"e":1}}\n', {}, 'data.ndjson');
    expect(names).toEqual(['a', 'b', 'c', 'd']);
    expect(rows).toEqual([
      [1, 'x', null, null],
      [2, null, '[1,2]', null],
      [null, 'y', null, '{"e":1}'],
    ]);
  });

  it('lines that are no JSON are reported and left out', async () => {
    const {rows, report} = await read('{"a":1}\n{"a":2\n{"a":3}\n', {}, 'data.ndjson');
    expect(rows).toEqual([[1], [3]]);
    expect(report).toMatchObject({rowsIn: 3, rowsOut: 2, counts: {bad_record: 1}});
    expect(report.lines[0]).toMatchObject({line: 2, text: '{"a":2'});
  });
});

describe('base64', () => {
  const csv = 'a,b\n1,2\n';
  const encoded = Buffer.from(csv).toString('base64');
  it('is decoded when declared, or as a data URI, and never otherwise', async () => {
    expect((await read(encoded.replace(/(.{5})/g, '$1\n'), {base64: true})).rows).toEqual([[1, 2]]);
    expect((await read(`data:text/csv;base64,${encoded}`, {}, 'uri.txt')).rows).toEqual([[1, 2]]);
    expect((await read('data:text/csv,a,b%0A1,2%0A', {}, 'percent.txt')).rows).toEqual([[1, 2]]);
    expect((await read('name\nabcd\n20240131\n', {}, 'words.csv')).names).toEqual(['name']);
    await expect(importing.text('a,b\n1,2\n', {base64: true})).rejects.toMatchObject({code: 'import.bad_base64'});
  });
});
