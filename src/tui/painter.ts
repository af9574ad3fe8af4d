// Writes the live region to the terminal so that no change of the window's size can leave a copy of it behind.
//
// Between frames the terminal's cursor stands on the region's first row, and the rows are one soft-wrapped line to the
// terminal. Whatever a terminal does on a change of size (wrap anew, cut, scroll, even before or after a frame that is
// still on its way), its cursor stays on that first row; so "erase from here to the end" is always exactly the region.

import {rowChange} from './row-change.ts';

/** Terminals that know synchronized updates show nothing of a frame before its end. */
const syncStart = '\x1b[?2026h';
const syncEnd = '\x1b[?2026l';
const noWrap = '\x1b[?7l';
const wrap = '\x1b[?7h';
const eraseBelow = '\x1b[J';
const hide = '\x1b[?25l';
const show = '\x1b[?25h';
/** Fills the last cell of the row and lets the terminal wrap, so that the next row belongs to the same line; then back. */
const nextRow = `\x1b[999G${wrap}  ${noWrap}\r`;

/** `cursorX` is the column of the terminal's cursor on the first row; null hides it. */
export type Frame = {lines: readonly string[]; cursorX: number | null};

const nothing: Frame = {lines: [], cursorX: 0};

export class Painter {
  readonly #write: (data: string) => void;
  #shown: Frame = nothing;

  constructor(write: (data: string) => void) {
    this.#write = write;
  }

  /** Writes `above` (whole lines, wrapped by the terminal) into the scrollback and shows `frame` below it. */
  paint(above: string, frame: Frame): void {
    const {lines, cursorX} = this.#shown;
    const same = above === '' && lines.length === frame.lines.length && lines.length > 0;
    const body = same ? this.#changes(frame) : `\r${eraseBelow}${above}${whole(frame)}`;
    if (body === '' && cursorX === frame.cursorX) return;
    const place = frame.cursorX ? `\r\x1b[${frame.cursorX}C` : '\r';
    const shows = (cursorX === null) === (frame.cursorX === null) ? '' : frame.cursorX === null ? hide : show;
    this.#write(syncStart + body + place + shows + syncEnd);
    this.#shown = frame;
  }

  /** Erases the region. `wrappedRows` are rows that the terminal has made of the part of the first row before the cursor. */
  clear(wrappedRows = 0): void {
    const up = wrappedRows > 0 ? `\x1b[${wrappedRows}A` : '';
    const shows = this.#shown.cursorX === null ? show : '';
    if (this.#shown.lines.length > 0) this.#write(`${up}\r${eraseBelow}${shows}`);
    this.#shown = nothing;
  }

  /** The column of the cursor on the first row; 0 when it is hidden. */
  get cursorX(): number {
    return this.#shown.cursorX ?? 0;
  }

  #changes(frame: Frame): string {
    let row = 0;
    let text = '';
    for (const [index, line] of frame.lines.entries()) {
      const before = this.#shown.lines[index] ?? '';
      if (before === line) continue;
      text += `${index > row ? `\x1b[${index - row}B` : ''}\r${rowChange(before, line)}`;
      row = index;
    }
    return text === '' ? '' : `${noWrap}${text}${wrap}${row > 0 ? `\x1b[${row}A` : ''}`;
  }
}

function whole({lines}: Frame): string {
  const up = lines.length > 1 ? `\x1b[${lines.length - 1}A` : '';
  return `${noWrap}${lines.join(nextRow)}${wrap}${up}`;
}
