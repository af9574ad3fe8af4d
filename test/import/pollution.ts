// Spoils one clean table in a single way at a time, at every place where that can happen, and knows what is right then.

import {seeded} from './dialect-files.ts';

/** What a reader should find: the names (null: none) and the rows, which may lack empty cells at their end. */
export type Polluted = {
  kind: string;
  title: string;
  text: string;
  names: string[] | null;
  rows: string[][];
  /** Other readings of single rows that are as right. */
  also?: {row: number; cells: string[][]};
};

const names = ['DATE', 'TIME', 'Qty', 'PRODUCTID', 'Price', 'Type', 'Description', 'URL', 'Comments'];
const types = ['Cable', 'Charger', 'Display', 'Case', 'Memory card'];
const texts = [
  'USB cable, 2 m, black',
  'Charger 5V; 2A',
  'Case for 7" tablets, leather',
  'Memory card 32 GB',
  'LCD display, 24 inch',
  'Adapter "Duo", white',
];
const comments = ['', '', 'sent back', 'gift, wrapped', 'see order 12', 'paid in cash'];
const pad = (value: number) => value.toString().padStart(2, '0');

/** 83 rows as sales are noted: dates, times, numbers, ids, free text with commas and quotes, addresses, gaps. */
export function cleanTable(seed = 1): {names: string[]; rows: string[][]} {
  const random = seeded(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const rows = Array.from({length: 83}, (_, row) => [
    `${pad(1 + (row % 12))}/${pad(1 + ((row * 7) % 28))}/2016`,
    `${pad(8 + (row % 10))}:${pad((row * 13) % 60)}`,
    String(1 + Math.floor(random() * 9)),
    `${pick(['AX', 'BT', 'CZ'])}-${1000 + Math.floor(random() * 9000)}`,
    (random() * 90 + 1).toFixed(2),
    pick(types),
    pick(texts),
    `http://shop.example.com/p?id=${1000 + row}&v=${row % 3}`,
    pick(comments),
  ]);
  return {names, rows};
}

export type Writing = {delimiter: string; quote: string; escape: string; end: string; all: boolean};

export const plainWriting: Writing = {delimiter: ',', quote: '"', escape: '"', end: '\r\n', all: false};

export function writeCell(cell: string, {delimiter, quote, escape: mark, all}: Writing): string {
  const needs =
    cell.includes(delimiter) || cell.includes(quote) || /[\r\n]/.test(cell) || (delimiter === ' ' && cell === '');
  if (!all && !needs) return cell;
  const body = mark === '\\' ? cell.replace(/\\/g, '\\\\') : cell;
  return quote + body.replaceAll(quote, mark + quote) + quote;
}

const line = (cells: readonly string[], writing: Writing) =>
  cells.map(cell => writeCell(cell, writing)).join(writing.delimiter);

const text = (rows: readonly string[][], writing: Writing) =>
  rows.map(row => line(row, writing) + writing.end).join('');

/** The whole table in another dialect, with something above, below or beside it. */
export function filePollutions(): Polluted[] {
  const clean = cleanTable();
  const all = [clean.names, ...clean.rows];
  const body = text(all, plainWriting);
  const found: Polluted[] = [];
  const add = (kind: string, title: string, content: string, more: Partial<Polluted> = {}) =>
    found.push({kind, title, text: content, names: clean.names, rows: clean.rows, ...more});
  for (const delimiter of [
    ';',
    '\t',
    '|',
    ':',
    ' ',
    ', ',
    '; ',
    '~',
    '^',
    '#',
    '||',
    '::',
    '\u0001',
    '@',
    '!',
    '&',
    '%',
    '$',
    '*',
    '/',
    '=',
    '+',
    '|~|',
    '\u001f',
    '¬',
  ])
    for (const quoting of [false, true])
      add(
        'delimiter',
        `delimiter ${JSON.stringify(delimiter)}${quoting ? ', all quoted' : ''}`,
        text(all, {...plainWriting, delimiter, all: quoting}),
      );
  for (const quote of ["'", '`', '~', '|', '*', '^'])
    for (const allQuoted of [false, true])
      for (const delimiter of [',', ';', '\t'])
        add(
          'quote',
          `quote ${quote} with ${JSON.stringify(delimiter)}${allQuoted ? ', all quoted' : ''}`,
          text(all, {...plainWriting, quote, escape: quote, delimiter, all: allQuoted}),
        );
  for (const delimiter of [',', ';', '\t', ' '])
    for (const allQuoted of [false, true])
      for (const quote of ['"', "'"])
        add(
          'escape',
          `backslash before ${quote} with ${JSON.stringify(delimiter)}${allQuoted ? ', all quoted' : ''}`,
          text(all, {...plainWriting, escape: '\\', quote, delimiter, all: allQuoted}),
        );
  for (const delimiter of [',', ';', '\t'])
    add(
      'escape',
      `quotes in quotes as they are, ${JSON.stringify(delimiter)}`,
      text(all, {...plainWriting, escape: '', delimiter, all: true}),
    );
  const bare = (cells: readonly string[], delimiter: string) =>
    cells.map(cell => cell.replaceAll('\\', '\\\\').replaceAll(delimiter, `\\${delimiter}`)).join(delimiter);
  for (const delimiter of [',', ';', '\t', '|'])
    add(
      'escape',
      `backslash before ${JSON.stringify(delimiter)} without quotes`,
      all.map(row => `${bare(row, delimiter)}\n`).join(''),
    );
  for (const end of ['\n', '\r', '\r\n', '\n\r', '\r\r\n', '\r\n\r\n', '\n\n', '\u001e', '\u2028', '\u0085'])
    add('record end', JSON.stringify(end), text(all, {...plainWriting, end}));
  add('end', 'no final newline', body.slice(0, -2));
  add('end', 'two final newlines', `${body}\r\n`);
  add('end', 'five final newlines', `${body}\r\n\r\n\r\n\r\n`);
  add('end', 'Ctrl-Z at the end', `${body}\u001a`);
  add('end', 'NULs at the end', `${body}\0\0\0`);
  add('header', 'none', text(clean.rows, plainWriting), {names: null});
  add('header', 'only', text([clean.names], plainWriting), {rows: []});
  add('header', 'one row', text(all.slice(0, 2), plainWriting), {rows: clean.rows.slice(0, 1)});
  add('header', 'two rows', text(all.slice(0, 3), plainWriting), {rows: clean.rows.slice(0, 2)});
  const groups = ['WHEN', '', 'WHAT', '', '', '', '', '', 'NOTES'];
  const joined = [
    'WHEN DATE',
    'WHEN TIME',
    'WHAT Qty',
    'WHAT PRODUCTID',
    'WHAT Price',
    'WHAT Type',
    'WHAT Description',
    'WHAT URL',
    'NOTES Comments',
  ];
  add('header', 'groups above the names', text([groups, ...all], plainWriting), {names: joined});
  const units = ['m/d/y', 'hh:mm', 'pieces', 'code', 'USD', 'class', 'text', 'link', 'text'];
  add('header', 'units below the names', text([clean.names, units, ...clean.rows], plainWriting), {
    names: clean.names.map((name, at) => `${name} ${units[at]}`),
  });
  add(
    'header',
    'units in parentheses',
    text([clean.names, units.map(unit => `(${unit})`), ...clean.rows], plainWriting),
    {names: clean.names.map((name, at) => `${name} (${units[at]})`)},
  );
  add(
    'header',
    'quoted alone',
    `${line(clean.names, {...plainWriting, all: true})}\r\n${text(clean.rows, plainWriting)}`,
  );
  add('header', 'said twice', text([clean.names, ...all], plainWriting));
  add(
    'header',
    'equal names',
    text([clean.names.map((name, at) => (at % 2 ? 'x' : name)), ...clean.rows], plainWriting),
    {names: clean.names.map((name, at) => (at % 2 ? 'x' : name))},
  );
  add('header', 'one name missing', text([clean.names.with(3, ''), ...clean.rows], plainWriting), {
    names: clean.names.with(3, ''),
  });
  for (const above of [
    ['Sales report'],
    ['Sales report', ''],
    ['Sales report', 'made on 1 May 2016, by hand', ''],
    ['# made by a program', '# version 3, of 2016'],
    ['Sales report,,,,,,,,', ',,,,,,,,'],
    ['', '', ''],
    ['Shop: 12', 'Town: Utrecht, NL', 'From: 2016', ''],
    ['sep=,'],
    Array.from({length: 12}, (_, at) => `note ${at}: this table, as it is; holds what was sold`),
  ])
    add('preamble', JSON.stringify(above).slice(0, 60), above.map(each => `${each}\r\n`).join('') + body);
  for (const below of [
    ['', 'Source: shop'],
    ['Source: shop, 2016'],
    ['', '', 'made by hand, in May', 'all rights reserved'],
    ['# end'],
    ['Source: shop,,,,,,,,'],
    [',,,,,,,,', 'Source: shop,,,,,,,,'],
    ['83 rows'],
  ])
    add('footer', JSON.stringify(below).slice(0, 60), body + below.map(each => `${each}\r\n`).join(''));
  add('tables', 'a narrower one below', `${body}\r\nkey,value\r\na,1\r\nb,2\r\n`);
  add(
    'tables',
    'a wider one below',
    `${body}\r\n${Array.from({length: 12}, (_, at) => `k${at}`).join()}\r\n${'1,2,3,4,5,6,7,8,9,10,11,12\r\n'.repeat(3)}`,
  );
  add('tables', 'the same again below', `${body}\r\n${body}`, {rows: [...clean.rows, ...clean.rows]});
  add(
    'blanks',
    'around every cell',
    all
      .map(row => `${row.map(cell => (/[",]/.test(cell) ? writeCell(cell, plainWriting) : ` ${cell} `)).join(',')}\r\n`)
      .join(''),
  );
  add('blanks', 'empty lines between all rows', all.map(row => `${line(row, plainWriting)}\r\n\r\n`).join(''));
  add(
    'blanks',
    'rows of delimiters between',
    all.map((row, at) => `${line(row, plainWriting)}\r\n${at % 9 === 4 ? ',,,,,,,,\r\n' : ''}`).join(''),
    {rows: clean.rows.flatMap((row, at) => (at % 9 === 3 ? [row, []] : [row]))},
  );
  add('columns', 'a delimiter at the end of each row', all.map(row => `${line(row, plainWriting)},\r\n`).join(''));
  add(
    'columns',
    'a delimiter at the end of each row but the header',
    `${line(clean.names, plainWriting)}\r\n${clean.rows.map(row => `${line(row, plainWriting)},\r\n`).join('')}`,
  );
  add(
    'columns',
    'rows numbered without a name',
    `${line(clean.names, plainWriting)}\r\n${clean.rows.map((row, at) => `${at + 1},${line(row, plainWriting)}\r\n`).join('')}`,
    {names: ['', ...clean.names], rows: clean.rows.map((row, at) => [String(at + 1), ...row])},
  );
  add(
    'columns',
    'one',
    text(
      all.map(row => [row[6] ?? '']),
      plainWriting,
    ),
    {names: ['Description'], rows: clean.rows.map(row => [row[6] ?? ''])},
  );
  add('columns', 'one, of text without quotes', all.map(row => `${row[6]?.replaceAll('"', '')}\n`).join(''), {
    names: ['Description'],
    rows: clean.rows.map(row => [row[6]?.replaceAll('"', '') ?? '']),
  });
  add(
    'columns',
    'two',
    text(
      all.map(row => row.slice(2, 4)),
      plainWriting,
    ),
    {names: names.slice(2, 4), rows: clean.rows.map(row => row.slice(2, 4))},
  );
  add(
    'values',
    'decimal comma',
    text([names, ...clean.rows.map(row => row.with(4, row[4]?.replace('.', ',') ?? ''))], {
      ...plainWriting,
      delimiter: ';',
    }),
    {rows: clean.rows.map(row => row.with(4, row[4]?.replace('.', ',') ?? ''))},
  );
  add(
    'values',
    'decimal comma, quoted',
    text([names, ...clean.rows.map(row => row.with(4, row[4]?.replace('.', ',') ?? ''))], plainWriting),
    {rows: clean.rows.map(row => row.with(4, row[4]?.replace('.', ',') ?? ''))},
  );
  add(
    'values',
    'thousands',
    text([names, ...clean.rows.map(row => row.with(4, `1,${row[4]?.padStart(6, '0')}`))], plainWriting),
    {rows: clean.rows.map(row => row.with(4, `1,${row[4]?.padStart(6, '0')}`))},
  );
  add(
    'quotes',
    'whole lines quoted',
    all.map(row => `"${line(row, plainWriting).replaceAll('"', '""')}"\r\n`).join(''),
  );
  add(
    'lines',
    'line breaks in cells',
    text([names, ...clean.rows.map((row, at) => row.with(8, at % 5 ? '' : 'first\nsecond, line'))], plainWriting),
    {rows: clean.rows.map((row, at) => row.with(8, at % 5 ? '' : 'first\nsecond, line'))},
  );
  return found;
}

/** One row of the table spoilt at one place: 83 rows and the header × 9 cells × the kinds. */
export function cellPollutions(every = 1): Polluted[] {
  const clean = cleanTable();
  const all = [clean.names, ...clean.rows];
  const written = all.map(row => row.map(cell => writeCell(cell, plainWriting)));
  const found: Polluted[] = [];
  let count = 0;
  const add = (kind: string, row: number, column: number, fields: string[] | string, right: string[][]) => {
    if (count++ % every !== 0) return;
    const lines = written.map((cells, at) =>
      at === row ? (typeof fields === 'string' ? fields : fields.join(',')) : cells.join(','),
    );
    const [first = [], ...others] = right;
    const rows = row === 0 ? clean.rows : clean.rows.with(row - 1, first);
    found.push({
      kind,
      title: `${kind} in row ${row}, column ${column}`,
      text: `${lines.join('\r\n')}\r\n`,
      names: row === 0 ? first : clean.names,
      rows,
      ...(row === 0 ? {} : {also: {row: row - 1, cells: others}}),
    });
  };
  for (const [row, cells] of written.entries())
    for (const column of cells.keys()) {
      const values = all[row] ?? [];
      const value = values[column] ?? '';
      const field = cells[column] ?? '';
      const isQuoted = field.startsWith('"');
      const put = (other: string) => cells.with(column, other);
      if (column < 8) {
        const next = cells[column + 1] ?? '';
        add('missing delimiter', row, column, cells.toSpliced(column, 2, field + next), [
          values.toSpliced(column, 2, value + (values[column + 1] ?? '')),
          values.toSpliced(column, 2, field + next),
          values.toSpliced(column, 2, value + next),
        ]);
      }
      // An empty cell too many is taken out again, or stays where it is.
      add('extra delimiter', row, column, cells.toSpliced(column, 0, ''), [values, values.toSpliced(column, 0, '')]);
      const inner = isQuoted ? field.slice(1, -1) : field;
      add('quote before', row, column, put(`"${field}`), [
        values.with(column, `"${value}`),
        values,
        values.with(column, `"${field}`),
      ]);
      if (value !== '')
        add('quote after', row, column, put(`${field}"`), [
          values.with(column, `${value}"`),
          values,
          values.with(column, `${field}"`),
        ]);
      if (value.length > 2) {
        const half = Math.floor(inner.length / 2);
        const torn = `${inner.slice(0, half)}"${inner.slice(half)}`;
        const plain = isQuoted ? torn.replaceAll('""', '"') : torn;
        add('quote inside', row, column, put(isQuoted ? `"${torn}"` : torn), [
          values.with(column, plain),
          values.with(column, torn),
        ]);
      }
      if (!isQuoted && value !== '') add('open and closed', row, column, put(`"${field}"`), [values]);
      add('quotes around quotes', row, column, put(`"${isQuoted ? field : `"${field}"`}"`), [
        values,
        values.with(column, `"${value}"`),
        values.with(column, isQuoted ? field : `"${value}"`),
      ]);
    }
  const otherMarks = [';', '\t', '|', ' ', ', '];
  for (const [row, cells] of written.entries()) {
    const values = all[row] ?? [];
    for (const mark of otherMarks)
      if (row > 0)
        add(
          `row with ${JSON.stringify(mark)}`,
          row,
          0,
          values.map(value => writeCell(value, {...plainWriting, delimiter: mark})).join(mark),
          [values],
        );
    if (row > 0)
      add('row all quoted', row, 0, values.map(value => writeCell(value, {...plainWriting, all: true})).join(','), [
        values,
      ]);
    if (row > 0)
      add(
        'row with single quotes',
        row,
        0,
        values.map(value => writeCell(value, {...plainWriting, quote: "'", escape: "'", all: true})).join(','),
        [values, values.map(value => `'${value}'`)],
      );
    if (row > 0)
      add(
        'row with a backslash before quotes',
        row,
        0,
        values.map(value => writeCell(value, {...plainWriting, escape: '\\', all: true})).join(','),
        [values],
      );
    if (row > 0) add('row without the last cell', row, 8, cells.slice(0, 8), [values.with(8, '')]);
    if (row > 0) add('row in one quote', row, 0, `"${cells.join(',').replaceAll('"', '""')}"`, [values]);
    if (row > 0) add('row of one cell', row, 0, 'stop', [['stop']]);
  }
  return found;
}
