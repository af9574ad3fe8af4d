// Tables as people publish them, written in dialects as they are met in the wild: portals, logs, dumps, exports.

import {seeded} from './dialect-files.ts';

/** `delimiter` null: one column. `quote` null: none is used. */
export type OddFile = {
  title: string;
  text: string;
  delimiter: string | null;
  quote: string | null;
  escape: '\\' | null;
};

type Random = () => number;
type Column = (row: number, random: Random) => string;
type Topic = {name: string; header: string[]; columns: Column[]};

const pad = (value: number) => value.toString().padStart(2, '0');
const pick = <T>(list: readonly T[], random: Random): T => list[Math.floor(random() * list.length)] as T;
const int = (low: number, high: number, random: Random) => low + Math.floor(random() * (high - low));

const names = [
  'Smith, John',
  'O’Neill',
  "D'Arcy, Ann",
  'Müller',
  'van der Berg',
  'Li Wei',
  'García López',
  'Brown & Sons Ltd.',
];
const cities = ['Leeds', 'Stoke-on-Trent', 'Kingston upon Hull', 'Bath', 'York', 'St. Ives', 'Newcastle', 'Ely'];
const sentences = [
  'The bridge is closed; use the ferry, or walk.',
  'No remarks',
  'See https://example.org/a?b=1,2&c=3 for details',
  'He said "never again" and left',
  'Ratio 3:1 (dry), 5:1 (wet)',
  "It's fine | nothing to report",
  'Call 01234 567890 after 5 pm; ask for Ann',
  'Range: 5-10 km, depth < 3 m',
];
const urls = [
  'http://example.com/a/b.html',
  'https://data.gov/x?id=1&y=2',
  'http://t.co/Ab12,Cd',
  'ftp://files.org/~u/x.zip',
];

