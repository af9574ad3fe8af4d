// Brings the rows of a table to one width and keeps account: every row that came in goes out or is reported.

import {clip} from '../core/text.ts';
import {isValueKind, kindOfCell} from './cell-kinds.ts';
import type {Repaired} from './repair-row.ts';
import type {Row} from './rows.ts';

/** The first seven keep their row, with the repair named; the others lose it, and their text is kept in the report. */
export const lineKinds = [
  'padded',
  'extra_cells',
  'stray_quote',
  'open_quote',
  'other_marks',
  'empty_cell',
  'joined_cells',
  'footer',
  'second_table',
  'repeated_header',
  'bad_record',
  'total_row',
  'rule',
] as const;

export type LineKind = (typeof lineKinds)[number];

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

/** A row as it was read, or as it was read again. */
type ShapedRow = Omit<Row, 'fault'> & {fault: Row['fault'] | Repaired['kind']};

type Held = {row: Row; repaired: ShapedRow; afterBlank: boolean};

/** How many lines a report holds; all are in the rejects file. */
export const maxReported = 1_000;
const maxHeld = 10_000;

export class TableShaper {
  readonly report: ShapeReport = {rowsIn: 0, rowsOut: 0, rowsDropped: 0, counts: {}, lines: [], hasExtra: false};
  readonly #width: number;
  readonly #firstLine: number;
  readonly #header: string[][] = [];
  readonly #delimiter: string;
  readonly #onRow: (cells: string[]) => void;
  readonly #onMore: (line: ReportedLine) => void;
  readonly #repair: (row: Row) => Repaired | null;
  /** Rows of another width wait here: only what follows tells whether they are data, a footer or another table. */
  #held: Held[] = [];
  /** Rows in the table of which hardly a cell is filled: where there are some, a last one is no note. */
  #sparseRows = 0;
  #headerLeft: number;
  #afterBlank = false;

  /** `onRow` gets `width` cells and one more, which holds what was too much, else ""; `onMore` lines the report has no room for; `repair` reads an odd row again. */
  constructor(
    table: {width: number; firstLine: number; headerRows: number; delimiter: string | null},
    onRow: (cells: string[]) => void,
    onMore: (line: ReportedLine) => void = () => {},
    repair: (row: Row) => Repaired | null = () => null,
  ) {
    this.#repair = repair;
    this.#onMore = onMore;
    this.#width = table.width;
    this.#firstLine = table.firstLine;
    this.#headerLeft = table.headerRows;
    this.#delimiter = table.delimiter ?? ' ';
    this.#onRow = onRow;
  }

  add(given: Row): void {
    if (given.line < this.#firstLine) return;
    const row = this.#headerLeft > 0 ? given : withoutEmptyEnd(given, this.#width);
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
    const repaired = this.#readAgain(row);
    if (this.#width > 1 && this.#waits(row, repaired, afterBlank)) {
      this.#held.push({row, repaired, afterBlank});
      if (this.#held.length > maxHeld) this.#flush();
      return;
    }
    this.#flush();
    this.#give(repaired);
  }

  /** Rows that may be no data: of another width, or with hardly a cell filled. */
  #waits(row: Row, repaired: ShapedRow, afterBlank: boolean): boolean {
    const isOdd = row.cells.length !== this.#width;
    if (this.#held.length > 0 || afterBlank) return isOdd || isSparse(row, this.#width);
    return repaired.cells.length < this.#width || isSparse(row, this.#width);
  }

  #readAgain(row: Row): ShapedRow {
    const repaired = this.#repair(row);
    return repaired ? {...row, cells: repaired.cells, fault: repaired.kind} : row;
  }

  end(): void {
    const held = this.#held;
    this.#held = [];
    const tail = this.#width === 1 ? 0 : footerStart(held, this.#width, this.#sparseRows === 0);
    const isTable = isOtherTable(held.slice(tail));
    held.forEach(({row, repaired}, index) => {
      if (index < tail) this.#give(repaired);
      else this.#drop(row, isTable ? 'second_table' : 'footer');
    });
    // A single blank last line of a one-column file is only its final newline.
  }

  #flush(): void {
    const held = this.#held;
    if (held.length === 0) return;
    this.#held = [];
    for (const {row, repaired} of held) {
      if (isSparse(row, this.#width)) this.#sparseRows++;
      this.#give(repaired);
    }
  }

  #give(row: ShapedRow): void {
    if (this.#isHeaderAgain(row)) {
      this.#drop(row, 'repeated_header');
      return;
    }
    if (this.#header.length > 0 && this.report.rowsOut === 0 && isRule(row)) {
      this.#drop(row, 'rule');
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

  #isHeaderAgain({cells}: ShapedRow): boolean {
    const [header] = this.#header;
    return (
      header !== undefined &&
      this.#width > 1 &&
      cells.length === header.length &&
      cells.every((cell, index) => cell === header[index])
    );
  }

  #drop(row: ShapedRow, kind: LineKind): void {
    this.report.rowsDropped++;
    this.#note(row, kind);
  }

  #note(row: ShapedRow, kind: LineKind): void {
    this.report.counts[kind] = (this.report.counts[kind] ?? 0) + 1;
    const line = {line: row.line, kind, text: clip(row.text, 500)};
    if (this.report.lines.length < maxReported) this.report.lines.push(line);
    else this.#onMore(line);
  }
}

