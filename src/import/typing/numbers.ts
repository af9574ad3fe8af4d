// Numbers as people write them: with thousands, a decimal comma, a currency, a percent sign or in parentheses.

import {quoteText} from '../../engine/sql-text.ts';

/** One way of writing numbers. `pattern` must match the whole trimmed cell; `sql` makes a number of it, or NULL. */
export type NumberStyle = {
  decimal: '.' | ',';
  thousands: string;
  symbol: string | null;
  percent: boolean;
  parentheses: boolean;
  /** The sign stands behind the digits. */
  minusAfter: boolean;
  /** Groups of two digits before the last three, as in India. */
  byTwo: boolean;
  whole: boolean;
  pattern: RegExp;
  sql(value: string): string;
  notes: string[];
};

const symbols = [
  '$',
  '€',
  '£',
  '¥',
  '₹',
  '₽',
  '₩',
  '₺',
  'USD',
  'EUR',
  'GBP',
  'CHF',
  'JPY',
  'SEK',
  'NOK',
  'DKK',
  'PLN',
  'CAD',
  'AUD',
  'kr',
  'zł',
  'Kč',
  'Ft',
  'Rs.',
  'Rs',
  'INR',
  'CNY',
  'BRL',
  'ZAR',
  'MXN',
  'руб.',
  '₴',
  '₫',
  '฿',
  '₱',
  'C$',
  'A$',
  'HK$',
  'R$',
  'US$',
];

// Grouping characters that look like a blank, or like an apostrophe, are made the same before anything is matched.
const blanks = '[\\x{00A0}\\x{202F}\\x{2009}]';

/** Every style under which all of `values` (trimmed, no missing ones) are numbers, the plainest first. */
export function numberStyles(values: readonly string[]): NumberStyle[] {
  if (values.length === 0 || !values.some(value => /\d/.test(value)) || arePhones(values)) return [];
  const tidy = values.map(value =>
    value
      .replace(/[\u00a0\u202f\u2009]/g, ' ')
      .replaceAll('’', "'")
      .replaceAll('−', '-'),
  );
  const symbol = symbols
    .filter(each => tidy.some(value => value.includes(each)))
    .sort((a, b) => b.length - a.length)[0];
  const percent = tidy.some(value => value.endsWith('%'));
  const parentheses = tidy.some(value => value.startsWith('('));
  const minusAfter = tidy.some(value => value.endsWith('-'));
  const found: NumberStyle[] = [];
  for (const [decimal, thousands] of [
    ['.', ''],
    ['.', ','],
    [',', ''],
    [',', '.'],
    [',', ' '],
    ['.', ' '],
    ['.', "'"],
    [',', "'"],
  ] as const) {
    if (thousands !== '' && !tidy.some(value => value.includes(thousands))) continue;
    const byTwo = thousands === ',' && tidy.some(value => /\d,\d{2},\d{3}(?!\d)/.test(value));
    const shape = {decimal, thousands, symbol: symbol ?? null, percent, parentheses, minusAfter, byTwo};
    const whole = style({...shape, whole: true});
    // Without thousands a decimal comma makes no difference to whole numbers.
    const isNew = decimal === '.' || thousands !== '';
    if (isNew && tidy.every(value => whole.pattern.test(value))) found.push(whole);
    if (!tidy.some(value => value.includes(decimal))) continue;
    const broken = style({...shape, whole: false});
    if (tidy.every(value => broken.pattern.test(value))) found.push(broken);
  }
  return found;
}

/** The plainest numbers with decimals: what a column may hold further down of which a sample shows whole numbers only. */
export function plainDecimals(decimal: '.' | ','): NumberStyle {
  const none = {thousands: '', symbol: null, percent: false, parentheses: false, minusAfter: false, byTwo: false};
  return style({...none, decimal, whole: false});
}

/** All with a plus and many digits: numbers to call. */
function arePhones(values: readonly string[]): boolean {
  return values.every(value => /^\+\d{7,}$/.test(value));
}

type Shape = Omit<NumberStyle, 'pattern' | 'sql' | 'notes'>;

