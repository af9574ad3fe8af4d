// Brings the rows of a table to one width and keeps account: every row that came in goes out or is reported.

import {clip} from '../core/text.ts';
import {isValueKind, kindOfCell} from './cell-kinds.ts';
import type {Row} from './rows.ts';

/** The first four keep their row, with the repair named; the others lose it, and their text is kept in the report. */
export type LineKind =
  | 'padded'
  | 'extra_cells'
  | 'stray_quote'
  | 'open_quote'
  | 'footer'
  | 'second_table'
  | 'repeated_header'
  | 'bad_record'
  | 'total_row';

export type ReportedLine = {line: number; kind: LineKind; text: string};

/** `rowsIn` = `rowsOut` + `rowsDropped`, always. `lines` holds the first `maxReported` of what `counts` counts. */
export type ShapeReport = {
  rowsIn: number;
  rowsOut: number;
  rowsDropped: number;
  counts: Partial<Record<LineKind, number>>;
  lines: ReportedLine[];
  hasExtra: boolean;
};

const maxReported = 1_000;
const maxHeld = 10_000;

export class TableShaper {
  readonly report: ShapeReport = {rowsIn: 0, rowsOut: 0, rowsDropped: 0, counts: {}, lines: [], hasExtra: false};
  readonly #width: number;
  readonly #firstLine: number;
  readonly #header: string[][] = [];
  readonly #delimiter: string;
  readonly #onRow: (cells: string[]) => void;
  readonly #onMore: (line: ReportedLine) => void;
  /** Rows of another width wait here: only what follows tells whether they are data, a footer or another table. */
  #held: {row: Row; afterBlank: boolean}[] = [];
  #headerLeft: number;
  #afterBlank = false;

  /** `onRow` gets `width` cells and one more, which holds what was too much, else ""; `onMore` lines the report has no room for. */
  constructor(
    table: {width: number; firstLine: number; headerRows: number; delimiter: string | null},
    onRow: (cells: string[]) => void,
    onMore: (line: ReportedLine) => void = () => {},
  ) {
    this.#onMore = onMore;
    this.#width = table.width;
    this.#firstLine = table.firstLine;
    this.#headerLeft = table.headerRows;
    this.#delimiter = table.delimiter ?? ' ';
    this.#onRow = onRow;
  }

  add(row: Row): void {
    if (row.line < this.#firstLine) return;
    if (row.blank && this.#width > 1) {
      this.#afterBlank = true;
      return;
    }
    if (this.#headerLeft > 0) {
      this.#headerLeft--;
      this.#header.push(row.cells);
      return;
    }
    this.report.rowsIn++;
    const afterBlank = this.#afterBlank;
    this.#afterBlank = false;
    if (
      this.#width > 1 &&
      (row.cells.length < this.#width || this.#held.length > 0) &&
      row.cells.length !== this.#width
    ) {
      this.#held.push({row, afterBlank});
      if (this.#held.length > maxHeld) this.#flush();
      return;
    }
    this.#flush();
    this.#give(row);
  }

  end(): void {
    const held = this.#held;
    this.#held = [];
    const tail = this.#width === 1 ? 0 : footerStart(held, this.#width);
    held.forEach(({row}, index) => {
      if (index < tail) this.#give(row);
      else this.#drop(row, isOtherTable(held.slice(tail)) ? 'second_table' : 'footer');
    });
    // A single blank last line of a one-column file is only its final newline.
  }

  #flush(): void {
    const held = this.#held;
    if (held.length === 0) return;
    this.#held = [];
    for (const {row} of held) this.#give(row);
  }

  #give(row: Row): void {
    if (this.#isHeaderAgain(row)) {
      this.#drop(row, 'repeated_header');
      return;
    }
    const cells = row.cells.slice(0, this.#width);
    if (cells.length < this.#width) {
      this.#note(row, 'padded');
      while (cells.length < this.#width) cells.push('');
    }
    const extra = row.cells.slice(this.#width);
    while (extra.at(-1)?.trim() === '') extra.pop();
    if (extra.length > 0) {
      this.#note(row, 'extra_cells');
      this.report.hasExtra = true;
    }
    if (row.fault) this.#note(row, row.fault);
    cells.push(extra.join(this.#delimiter));
    this.report.rowsOut++;
    this.#onRow(cells);
  }

  #isHeaderAgain(row: Row): boolean {
    const [header] = this.#header;
    return (
      header !== undefined &&
      this.#width > 1 &&
      row.cells.length === header.length &&
      row.cells.every((cell, index) => cell === header[index])
    );
  }

  #drop(row: Row, kind: LineKind): void {
    this.report.rowsDropped++;
    this.#note(row, kind);
  }

  #note(row: Row, kind: LineKind): void {
    this.report.counts[kind] = (this.report.counts[kind] ?? 0) + 1;
    const line = {line: row.line, kind, text: clip(row.text, 500)};
    if (this.report.lines.length < maxReported) this.report.lines.push(line);
    else this.#onMore(line);
  }
}

/** Index of the first held row that is no data: a note below the table, or a table of another width after a blank line. */
function footerStart(held: readonly {row: Row; afterBlank: boolean}[], width: number): number {
  for (let index = 0; index < held.length; index++) {
    const rest = held.slice(index);
    const [first] = rest;
    if (first?.afterBlank && isOtherTable(rest)) return index;
    if (first?.afterBlank && rest.every(({row}) => isProse(row, width))) return index;
    if (rest.every(({row}) => isNote(row, width)) && rest.some(({row}) => /\s|:/.test(row.cells[0]?.trim() ?? '')))
      return index;
  }
  return held.length;
}

/** One filled cell that is no value. */
function isNote(row: Row, width: number): boolean {
  const filled = row.cells.filter(cell => cell.trim() !== '').length;
  return width >= 3 && filled <= 1 && !isValueKind(kindOfCell(row.cells[0] ?? ''));
}

/** A sentence that holds the delimiter by chance. */
function isProse(row: Row, width: number): boolean {
  return row.cells.length < width && row.cells.every(cell => !isValueKind(kindOfCell(cell))) && /\p{L}/u.test(row.text);
}

function isOtherTable(held: readonly {row: Row}[]): boolean {
  const [first, ...rest] = held;
  if (!first || rest.length === 0) return false;
  const size = first.row.cells.length;
  return (
    size >= 2 && first.row.cells.every(cell => /\p{L}/u.test(cell)) && rest.every(({row}) => row.cells.length === size)
  );
}
