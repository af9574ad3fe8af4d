// Reads a single odd row again: written with other marks, in quotes as a whole, with a quote or a cell too many. Of all
// readings that have as many cells as the table, the one whose cells fit their columns best is taken.

import type {ColumnProfile} from './column-profile.ts';
import type {Row, RowRules} from './rows.ts';
import {cellsOfLine} from './rows.ts';

export type RepairKind = 'stray_quote' | 'other_marks' | 'empty_cell' | 'joined_cells';

export type Repaired = {cells: string[]; kind: RepairKind};

/** Logarithm of how much likelier a repair must be than leaving the row as it is. */
const margin = 1;
const otherMarks = [',', ';', '\t', '|', ' ', ', ', ':', '~', '^'];
const triedBeforeDoubt = 1_000;
const maxWidth = 500;

export class RowRepair {
  readonly #rules: RowRules;
  readonly #profile: ColumnProfile;
  #tried = 0;
  #done = 0;

  constructor(rules: RowRules, profile: ColumnProfile) {
    this.#rules = rules;
    this.#profile = profile;
  }

  /** A better reading of `row`, or null when there is none. */
  repair(row: Row): Repaired | null {
    const {width, isKnown} = this.#profile;
    if (!isKnown || width < 2 || width > maxWidth || row.blank || this.#rules.delimiter === null) return null;
    if (row.cells.length === width && row.fault === null && !this.#isTorn(row)) return null;
    // Where hardly any row can be helped, trying costs more than it gives.
    if (this.#tried > triedBeforeDoubt && this.#done < this.#tried * 0.02) return null;
    this.#tried++;
    let best = this.#asItIs(row) + margin;
    let found: Repaired | null = null;
    for (const candidate of this.#readings(row)) {
      const fit = this.#profile.fit(candidate.cells) - this.#quotesLeft(candidate.cells);
      if (fit > best) [best, found] = [fit, candidate];
    }
    found ??= row.cells.length > width ? this.#withoutExtra(row.cells) : null;
    if (found) this.#done++;
    return found;
  }

  #asItIs(row: Row): number {
    const {width} = this.#profile;
    const extra = row.cells.slice(width).filter(cell => cell.trim() !== '').length;
    const isOdd = row.fault !== null || this.#isTorn(row);
    return this.#profile.fit(row.cells) - extra * 2 - (isOdd ? this.#quotesLeft(row.cells) : 0);
  }

  /** Two cells hold one quote each: a text in quotes was cut at a delimiter inside it. */
  #isTorn({cells, text}: Row): boolean {
    const {quote} = this.#rules;
    if (quote === null || !text.includes(quote)) return false;
    return cells.filter(cell => (cell.split(quote).length - 1) % 2 === 1).length >= 2;
  }

  /** What quotes at the edges of cells speak against a reading. */
  #quotesLeft(cells: readonly string[]): number {
    const {quote} = this.#rules;
    if (quote === null) return 0;
    let sum = 0;
    for (const cell of cells) sum += cell.startsWith(quote) ? 2 : cell.endsWith(quote) ? 0.75 : 0;
    return sum;
  }

