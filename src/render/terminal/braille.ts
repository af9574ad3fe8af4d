// A canvas of dots: every terminal cell is a braille character of 2 × 4 dots.

const blank = 0x2800;
// Bit of the dot at [row][column] inside a braille character.
const dotBits = [
  [0x01, 0x08],
  [0x02, 0x10],
  [0x04, 0x20],
  [0x40, 0x80],
] as const;

export class BrailleCanvas {
  readonly dotsWide: number;
  readonly dotsHigh: number;
  readonly #cells: Uint8Array;
  readonly #columns: number;

  constructor(columns: number, rows: number) {
    this.#columns = columns;
    this.dotsWide = columns * 2;
    this.dotsHigh = rows * 4;
    this.#cells = new Uint8Array(columns * rows);
  }

  /** Sets the dot `x` from the left and `y` from the bottom, both whole; dots outside are ignored. */
  dot(x: number, y: number): void {
    if (x < 0 || y < 0 || x >= this.dotsWide || y >= this.dotsHigh) return;
    const fromTop = this.dotsHigh - 1 - y;
    const cell = (fromTop >> 2) * this.#columns + (x >> 1);
    this.#cells[cell] = (this.#cells[cell] ?? 0) | (dotBits[fromTop & 3]?.[x & 1] ?? 0);
  }

  /** A straight line between two dots, both included; with `every` only each such dot of it. */
  line(x0: number, y0: number, x1: number, y1: number, every = 1): void {
    const steps = Math.max(Math.abs(x1 - x0), Math.abs(y1 - y0));
    for (let i = 0; i <= steps; i += every) {
      const part = steps === 0 ? 0 : i / steps;
      this.dot(Math.round(x0 + (x1 - x0) * part), Math.round(y0 + (y1 - y0) * part));
    }
  }

  /** One text per row, top first; empty cells are blanks. */
  rows(): string[] {
    const lines: string[] = [];
    for (let start = 0; start < this.#cells.length; start += this.#columns) {
      const cells = this.#cells.subarray(start, start + this.#columns);
      lines.push(Array.from(cells, cell => (cell === 0 ? ' ' : String.fromCharCode(blank + cell))).join(''));
    }
    return lines;
  }
}
