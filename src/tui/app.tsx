// Runs the chat in a terminal: wires keys, events, frames and signals together, and leaves the terminal as it was.

import {Chalk} from 'chalk';
import {render} from 'ink';
import type {Clock} from '../core/clock.ts';
import type {Table} from '../core/dataset.ts';
import {exitCodes} from '../core/errors.ts';
import type {StampedEvent} from '../core/events.ts';
import {describeResilienceEvent} from '../core/wording.ts';
import {Chat} from './chat.ts';
import type {ChatHost} from './chat-host.ts';
import {isCtrl} from './draft.ts';
import {type EntryFormat, entriesText} from './entry-text.ts';
import {FrameWriter} from './frame-writer.ts';
import type {GridSource} from './grid/grid-source.ts';
import type {GridView} from './grid/grid-view.ts';
import type {InputEvent} from './input-event.ts';
import {JobControl} from './job-control.ts';
import {liveRegion} from './live-region.ts';
import {Painter} from './painter.ts';
import {type DrawPicture, PicturedEntries} from './pictured-entries.ts';
import {Screen} from './screen.tsx';
import {nextTick} from './status-bar.ts';
import {TerminalInput} from './terminal-input.ts';
import type {Entry} from './view-model.ts';

export type ChatStreams = {stdin: NodeJS.ReadStream; stdout: NodeJS.WriteStream; stderr: NodeJS.WriteStream};

/**
 * `input` may be opened before this module is loaded, so that keys typed meanwhile are kept. `describeEvent` words the
 * events of the way to a model; null leaves one out.
 */
export type ChatRunOptions = {
  color: boolean;
  accessible: boolean;
  /** The terminal shows links (OSC 8). */
  links?: boolean;
  fileUrl?: (path: string) => string;
  /** Draws charts as pictures of the terminal; without it characters draw them. */
  drawPicture?: DrawPicture | null;
  clock: Clock;
  renderTable(table: Table, width: number): string;
  describeEvent?: (event: StampedEvent) => string | null;
  input?: TerminalInput;
  /** Has the draft edited elsewhere while the terminal is given away; null keeps it as it was. */
  editText?: ((text: string, signal: AbortSignal) => Promise<string | null>) | undefined;
  /** True for terminals known to wrap the cursor's own row anew when they get narrower; the others cut that row. */
  wrapsCursorRow?: boolean;
};

const frameMs = 33;
/** After a change of size only a few rows are drawn until this time has passed without another change. */
const resizeQuietMs = 200;
const mostRowsResizing = 4;
/** How long a stopped turn may take to end before the chat leaves without it. */
const farewellMs = 1000;

/**
 * Runs the chat until the person leaves or a signal ends it. Leaving by /quit, Ctrl-D or Ctrl-C twice is exit code 0;
 * SIGINT, SIGTERM and SIGHUP give 130, 143 and 129. The terminal is restored in every case.
 * @throws whatever broke the view itself; the terminal is restored before
 */