  *#readings({cells, text, fault}: Row): Generator<Repaired> {
    const {width} = this.#profile;
    const {quote, delimiter} = this.#rules;
    const fits = (other: string[]) => other.length === width;
    if (quote !== null && text.includes(quote) && !/[\r\n]/.test(text)) {
      const literal = text.split(delimiter ?? ',').map(cell => unwrapped(cell, quote));
      const pairs = pairedQuotes(text, this.#rules);
      if (fault !== null)
        for (const other of [torn(text, this.#rules, false), torn(text, this.#rules, true), literal])
          if (fits(other)) yield {cells: this.#tidied(other), kind: 'stray_quote'};
      if (pairs.length === width || pairs.length === width - 1)
        yield {cells: pairs.length < width ? [...pairs, ''] : pairs, kind: 'stray_quote'};
      const slashed = cellsOfLine(text, {...this.#rules, escape: '\\'});
      if (text.includes(`\\${quote}`) && fits(slashed)) yield {cells: slashed, kind: 'other_marks'};
      const [only = ''] = cells;
      const inner = cells.length === 1 ? cellsOfLine(only, this.#rules) : [];
      if (fits(inner)) yield {cells: inner, kind: 'other_marks'};
    }
    if (fits(cells) && fault !== null) yield {cells: this.#tidied(cells), kind: 'stray_quote'};
    if (cells.length === width) return;
    for (const mark of otherMarks) {
      if (mark === delimiter || !text.includes(mark)) continue;
      const other = cellsOfLine(text, {...this.#rules, delimiter: mark, runs: false});
      if (fits(other)) yield {cells: other, kind: 'other_marks'};
    }
    const single = quote === "'" ? '"' : "'";
    if (text.includes(single)) {
      const other = cellsOfLine(text, {...this.#rules, quote: single, escape: single});
      if (fits(other)) yield {cells: other, kind: 'other_marks'};
    }
  }

  /** A quote that opens and never closes goes where a value is left; elsewhere it may belong to the text. */
  #tidied(cells: readonly string[]): string[] {
    const {quote} = this.#rules;
    return cells.map((cell, column) => {
      if (quote === null || !(cell.startsWith(quote) || cell.endsWith(quote))) return cell;
      const bare = cell.replace(new RegExp(`^\\s*[${quote}]+|[${quote}]+\\s*$`, 'g'), '');
      return this.#profile.isValueOf(bare, column) ? bare : cell;
    });
  }

  /** An empty cell too many is left out; a text that was torn at a delimiter inside it is joined again. */
  #withoutExtra(cells: readonly string[]): Repaired | null {
    const {width} = this.#profile;
    const extra = cells.length - width;
    if (extra > width + 20) return null;
    // Fit of the cells before a place, and of those behind it when they move to the left.
    const before = [0];
    const behind = [0];
    for (let column = 0; column < width; column++) {
      before.push((before[column] ?? 0) + this.#profile.fitCell(cells[column] ?? '', column));
      const last = width - 1 - column;
      behind.push((behind[column] ?? 0) + this.#profile.fitCell(cells[last + extra] ?? '', last));
    }
    const options: {fit: number; repaired: Repaired}[] = [];
    for (let place = 0; place < width; place++) {
      const rest = (before[place] ?? 0) + (behind[width - 1 - place] ?? 0);
      const parts = cells.slice(place, place + extra + 1);
      const filled = parts.filter(part => part.trim() !== '');
      const isGap = filled.length <= 1;
      if (!isGap && !this.#profile.mayHold(parts.join(this.#rules.delimiter ?? ' '), place)) continue;
      const cell = isGap ? (filled[0] ?? '') : parts.join(this.#rules.delimiter ?? ' ');
      const repaired: Repaired = {
        cells: [...cells.slice(0, place), cell, ...cells.slice(place + extra + 1)],
        kind: isGap ? 'empty_cell' : 'joined_cells',
      };
      options.push({fit: rest + this.#profile.fitCell(cell, place) - (isGap ? 0 : 0.5), repaired});
    }
    options.sort((a, b) => b.fit - a.fit);
    const [best] = options;
    if (!best) return null;
    const same = JSON.stringify(best.repaired.cells);
    const rival = options.find(({repaired}) => JSON.stringify(repaired.cells) !== same);
    const asItIs = (before[width] ?? 0) - 3;
    const isClear = best.fit > asItIs + margin && (!rival || best.fit > rival.fit + 0.1);
    return isClear ? best.repaired : null;
  }
}

/**
 * Cells of a line whose quotes are doubled, missing or too many: a cell in quotes ends where quotes meet a delimiter.
 * `careful`: not where another cell in quotes has begun before.
 */
function torn(line: string, {delimiter, quote}: RowRules, careful: boolean): string[] {
  if (delimiter === null || quote === null) return [line];
  const cells: string[] = [];
  let at = 0;
  for (;;) {
    const plain = line.indexOf(delimiter, at);
    const end = line[at] === quote ? quotedEnd(line, at, delimiter, quote, careful) : plain;
    const cell = end < 0 ? line.slice(at) : line.slice(at, end);
    cells.push(unwrapped(cell, quote));
    if (end < 0 || end >= line.length) return cells;
    at = end + delimiter.length;
  }
}

/** Where the cell in quotes that begins at `at` ends; where the next delimiter is if its quote closes nowhere. */
function quotedEnd(line: string, at: number, delimiter: string, quote: string, careful: boolean): number {
  const isEnd = (place: number) => place >= line.length || line.startsWith(delimiter, place);
  let close = line.indexOf(quote, at + 1);
  while (close >= 0 && line[close + 1] === quote) close = line.indexOf(quote, close + 2);
  if (close < 0 || !isEnd(close + 1)) {
    const next = line.indexOf(quote + delimiter, at + 1);
    close = next >= 0 ? next : line.endsWith(quote) && line.length > at + 1 ? line.length - 1 : -1;
  }
  const plain = line.indexOf(delimiter, at);
  if (close < 0) return plain;
  const inner = line.slice(at + 1, close);
  const begun = inner.indexOf(delimiter + quote);
  const isBegun = begun >= 0 && inner[begun + delimiter.length + 1] !== quote;
  return careful && isBegun ? plain : close + 1;
}

/** Cells of a line in which a delimiter counts only where as many quotes opened as closed before it. */
function pairedQuotes(line: string, {delimiter, quote}: RowRules): string[] {
  if (delimiter === null || quote === null) return [line];
  const cells: string[] = [];
  let cell: string | null = null;
  for (const part of line.split(delimiter)) {
    cell = cell === null ? part : cell + delimiter + part;
    if ((cell.split(quote).length - 1) % 2 === 1) continue;
    cells.push(unwrapped(cell, quote));
    cell = null;
  }
  if (cell !== null) cells.push(cell);
  return cells;
}

/** Without the quotes around it, however many there are on both sides. */
function unwrapped(cell: string, quote: string): string {
  let plain = cell.trim();
  if (!plain.startsWith(quote)) return cell;
  while (plain.length >= 2 && plain.startsWith(quote) && plain.endsWith(quote)) plain = plain.slice(1, -1);
  if (plain.startsWith(quote) && cell.trim().endsWith(quote)) plain = plain.slice(1);
  return plain.replaceAll(quote + quote, quote);
}
