// Runs the data grid on the alternate screen: keys in, pages fetched, frames out, and the chat's screen back at the end.

import type {ChalkInstance} from 'chalk';
import type {InputEvent} from '../input-event.ts';
import {type GridSize, gridFrame, gridHeight} from './grid-frame.ts';
import type {GridSource} from './grid-source.ts';
import {at, type GridState, gridKey, gridState} from './grid-state.ts';

const enter = '\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[H\x1b[2J';
const leave = '\x1b[?7h\x1b[?25h\x1b[?1049l';
/** Rows fetched around the screen, so that most keys need no query. */
const pageRows = 200;

export type GridOptions = {write(data: string): void; size(): GridSize; style: ChalkInstance};

export class GridView {
  readonly #source: GridSource;
  readonly #options: GridOptions;
  readonly #done = Promise.withResolvers<string | null>();
  #state: GridState;
  #work = new AbortController();
  #wanted: number | null = null;
  #over = false;

  constructor(source: GridSource, options: GridOptions) {
    this.#source = source;
    this.#options = options;
    this.#state = gridState(source.columns.length);
    options.write(enter);
    this.#query();
  }

  /** What was selected, as it is written into a question; null when the person just left. */
  get done(): Promise<string | null> {
    return this.#done.promise;
  }

  handle(input: InputEvent): void {
    if (this.#over) return;
    const step = gridKey(this.#state, input, this.#height());
    if (step.type === 'leave' || step.type === 'take') {
      this.end(step.type === 'take' ? this.#source.reference(step.selection) : null);
      return;
    }
    this.#state = step.state;
    if (step.type === 'query') this.#query();
    else this.#fetch();
    this.#draw();
  }

  resized(): void {
    if (this.#over) return;
    const {row, column} = this.#state;
    this.#state = at(this.#state, row, column, this.#height());
    this.#options.write('\x1b[2J');
    this.#fetch();
    this.#draw();
  }

  /** Gives the screen back for a while. */
  hide(): void {
    if (!this.#over) this.#options.write(leave);
  }

  show(): void {
    if (!this.#over) this.#options.write(enter);
  }

  end(reference: string | null = null): void {
    if (this.#over) return;
    this.#over = true;
    this.#work.abort();
    this.#options.write(leave);
    this.#done.resolve(reference);
  }

  #height(): number {
    return gridHeight(this.#options.size());
  }

  #query(): void {
    this.#work.abort();
    this.#work = new AbortController();
    this.#wanted = null;
    const {signal} = this.#work;
    const {query} = this.#state;
    this.#draw();
    this.#source.count(query, signal).then(
      total => {
        if (signal.aborted) return;
        this.#state = {...this.#state, total};
        this.#fetch();
        this.#draw();
      },
      error => this.#failed(error, signal),
    );
  }

  #fetch(): void {
    const {page, top, total, query} = this.#state;
    const end = Math.min(top + this.#height(), total ?? 0);
    const isThere = page !== null && page.offset <= top && end <= page.offset + page.rows.length;
    const offset = Math.max(0, top - pageRows / 4);
    if (total === null || isThere || this.#wanted === offset) return;
    this.#wanted = offset;
    const {signal} = this.#work;
    this.#source.rows(query, offset, pageRows + this.#height(), signal).then(
      rows => {
        if (signal.aborted || this.#wanted !== offset) return;
        this.#wanted = null;
        this.#state = {...this.#state, page: {offset, rows}};
        this.#fetch();
        this.#draw();
      },
      error => this.#failed(error, signal),
    );
  }

  /** A condition that can't be used is said, and everything is shown again. */
  #failed(error: unknown, signal: AbortSignal): void {
    if (signal.aborted) return;
    const message = error instanceof Error ? error.message : String(error);
    const {query} = this.#state;
    const typing = query.filter;
    this.#wanted = null;
    if (typing === null) {
      this.#state = {...this.#state, total: 0, message};
      this.#draw();
      return;
    }
    this.#state = {...this.#state, query: {...query, filter: null}, message, typing};
    this.#query();
  }

  #draw(): void {
    if (this.#over) return;
    const size = this.#options.size();
    const {lines, left} = gridFrame(this.#state, this.#source.title, this.#source.columns, size, this.#options.style);
    this.#state = {...this.#state, left};
    const rows = lines.map((line, index) => `\x1b[${index + 1}H${line}\x1b[K`);
    this.#options.write(`\x1b[?2026h${rows.join('')}\x1b[?2026l`);
  }
}
