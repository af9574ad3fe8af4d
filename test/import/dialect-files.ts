// Makes small delimited files of known dialect, the same ones on every run.

export type Truth = {
  delimiter: string;
  quote: '"' | "'" | null;
  headerRows: number;
  preamble: number;
  width: number;
};

export type DialectFile = {title: string; text: string; truth: Truth};

/** A small generator with a fixed seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

type Locale = {name: string; number(value: number): string; date(day: number): string};

const pad = (value: number) => value.toString().padStart(2, '0');

const locales: Locale[] = [
  {name: 'plain', number: v => v.toFixed(2), date: d => `2024-03-${pad(d)}`},
  {name: 'decimal comma', number: v => v.toFixed(2).replace('.', ','), date: d => `${pad(d)}.03.2024`},
  {
    name: 'point thousands',
    number: v =>
      `${1 + Math.floor(v / 10)}.${Math.floor(v * 100 + 100)
        .toString()
        .padStart(3, '0')
        .slice(-3)},50`,
    date: d => `${pad(d)}/03/2024`,
  },
  {name: 'currency', number: v => `$${v.toFixed(2)}`, date: d => `03/${pad(d)}/2024`},
  {
    name: 'blank thousands',
    number: v => `${1 + Math.floor(v / 10)} ${100 + Math.floor(v * 9)}`,
    date: d => `2024-03-${pad(d)} 10:${pad(d)}`,
  },
];

const words = ['North', 'South', 'East Side', 'West', 'Old Town', 'Harbour', 'Mill', 'St. Mary', "O'Hara", 'Zoë'];
const names = ['id', 'region', 'price', 'day', 'note', 'code', 'total amount', 'Länge'];

type Column = (row: number, random: () => number, locale: Locale) => string;

const columns: Column[] = [
  row => String(row + 1),
  (_, random) => words[Math.floor(random() * words.length)] ?? '',
  (_, random, locale) => locale.number(random() * 90 + 1),
  (row, _, locale) => locale.date((row % 27) + 1),
  (_, random) => `${words[Math.floor(random() * words.length)]} ${words[Math.floor(random() * words.length)]}`,
  (_, random) => `A-${Math.floor(random() * 900 + 100)}`,
  (_, random, locale) => (random() < 0.2 ? '' : locale.number(random() * 50)),
  (_, random) => String(Math.floor(random() * 1000)),
];

const preambles: [name: string, lines: string[]][] = [
  ['no preamble', []],
  ['a title', ['Sales report']],
  ['a title and a blank line', ['Sales report of the year', '']],
  ['comments', ['# made by a program', '# version 3']],
];

/** 5 delimiters × 3 quotings × 2 headers × 4 preambles × 5 locales, cut to what can be told apart. */
export function dialectFiles(): DialectFile[] {
  const files: DialectFile[] = [];
  let seed = 1;
  for (const delimiter of [',', ';', '\t', '|', '||'])
    for (const quoting of ['none', 'where needed', 'all'] as const)
      for (const headerRows of [1, 0])
        for (const [preambleName, lines] of preambles)
          for (const locale of locales) {
            seed++;
            // Without a header a preamble of words can't be told from one; with unquoted commas nothing can.
            if (headerRows === 0 && lines.length > 0) continue;
            const random = seeded(seed);
            const width = 3 + Math.floor(random() * 6);
            const rows = 4 + Math.floor(random() * 25);
            const cells = (row: number) => columns.slice(0, width).map(column => column(row, random, locale));
            const quoted = (cell: string) => {
              const needs =
                cell.includes(delimiter) || (quoting === 'where needed' && /\s/.test(cell) && random() < 0.5);
              return quoting === 'all' || needs ? `"${cell.replaceAll('"', '""')}"` : cell;
            };
            const table = Array.from({length: rows}, (_, row) => cells(row));
            if (headerRows > 0) table.unshift(names.slice(0, width));
            const isQuoted = quoting === 'all' || table.flat().some(cell => cell.includes(delimiter));
            const ending = seed % 3 === 0 ? '\r\n' : '\n';
            const body = table.map(row => row.map(quoted).join(delimiter));
            files.push({
              title: `${JSON.stringify(delimiter)}, quotes ${quoting}, ${headerRows} header rows, ${preambleName}, ${locale.name}`,
              text: [...lines, ...body].join(ending) + (seed % 2 === 0 ? ending : ''),
              truth: {delimiter, quote: isQuoted ? '"' : null, headerRows, preamble: lines.length, width},
            });
          }
  return files;
}