/** Empty cells beyond the table's width are no cells. */
function withoutEmptyEnd(row: Row, width: number): Row {
  if (row.cells.length <= width || row.cells.slice(width).some(cell => cell.trim() !== '')) return row;
  return {...row, cells: row.cells.slice(0, width)};
}

/** A line drawn under the header, as Markdown and terminals write tables. */
function isRule({cells}: ShapedRow): boolean {
  const filled = cells.map(cell => cell.trim()).filter(cell => cell !== '');
  return filled.length > 0 && filled.every(cell => /^:?(?:-{3,}|={3,})(?:\+(?:-+|=+))*:?$/.test(cell));
}

/** A full row with one filled cell or none. */
function isSparse(row: Row, width: number): boolean {
  return width >= 3 && row.cells.length >= width && filledCells(row) <= 1;
}

function filledCells({cells}: Row): number {
  return cells.filter(cell => cell.trim() !== '').length;
}

/**
 * Index of the first held row that is no data: a note below the table, a table of another width after a blank line, or
 * rows without any cell. `fullNotes`: a full row with one filled cell can be a note.
 */
function footerStart(held: readonly Held[], width: number, fullNotes: boolean): number {
  for (let index = 0; index < held.length; index++) {
    const rest = held.slice(index);
    const [first] = rest;
    if (first?.afterBlank && isOtherTable(rest)) return index;
    if (rest.some(({row, repaired}) => repaired.cells !== row.cells)) continue;
    if (first?.afterBlank && rest.every(({row}) => isProse(row, width))) return index;
    if (rest.every(({row}) => filledCells(row) === 0)) return index;
    const canBeNotes = fullNotes || rest.every(({row}) => row.cells.length < width);
    const hasWords = rest.some(({row}) => /\S\s+\S|:/.test(row.cells[0]?.trim() ?? ''));
    if (canBeNotes && hasWords && rest.every(({row}) => isNote(row, width))) return index;
  }
  return held.length;
}

/** One filled cell that is no value. */
function isNote(row: Row, width: number): boolean {
  return width >= 3 && filledCells(row) <= 1 && !isValueKind(kindOfCell(row.cells[0] ?? ''));
}

/** A sentence that holds the delimiter by chance. */
function isProse(row: Row, width: number): boolean {
  return row.cells.length < width && row.cells.every(cell => !isValueKind(kindOfCell(cell))) && /\p{L}/u.test(row.text);
}

function isOtherTable(held: readonly Held[]): boolean {
  const [first, ...rest] = held;
  if (!first || rest.length === 0) return false;
  const size = first.row.cells.length;
  return (
    size >= 2 && first.row.cells.every(cell => /\p{L}/u.test(cell)) && rest.every(({row}) => row.cells.length === size)
  );
}