const topics: Topic[] = [
  {
    name: 'spending',
    header: ['Department', 'Entity', 'Date', 'Expense Type', 'Supplier', 'Transaction No', 'Amount'],
    columns: [
      () => 'Dept. of Health',
      (_, r) => pick(['NHS Trust', 'Agency, Central', 'Board'], r),
      (i, r) => `${pad(1 + (i % 28))}/${pad(int(1, 13, r))}/2012`,
      (_, r) => pick(['Rent, rates', 'IT services', 'Consultancy', 'Travel & subsistence'], r),
      (_, r) => pick(names, r),
      i => String(500_000 + i),
      (_, r) => `${int(1, 90, r)},${pad(int(0, 100, r))}${int(0, 10, r)}.${pad(int(0, 100, r))}`,
    ],
  },
  {
    name: 'measurements',
    header: ['time', 'station', 'temp', 'wind', 'hum'],
    columns: [
      (i, r) => `2015-${pad(1 + (i % 12))}-${pad(1 + (i % 28))} ${pad(int(0, 24, r))}:00:00`,
      (_, r) => `S${int(1, 9, r)}`,
      (_, r) => (r() * 40 - 10).toFixed(1),
      (_, r) => (r() * 20).toFixed(2),
      (_, r) => (r() < 0.2 ? '' : String(int(20, 100, r))),
    ],
  },
  {
    name: 'decimal commas',
    header: ['Station', 'Wert', 'Fehler', 'Datum'],
    columns: [
      (_, r) => pick(['Köln', 'Bonn', 'Aachen-Mitte'], r),
      (_, r) => (r() * 900).toFixed(2).replace('.', ','),
      (_, r) => r().toFixed(3).replace('.', ','),
      i => `${pad(1 + (i % 28))}.05.2014`,
    ],
  },
  {
    name: 'free text',
    header: ['id', 'user', 'comment', 'rating'],
    columns: [
      i => String(i + 1),
      (_, r) => pick(names, r),
      (_, r) => pick(sentences, r),
      (_, r) => String(int(1, 6, r)),
    ],
  },
  {
    name: 'all text',
    header: ['Name', 'Town', 'Kind', 'Open'],
    columns: [
      (_, r) => pick(names, r),
      (_, r) => pick(cities, r),
      (_, r) => pick(['library', 'school', 'town hall', 'museum'], r),
      (_, r) => pick(['yes', 'no', 'weekends only'], r),
    ],
  },
  {
    name: 'links',
    header: ['title', 'url', 'tags', 'views'],
    columns: [
      (_, r) => pick(['Home', 'About us', 'Data / maps', 'FAQ: all'], r),
      (_, r) => pick(urls, r),
      (_, r) => pick(['a,b', 'x;y;z', 'one', 'k=v'], r),
      (_, r) => String(int(0, 9999, r)),
    ],
  },
  {
    name: 'JSON in cells',
    header: ['id', 'payload', 'ok'],
    columns: [
      i => String(i),
      (i, r) => `{"a": ${i}, "b": [${int(0, 9, r)}, ${int(0, 9, r)}], "c": "x; y"}`,
      (_, r) => pick(['true', 'false'], r),
    ],
  },
  {
    name: 'code',
    header: ['line', 'source', 'author'],
    columns: [
      i => String(i + 1),
      (_, r) =>
        pick(
          ['for (i = 0; i < n; i++) {', 'return a[i], b;', 'x = "a, b";', "if (s == 'x') t();", 'print("%d|%d", a, b)'],
          r,
        ),
      (_, r) => pick(['ann', 'bob'], r),
    ],
  },
  {
    name: 'places',
    header: ['code', 'lat', 'lon', 'place'],
    columns: [
      (_, r) => `${pick(['GB', 'DE', 'FR'], r)}-${int(100, 999, r)}`,
      (_, r) => (50 + r() * 5).toFixed(5),
      (_, r) => (r() * 5 - 3).toFixed(6),
      (_, r) => `${pick(cities, r)}, UK`,
    ],
  },
  {
    name: 'sparse',
    header: ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'],
    columns: Array.from(
      {length: 8},
      (_, at): Column =>
        (i, r) =>
          at === 0 ? String(i) : r() < 0.7 ? '' : String(int(0, 99, r)),
    ),
  },
  {
    name: 'hosts',
    header: ['host', 'port', 'mac', 'seen', 'state'],
    columns: [
      (_, r) => `10.0.${int(0, 9, r)}.${int(1, 255, r)}`,
      (_, r) => pick(['80', '443', '8080'], r),
      (_, r) => Array.from({length: 6}, () => pad(int(10, 99, r))).join(':'),
      (i, r) => `${pad(int(0, 24, r))}:${pad(i % 60)}:${pad(int(0, 60, r))}`,
      (_, r) => pick(['up', 'down', 'n/a'], r),
    ],
  },
];

type Style = {
  name: string;
  delimiter: string;
  quote: '"' | "'" | null;
  escape: '"' | '\\';
  when: 'all' | 'text' | 'needed';
};

const styles: Style[] = [
  ...[',', ';', '\t', '|', '~', '^', ', ', '; ', '::', ' '].flatMap((delimiter): Style[] => [
    {name: 'minimal', delimiter, quote: '"', escape: '"', when: 'needed'},
    {name: 'all', delimiter, quote: '"', escape: '"', when: 'all'},
  ]),
  ...[',', ';', '\t'].flatMap((delimiter): Style[] => [
    {name: 'text quoted', delimiter, quote: '"', escape: '"', when: 'text'},
    {name: 'single quotes', delimiter, quote: "'", escape: '\\', when: 'text'},
    {name: 'single quotes, all', delimiter, quote: "'", escape: '\\', when: 'all'},
    {name: 'backslash in quotes', delimiter, quote: '"', escape: '\\', when: 'all'},
    {name: 'backslash where needed', delimiter, quote: '"', escape: '\\', when: 'needed'},
  ]),
  ...['\t', '|', ',', ';', ':', '~'].map(
    (delimiter): Style => ({name: 'no quotes', delimiter, quote: null, escape: '\\', when: 'needed'}),
  ),
];

