// Asks the terminal what of pictures it can show, at the moment one is to be drawn: a chat without charts asks nothing.

import type {Clock} from '../core/clock.ts';
import type {TerminalReport} from './terminal-report.ts';

type Size = {width: number; height: number};

/** Null is what the terminal did not say. `cell` is in pixels; `colors` and `area` are the limits of its sixels. */
export type TerminalGraphics = {
  sixel: boolean;
  cell: Size | null;
  colors: number | null;
  area: Size | null;
  dark: boolean | null;
};

/** Longer than a round trip to the other side of the world. An answer that comes later counts the next time. */
const answerMs = 500;
const askBackground = '\x1b]11;?\x1b\\';
const askCell = '\x1b[16t';
const askSixelLimits = '\x1b[?1;1;0S\x1b[?2;1;0S';
/** Every terminal answers this, and in the order it was asked: behind it nothing more is to come. */
const askAttributes = '\x1b[c';

export class GraphicsQuestion {
  readonly #write: (data: string) => void;
  readonly #clock: Clock;
  readonly #size: () => {columns: number; rows: number};
  #known: TerminalGraphics = {sixel: false, cell: null, colors: null, area: null, dark: null};
  #asking: Promise<void> | null = null;
  #answered: () => void = () => {};
  #isSilent = false;

  constructor(write: (data: string) => void, clock: Clock, size: () => {columns: number; rows: number}) {
    this.#write = write;
    this.#clock = clock;
    this.#size = size;
  }

  /** What is known once the terminal has answered, or has had its time. One that never answers is asked once. */
  async ask(): Promise<TerminalGraphics> {
    this.#asking ??= this.#askAll().finally(() => {
      this.#asking = null;
    });
    await this.#asking;
    return this.#known;
  }

  hear(report: TerminalReport): void {
    switch (report.type) {
      case 'attributes':
        this.#known = {...this.#known, sixel: report.codes.includes(4)};
        this.#isSilent = false;
        this.#answered();
        break;
      case 'cell_size':
        this.#known = {...this.#known, cell: {width: report.width, height: report.height}};
        break;
      case 'sixel_colors':
        this.#known = {...this.#known, colors: report.count};
        break;
      case 'sixel_area':
        this.#known = {...this.#known, area: {width: report.width, height: report.height}};
        this.#known = {...this.#known, cell: this.#known.cell ?? this.#cellOf(report)};
        break;
      case 'background':
        this.#known = {...this.#known, dark: report.dark};
        break;
      case 'kitty_supported':
        break;
      default:
        report satisfies never;
    }
  }

  async #askAll(): Promise<void> {
    if (this.#isSilent) return;
    // Asked anew each time: the size of the letters may have changed.
    this.#known = {...this.#known, cell: null};
    this.#isSilent = true;
    await this.#round(askBackground + askCell);
    if (this.#known.sixel) await this.#round(askSixelLimits);
  }

  async #round(questions: string): Promise<void> {
    const {promise, resolve} = Promise.withResolvers<void>();
    const late = new AbortController();
    this.#answered = resolve;
    this.#write(questions + askAttributes);
    await Promise.race([promise, this.#clock.sleep(answerMs, late.signal).catch(() => {})]);
    late.abort();
  }

  /** xterm tells no size of a cell but how large a picture can be: the whole window, unless that is above its limit. */
  #cellOf({width, height}: Size): Size | null {
    const {columns, rows} = this.#size();
    const cell = {width: width / columns, height: height / rows};
    return Number.isInteger(cell.width) && Number.isInteger(cell.height) ? cell : null;
  }
}