function style(shape: Shape): NumberStyle {
  const mark = shape.symbol ? `(?:${escaped(shape.symbol)} ?)?` : '';
  const after = `${shape.symbol ? `(?: ?${escaped(shape.symbol)})?` : ''}${shape.percent ? '(?: ?%)' : ''}`;
  const mark1000 = escaped(shape.thousands);
  const byTwo = shape.byTwo ? `[1-9]\\d?(?:${mark1000}\\d{2})*${mark1000}\\d{3}|` : '';
  const grouped = shape.thousands ? `${byTwo}[1-9]\\d{0,2}(?:${mark1000}\\d{3})+|` : '';
  // 19 digits may fit into a BIGINT (the cast decides); a DOUBLE holds 17 at most.
  const whole = `(?:${grouped}0|[1-9]\\d{0,${shape.whole ? 18 : 16}})`;
  const dot = escaped(shape.decimal);
  const plain = shape.decimal === '.' && shape.thousands === '' && shape.symbol === null && !shape.percent;
  const exponent = plain ? `(?:[eE][+-]\\d{1,3})?|(?:${whole})?${dot}\\d+[eE]\\d{1,3}|inf|Infinity` : '';
  const digits = shape.whole ? whole : `(?:${whole}(?:${dot}\\d*)?|${dot}\\d+)${exponent}`;
  const core = `[+-]?${mark}[+-]?(?:${digits})${after}`;
  const behind = shape.minusAfter ? `|${mark}(?:${digits})${after} ?-` : '';
  const source = `^(?:${core}${behind}${shape.parentheses ? `|\\(${core}\\)` : ''})$`;
  return {
    ...shape,
    pattern: new RegExp(source),
    sql: value => styleSql(shape, source, value),
    notes: styleNotes(shape),
  };
}

function styleSql(shape: Shape, source: string, value: string): string {
  const simple = !shape.symbol && !shape.percent && !shape.parentheses && !shape.minusAfter;
  const type = shape.whole ? 'BIGINT' : 'DOUBLE';
  if (simple && shape.thousands === '' && shape.whole)
    return `CASE WHEN TRY_CAST(${value} AS BIGINT)::VARCHAR = ${value} THEN TRY_CAST(${value} AS BIGINT) WHEN regexp_full_match(${value}, ${quoteText(source)}) THEN TRY_CAST(${value} AS BIGINT) END`;
  let tidy = value;
  if (!simple || shape.thousands === ' ' || shape.thousands === "'")
    tidy = `replace(replace(regexp_replace(${value}, ${quoteText(blanks)}, ' ', 'g'), '’', ''''), '−', '-')`;
  let plain = tidy;
  if (shape.thousands) plain = `replace(${plain}, ${quoteText(shape.thousands)}, '')`;
  if (shape.symbol) plain = `replace(${plain}, ${quoteText(shape.symbol)}, '')`;
  if (shape.percent) plain = `replace(${plain}, '%', '')`;
  if (shape.parentheses) plain = `replace(replace(${plain}, '(', '-'), ')', '')`;
  if (!simple) plain = `replace(${plain}, ' ', '')`;
  if (shape.minusAfter) plain = `regexp_replace(${plain}, '^(.*)-$', '-\\1')`;
  if (shape.decimal === ',') plain = `replace(${plain}, ',', '.')`;
  return `CASE WHEN regexp_full_match(${tidy}, ${quoteText(source)}) THEN TRY_CAST(${plain} AS ${type}) END`;
}

function styleNotes(shape: Shape): string[] {
  const notes: string[] = [];
  if (shape.symbol) notes.push(`unit: ${shape.symbol}`);
  if (shape.percent) notes.push('unit: percent (12.5 means 12.5 %)');
  if (shape.thousands)
    notes.push(`thousands separator ${shape.thousands === ' ' ? 'blank' : `"${shape.thousands}"`} removed`);
  if (shape.decimal === ',' && !shape.whole) notes.push('decimal comma read as decimal point');
  if (shape.parentheses) notes.push('parentheses read as negative');
  if (shape.minusAfter) notes.push('a minus behind the digits read as negative');
  return notes;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