/** What a style makes of a cell, and which marks it used for that. */
function written(cell: string, style: Style): {text: string; quoted: boolean; escaped: boolean} {
  const {delimiter, quote, when} = style;
  const mark = delimiter.trim() || delimiter;
  if (quote === null) {
    const text = cell.replaceAll(mark, `\\${mark}`);
    return {text, quoted: false, escaped: text !== cell};
  }
  const needs =
    cell.includes(mark) || cell.includes(quote) || (delimiter === ' ' && cell === '') || cell.startsWith('"');
  const isText = !/^[-\d.,:/]*$/.test(cell);
  if (!(when === 'all' || needs || (when === 'text' && isText))) return {text: cell, quoted: false, escaped: false};
  return {
    text: quote + cell.replaceAll(quote, style.escape === '\\' ? `\\${quote}` : quote + quote) + quote,
    quoted: true,
    escaped: style.escape === '\\' && cell.includes(quote),
  };
}

/** Every topic in every style, in several sizes. */
export function oddTables(sizes: readonly number[]): OddFile[] {
  const files: OddFile[] = [];
  let seed = 100;
  for (const topic of topics)
    for (const style of styles)
      for (const size of sizes) {
        const random = seeded(seed++);
        let quoted = false;
        let escaped = false;
        const write = (cells: readonly string[]) =>
          cells
            .map(cell => {
              const done = written(cell, style);
              quoted ||= done.quoted;
              escaped ||= done.escaped;
              return done.text;
            })
            .join(style.delimiter);
        const hasHeader = seed % 5 !== 0;
        const rows = Array.from({length: size}, (_, row) => write(topic.columns.map(column => column(row, random))));
        const lines = hasHeader ? [write(topic.header), ...rows] : rows;
        if (seed % 7 === 0)
          lines.unshift(
            pick(['Report of the agency, 2014', '# exported 2014-05-01; do not edit', 'Title: data'], random),
            '',
          );
        const end = seed % 3 === 0 ? '\r\n' : '\n';
        files.push({
          title: `${topic.name}, ${JSON.stringify(style.delimiter)} ${style.name}, ${size} rows${hasHeader ? '' : ', no header'}${seed % 7 === 0 ? ', preamble' : ''}`,
          text: lines.join(end) + (seed % 2 ? end : ''),
          delimiter: style.delimiter.trim() || style.delimiter,
          quote: quoted ? style.quote : null,
          escape: escaped ? '\\' : null,
        });
      }
  return files;
}

