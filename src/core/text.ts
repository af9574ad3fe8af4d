// Text for people: made harmless, cut to size, and numbers written the way an analyst reads them.

import type {Cell} from './dataset.ts';

// C0 (but tab and newline), DEL, C1, bidi controls, zero-width marks, line and paragraph separators, lone surrogates.
const hostile =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this looks for
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/**
 * Makes text from outside safe to print: every control, bidi and invisible character is shown as an escape such as
 * `\x1b` or `\u202e`. Tabs and newlines stay unless `oneLine` is set, then they are shown as `\t` and `\n`.
 */
export function printable(text: string, options: {oneLine?: boolean} = {}): string {
  const escaped = text.replace(hostile, character => {
    const code = character.charCodeAt(0);
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
  });
  return options.oneLine ? escaped.replaceAll('\n', '\\n').replaceAll('\t', '\\t') : escaped;
}

/** At most `max` UTF-16 units, ending in `…` when cut; never splits a surrogate pair. */
export function clip(text: string, max: number): string {
  if (text.length <= max) return text;
  const end = /[\ud800-\udbff]/.test(text[max - 2] ?? '') ? max - 2 : max - 1;
  return `${text.slice(0, Math.max(0, end))}…`;
}

/** 1536 → "1.5 KB"; powers of 1024, as file managers show. */
export function formatBytes(sizeBytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB', 'PB'];
  let value = sizeBytes;
  let unit = 0;
  while (Math.abs(value) >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${unit === 0 ? value : Number(value.toFixed(value < 10 ? 1 : 0))} ${units[unit]}`;
}

/** 1234567 → "1,234,567". For counts; the value must be an integer. */
export function formatCount(count: number | bigint): string {
  return count.toString().replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}

/** "1 row", "4,000 rows". */
export function counted(count: number | bigint, noun: string): string {
  return `${formatCount(count)} ${noun}${count.toString() === '1' ? '' : 's'}`;
}

/** "1 row × 3 columns". */
export function sizeWords(rows: number | bigint, columns: number): string {
  return `${counted(rows, 'row')} × ${counted(columns, 'column')}`;
}

/**
 * A number for a table cell: integers whole with thousands separators, others with six significant digits and no
 * trailing zeros, very large or small ones in exponent form. NaN and the infinities are named.
 */
export function formatNumber(value: number | bigint): string {
  if (typeof value === 'bigint') return formatCount(value);
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  if (Object.is(value, -0)) return '0';
  if (Number.isSafeInteger(value)) return formatCount(value);
  const magnitude = Math.abs(value);
  if (magnitude >= 1e15 || magnitude < 1e-4) return Number(value.toPrecision(6)).toExponential();
  return formatDecimals(value, decimalsOf(magnitude));
}

function formatDecimals(value: number, decimals: number): string {
  const [whole = '0', fraction = ''] = value.toFixed(decimals).split('.');
  const trimmed = fraction.replace(/0+$/, '');
  return trimmed ? `${groupDigits(whole)}.${trimmed}` : groupDigits(whole);
}

const groupDigits = (whole: string) => whole.replace(/\B(?=(\d{3})+(?!\d))/g, ',');

/** A cell for people, one line, safe to print; null is `∅`. */
export function formatCell(cell: Cell): string {
  if (cell === null) return '∅';
  if (typeof cell === 'number' || typeof cell === 'bigint') return formatNumber(cell);
  if (typeof cell === 'boolean') return cell ? 'true' : 'false';
  return printable(cell, {oneLine: true});
}

/**
 * The cells of one column, in order, with equally many decimals: "9,470.00" above "2,481.36". They are those of the
 * largest number at six significant digits (two at least), more where a smaller one would have less than three digits
 * left, and none that no cell needs. A column of whole numbers, or of very different sizes, is written cell by cell.
 */
export function formatColumn(cells: readonly Cell[]): string[] {
  const texts = cells.map(formatCell);
  const decimals = sharedDecimals(cells);
  if (decimals === 0) return texts;
  return cells.map((cell, index) => {
    if (typeof cell !== 'number' || !Number.isFinite(cell)) return texts[index] ?? '';
    const [whole = '0', fraction = ''] = (cell === 0 ? 0 : cell).toFixed(decimals).split('.');
    return `${groupDigits(whole)}.${fraction}`;
  });
}

function sharedDecimals(cells: readonly Cell[]): number {
  const numbers = cells
    .filter(cell => typeof cell === 'number')
    .filter(number => Number.isFinite(number) && number !== 0);
  if (cells.some(cell => typeof cell === 'bigint') || numbers.some(number => formatNumber(number).includes('e')))
    return 0;
  const most = Math.max(2, decimalsOf(numbers.reduce((largest, number) => Math.max(largest, Math.abs(number)), 1e-4)));
  let decimals = 0;
  for (const number of numbers) {
    const fewest = Math.min(fractionLength(formatNumber(number)), 2 - Math.floor(Math.log10(Math.abs(number))));
    decimals = Math.max(decimals, fewest, fractionLength(formatDecimals(number, most)));
  }
  return decimals - most > 2 ? 0 : decimals;
}

const fractionLength = (text: string) => (text.includes('.') ? text.length - text.indexOf('.') - 1 : 0);

/** The decimals of a number of this size at six significant digits; from a million on always two. */
function decimalsOf(magnitude: number): number {
  if (magnitude >= 1e6) return 2;
  return Math.min(8, Math.max(0, 6 - Math.ceil(Math.log10(magnitude) + 1e-12)));
}

/** Milliseconds as "0.5s", "12s" or "4:32". */
export function formatDuration(durationMs: number): string {
  if (durationMs < 10_000) return `${Number((durationMs / 1000).toFixed(1))}s`;
  const seconds = Math.ceil(durationMs / 1000);
  if (seconds < 60) return `${seconds}s`;
  const pad = (value: number) => value.toString().padStart(2, '0');
  if (seconds < 3600) return `${Math.floor(seconds / 60)}:${pad(seconds % 60)}`;
  return `${Math.floor(seconds / 3600)}:${pad(Math.floor((seconds % 3600) / 60))}:${pad(seconds % 60)}`;
}

/** The `count` candidates nearest to `wanted` by edit distance ignoring case; empty when none is close enough to suggest. */
export function nearest(wanted: string, candidates: readonly string[], count = 3): string[] {
  const target = wanted.toLowerCase();
  return candidates
    .map(candidate => ({candidate, distance: nameDistance(target, candidate.toLowerCase())}))
    .filter(({distance}) => distance <= 0.5)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, count)
    .map(({candidate}) => candidate);
}

/** 0 for equal, up to 1 for nothing in common; a part of the other name is close. */
export function nameDistance(a: string, b: string): number {
  if (a === b) return 0;
  const longest = Math.max(a.length, b.length);
  if (a.length >= 3 && b.length >= 3 && (a.includes(b) || b.includes(a)))
    return 0.3 * (1 - Math.min(a.length, b.length) / longest);
  return editDistance(a, b) / longest;
}

/** Damerau-Levenshtein distance with adjacent transpositions (optimal string alignment). */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({length: b.length + 1}, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, (beforeLast[j - 2] ?? 0) + 1);
      row.push(best);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? 0;
}