export async function runChat(
  host: ChatHost,
  streams: ChatStreams,
  options: ChatRunOptions,
): Promise<{exitCode: number}> {
  const {clock, accessible} = options;
  const style = new Chalk({level: options.color ? 1 : 0});
  const input = options.input ?? new TerminalInput(streams.stdin, streams.stdout, clock);
  const writer = new FrameWriter(streams.stdout);
  const painter = new Painter(data => streams.stdout.write(data));
  const finished = new PicturedEntries(options.drawPicture ?? null, () => onChange('soon'));
  const chat = new Chat(host, {
    clock,
    onChange,
    onRepaint: repaint,
    onSuspend: () => jobs.stop(0),
    editText: options.editText && editText,
    showGrid,
  });
  const describeEvent = options.describeEvent ?? describeResilienceEvent;

  let drawing: 'none' | 'now' | 'soon' = 'none';
  let lastDraw = Number.NEGATIVE_INFINITY;
  let wait = new AbortController();
  let ended = false;
  let leaving = false;
  const over: {grid: GridView | null} = {grid: null};
  let suspended = false;
  let editing = false;
  let retried = false;
  let lastKind: Entry['kind'] | null = null;

  let resizedAt = Number.NEGATIVE_INFINITY;

  // What is drawn and when it is drawn next are decided at one moment, or a frame could stay that promised another.
  const frame = () => {
    const now = clock.now();
    const status = host.status();
    const resizing = clock.monotonic() - resizedAt < resizeQuietMs;
    const rows = resizing ? Math.min(writer.rows, mostRowsResizing) : writer.rows;
    const region = liveRegion({
      state: chat.state,
      status,
      columns: writer.columns,
      rows,
      now,
      style,
      accessible,
      parked: resizing,
    });
    const {view, turn} = chat.state;
    const waits = {status, retry: view.retry, turnStartedAt: turn?.startedAt ?? null};
    return {region, nextMs: resizing ? resizeQuietMs : accessible ? null : nextTick(waits, now)};
  };

  const greeting = host.greeting();
  let above = `\r\x1b[K${greeting.map(line => `${line}\n`).join('')}`;
  streams.stdout.on('resize', onResize);
  const instance = render(<Screen lines={[]} />, {
    stdin: streams.stdin,
    // Ink asks for a stream with a size, which this one has.
    stdout: writer,
    stderr: streams.stderr,
    interactive: true,
    exitOnCtrlC: false,
    patchConsole: false,
    // Whole frames as text, drawn at once: what of them goes to the terminal is decided by the painter.
    debug: true,
    isScreenReaderEnabled: false,
  });

  const signals = [
    ['SIGINT', exitCodes.interrupt],
    ['SIGTERM', exitCodes.terminate],
    ['SIGHUP', exitCodes.hangup],
  ] as const;
  const handlers = signals.map(([signal, code]) => [signal, () => onSignal(signal, code)] as const);
  for (const [signal, handler] of handlers) process.on(signal, handler);
  const jobs = new JobControl(() => {
    over.grid?.hide();
    giveAway();
  }, resume);
  process.on('exit', restore);

  let failure: unknown = null;
  instance.waitUntilExit().catch((error: unknown) => {
    failure = error;
    chat.end(exitCodes.internal);
  });
  chat.start();
  input.listen(onKey, () => chat.end(exitCodes.hangup));
  draw();

  const exitCode = await chat.ended;
  over.grid?.end();
  await Promise.race([chat.settled, clock.sleep(farewellMs)]);
  leaving = true;
  draw();
  ended = true;
  wait.abort();
  painter.clear();
  instance.unmount();
  restore();
  for (const [signal, handler] of handlers) process.off(signal, handler);
  jobs.end();
  process.off('exit', restore);
  if (failure !== null) throw failure;
  return {exitCode};

  function onSignal(signal: NodeJS.Signals, code: number): void {
    // Ctrl-C in an editor goes to everything on the terminal and is meant for the editor.
    if (!(editing && signal === 'SIGINT')) chat.end(code);
  }

  function onKey(event: InputEvent): void {
    if (!over.grid) chat.handle(event);
    else if (isCtrl(event, 'z')) jobs.stop(0);
    else over.grid.handle(event);
  }

  function onChange(urgency: 'now' | 'soon'): void {
    if (ended || drawing === 'now' || (drawing === 'soon' && urgency === 'soon')) return;
    drawing = urgency;
    if (urgency === 'now') queueMicrotask(draw);
    else sleepThenDraw(Math.max(0, frameMs - (clock.monotonic() - lastDraw)));
  }

  function draw(): void {
    if (ended || suspended || over.grid) return;
    drawing = 'none';
    const text = above + finishedText();
    above = '';
    const {region, nextMs} = frame();
    instance.rerender(<Screen lines={region.lines} />);
    painter.paint(text, {lines: writer.frame, cursorX: region.cursorX});
    lastDraw = clock.monotonic();
    wait.abort();
    if (nextMs !== null) sleepThenDraw(nextMs);
  }

  function sleepThenDraw(delayMs: number): void {
    wait.abort();
    wait = new AbortController();
    void clock.sleep(delayMs, wait.signal).then(draw, () => {});
  }

  function finishedText(): string {
    const room = {columns: writer.columns, rows: writer.rows};
    const format: EntryFormat = {
      style,
      width: writer.columns,
      links: options.links ?? false,
      fileUrl: options.fileUrl,
      pictureOf: chart => finished.pictureOf(chart, room),
      renderTable: options.renderTable,
      describeEvent,
    };
    finished.push(chat.takeFinished(), room);
    const entries = finished.take({all: leaving});
    const text = entriesText(entries, lastKind, format);
    lastKind = entries.at(-1)?.kind ?? lastKind;
    const retries = chat.state.view.retry !== null;
    const again = accessible && retried && !retries ? '· Trying again now.\n' : '';
    retried = retries;
    return text + again;
  }

  function onResize(): void {
    if (ended || suspended) return;
    if (over.grid) {
      over.grid.resized();
      return;
    }
    const wrappedRows = options.wrapsCursorRow ? Math.floor(painter.cursorX / writer.columns) : 0;
    painter.clear(wrappedRows);
    streams.stdout.write(finished.resized(writer));
    resizedAt = clock.monotonic();
    draw();
  }

  function repaint(): void {
    painter.clear();
    onChange('now');
  }

  async function showGrid(source: GridSource): Promise<string | null> {
    if (accessible) {
      above += 'The grid is no linear text. /sql SELECT … LIMIT 20 prints rows.\n';
      return null;
    }
    draw();
    painter.clear();
    const {GridView} = await import('./grid/grid-view.ts');
    if (ended) return null;
    const size = () => ({columns: writer.columns, rows: writer.rows});
    over.grid = new GridView(source, {write: data => streams.stdout.write(data), size, style});
    const selected = await over.grid.done;
    over.grid = null;
    onResize();
    return selected;
  }

  function giveAway(): void {
    suspended = true;
    jobs.ignore();
    painter.clear();
    input.close();
  }

  async function editText(text: string, signal: AbortSignal): Promise<string | null> {
    editing = true;
    giveAway();
    const edited = (await options.editText?.(text, signal)) ?? null;
    editing = false;
    if (!signal.aborted) resume();
    return edited;
  }

  // Also after a stop from outside, when a shell may have changed the modes of the terminal.
  function resume(): void {
    if (ended || editing) return;
    suspended = false;
    jobs.listen();
    drawing = 'none';
    input.close();
    input.open();
    over.grid?.show();
    onResize();
  }

  function restore(): void {
    over.grid?.end();
    streams.stdout.off('resize', onResize);
    painter.clear();
    input.close();
  }
}