/** Texts of one column and other things that only look like tables, or hardly do. */
export function oddTexts(): OddFile[] {
  const files: OddFile[] = [];
  const random = seeded(5);
  const add = (title: string, lines: readonly string[], delimiter: string | null, quote: string | null = null) =>
    files.push({title, text: `${lines.join('\n')}\n`, delimiter, quote, escape: null});
  const many = (size: number, line: (row: number) => string) => Array.from({length: size}, (_, row) => line(row));
  for (const size of [3, 8, 40]) {
    const sized = (name: string) => `${name}, ${size}`;
    add(
      sized('addresses of pages'),
      many(size, row => `http://example.com/p/${row}?a=${row}&b=c:d`),
      null,
    );
    add(
      sized('sentences'),
      many(size, row => sentences[row % sentences.length] ?? ''),
      null,
    );
    add(
      sized('numbers'),
      many(size, () => String(int(0, 1e6, random))),
      null,
    );
    add(sized('numbers with a name'), ['value', ...many(size, () => (random() * 99).toFixed(3))], null);
    add(sized('decimal commas'), ['Wert', ...many(size, () => (random() * 99).toFixed(2).replace('.', ','))], null);
    add(
      sized('dates'),
      many(size, row => `2020-01-${pad(1 + (row % 28))}`),
      null,
    );
    add(
      sized('moments'),
      many(size, row => `2020-01-${pad(1 + (row % 28))} 10:${pad(row)}:00`),
      null,
    );
    add(
      sized('ids'),
      many(size, row => `AB-${1000 + row}-X`),
      null,
    );
    add(
      sized('names of files'),
      many(size, row => `/var/log/app-${row}.log`),
      null,
    );
    add(
      sized('mail addresses'),
      many(size, row => `user.${row}@example.org`),
      null,
    );
    add(
      sized('names of people'),
      ['name', ...many(size, row => pick(['Ann Lee', 'Bob', 'Cy van Dam', 'Di'], random) + (row % 9 ? '' : ' Jr'))],
      null,
    );
    add(sized('words'), ['word', ...many(size, () => pick(['red', 'green', 'blue'], random))], null);
    add(
      sized('quoted sentences'),
      ['comment', ...many(size, row => `"${(sentences[row % 3] ?? '').replaceAll('"', '""')}"`)],
      null,
      '"',
    );
    add(
      sized('set out with blanks'),
      [
        'id    name     value',
        ...many(
          size,
          row => `${String(row).padEnd(6)}${pick(['ab', 'cde', 'f'], random).padEnd(9)}${(random() * 9).toFixed(2)}`,
        ),
      ],
      ' ',
    );
    add(
      sized('numbers set out to the right'),
      many(size, () =>
        [int(0, 9999, random), int(0, 99, random), int(0, 999, random)]
          .map(value => String(value).padStart(8))
          .join(''),
      ),
      ' ',
    );
    add(
      sized('mixed quotes'),
      ['a,b,c', ...many(size, row => `${row},${row % 2 ? '"x, y"' : "'z'"},"it's"`)],
      ',',
      '"',
    );
    add(sized('inches'), ['size;name;n', ...many(size, row => `${row}";pipe ${row}" long;${row}`)], ';');
    add(
      sized('settings'),
      many(size, row => `key${row}=value ${row}`),
      '=',
    );
    add(
      sized('ratings'),
      many(size, row => `${row}::${row % 7}::${row % 5}::97830${row}`),
      '::',
    );
    add(
      sized('accounts'),
      many(size, row => `user${row}:x:${row}:${row}:User ${row}:/home/u${row}:/bin/sh`),
      ':',
    );
    add(sized('pairs of coordinates'), ['name;at', ...many(size, row => `P${row};52.${row}1, 13.${row}7`)], ';');
    add(sized('prices'), ['item,price', ...many(size, row => `it${row},"€1.${row}34,50"`)], ',', '"');
    add(sized('a column of lists'), ['id\tlist', ...many(size, row => `${row}\t1,2,3${',4'.repeat(row % 3)}`)], '\t');
    add(sized('times'), ['from,to,what', ...many(size, row => `10:${pad(row)},11:${pad(row)},a:b`)], ',');
    add(
      sized('a log'),
      many(size, row => `2020-01-01 10:${pad(row)}:01,${row}23 INFO [main] done: ${row} of 9, ok`),
      ',',
    );
    add(
      sized('unquoted text at the end'),
      ['id,n,text', ...many(size, row => `${row},${row * 3},${row % 4 ? 'fine' : 'so, so; la'}`)],
      ',',
    );
    add(sized('html'), ['id,html', ...many(size, row => `${row},"<a href=""x?y=${row};z"">l, m</a>"`)], ',', '"');
    add(sized('thousands'), ['town\tpeople', ...many(size, row => `T${row}\t1,${int(100, 999, random)},567`)], '\t');
    add(sized('dots for nothing'), ['a b c', ...many(size, row => `${row} . ${row * 2}`)], ' ');
    add(sized('lines in cells'), ['id;text', ...many(size, row => `${row};"one, two\nthree; ${row}"`)], ';', '"');
  }
  return files;
}
