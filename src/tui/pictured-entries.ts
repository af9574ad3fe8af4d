// Holds back what is finished until the pictures of its charts are drawn, so that everything is written in its order.

import type {Artifact} from '../core/tool.ts';
import type {Entry} from './view-model.ts';

/**
 * `data` draws the picture at the cursor, over `columns` × `rows` cells; `caption` says in words what it shows. `erase` removes
 * the pictures on the screen, where they would not move with the text.
 */
export type ChartPicture = {data: string; columns: number; rows: number; caption: string; erase: string};

export type Room = {columns: number; rows: number};

/** The kept chart as a picture; null where the terminal shows none or the room is too small. Rejects for no reason. */
export type DrawPicture = (path: string, room: Room) => Promise<ChartPicture | null>;

type Waiting = {entry: Entry; ready: boolean};

export class PicturedEntries {
  readonly #draw: DrawPicture | null;
  readonly #onReady: () => void;
  readonly #pictures = new Map<Artifact, ChartPicture>();
  #waiting: Waiting[] = [];
  #shown: {columns: number; erase: string} | null = null;

  /** Without `draw` nothing ever waits. */
  constructor(draw: DrawPicture | null, onReady: () => void) {
    this.#draw = draw;
    this.#onReady = onReady;
  }

  push(entries: readonly Entry[], room: Room): void {
    for (const entry of entries) {
      const charts = this.#draw ? chartsOf(entry) : [];
      const waiting = {entry, ready: charts.length === 0};
      this.#waiting.push(waiting);
      if (!waiting.ready)
        void this.#drawAll(charts, room).then(() => {
          waiting.ready = true;
          this.#onReady();
        });
    }
  }

  /** What can be written now; with `all` also what still waits, as it is without a picture. Each entry is handed out once. */
  take({all}: {all: boolean}): Entry[] {
    const first = this.#waiting.findIndex(({ready}) => !ready);
    const count = all || first < 0 ? this.#waiting.length : first;
    return this.#waiting.splice(0, count).map(({entry}) => entry);
  }

  /** The picture of a chart, if it fits into `room`, which may have changed since it was asked for. */
  pictureOf(chart: Artifact, {columns, rows}: Room): ChartPicture | null {
    const picture = this.#pictures.get(chart);
    this.#pictures.delete(chart);
    if (!picture || picture.columns > columns || picture.rows >= rows) return null;
    this.#shown = {columns, erase: picture.erase};
    return picture;
  }

  /** What is written when the window has another size. A picture left among lines wrapped anew would hide them, even the input. */
  resized({columns}: Room): string {
    if (this.#shown === null || this.#shown.columns === columns) return '';
    const {erase} = this.#shown;
    this.#shown = null;
    return erase;
  }

  async #drawAll(charts: readonly Artifact[], room: Room): Promise<void> {
    for (const chart of charts) {
      const picture = chart.path === undefined ? null : await this.#draw?.(chart.path, room);
      if (picture) this.#pictures.set(chart, picture);
    }
  }
}

function chartsOf(entry: Entry): Artifact[] {
  const artifacts =
    entry.kind === 'command'
      ? entry.charts
      : entry.kind === 'tool' && entry.result.ok
        ? (entry.result.artifacts ?? [])
        : [];
  return artifacts.filter(({kind, path}) => kind === 'chart' && path !== undefined);
}

/**
 * What writes the picture at the start of a row and leaves the cursor at the start of the row below it, whatever the
 * terminal does with its cursor: the rows are made first, so that nothing scrolls while the picture is drawn.
 */
export function pictureText({data, rows}: ChartPicture): string {
  return `${'\n'.repeat(rows)}\x1b[${rows}A\x1b7${data}\x1b8\x1b[${rows}B`;
}
