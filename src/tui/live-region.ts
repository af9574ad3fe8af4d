// The part of the screen that is redrawn: computed as finished rows, always fewer than the screen has.

import type {ChalkInstance} from 'chalk';
import {importProgressLine, importShownFromMs} from '../core/import-progress.ts';
import {clip, printable} from '../core/text.ts';
import type {ChatState} from './chat.ts';
import type {ChatStatus} from './chat-host.ts';
import {toolSubject} from './entry-text.ts';
import {pendingLines} from './markdown.ts';
import {previewWords} from './preview-keys.ts';
import {stylePending} from './prose-text.ts';
import {statusBar} from './status-bar.ts';
import {wrapStyled} from './styled-text.ts';
import {cellWidth, fitCells, graphemes, layoutText, splitAtCell, wrapCells} from './text-width.ts';

export type LiveInput = {
  state: ChatState;
  status: ChatStatus;
  columns: number;
  rows: number;
  now: number;
  style: ChalkInstance;
  accessible: boolean;
  /** The terminal's cursor is to stay at the start of the region, whatever is typed. */
  parked?: boolean;
};

/**
 * `cursorX` is the column of the terminal's cursor, which never leaves the first row (see painter.ts). It is null when
 * the place of typing is in another row: then it is hidden, and the region shows a cursor of its own.
 */
export type LiveRegion = {lines: string[]; cursorX: number | null};

const maxPopup = 6;
const maxQueue = 3;
const maxTools = 4;

export function liveRegion(input: LiveInput): LiveRegion {
  const {state, columns, rows, accessible} = input;
  const width = Math.max(1, columns - 1);
  let left = Math.max(1, rows - 1);
  const take = (lines: string[], most: number, end: 'first' | 'last' = 'first'): string[] => {
    const count = Math.max(0, Math.min(lines.length, most, left));
    left -= count;
    return end === 'first' ? lines.slice(0, count) : lines.slice(lines.length - count);
  };
  left -= 1;
  const bar = accessible && state.hint === null ? [] : take([statusLine(input, width)], 1);
  const approval = take(approvalLines(input, width), 4);
  left += 1;
  const draft = inputRows(input, Math.max(1, Math.min(left, Math.floor(rows / 3))));
  left -= draft.lines.length;
  const popup = take(popupLines(input, width), maxPopup);
  const queue = take(queueLines(input, width), maxQueue);
  const tools = accessible ? [] : take(toolLines(input, width), maxTools);
  const tail = accessible ? [] : take(tailLines(input, width), Math.floor(rows / 3), 'last');
  // A screen reader follows the terminal's cursor, so there the input comes first.
  const before = accessible ? [] : [...tail, ...tools, ...queue, ...approval];
  const after = accessible ? [...queue, ...approval, ...popup, ...bar] : [...popup, ...bar];
  const isFirst = before.length === 0 && draft.cursorRow === 0 && !input.parked;
  const rowsOfDraft = isFirst ? draft.lines : withCursor(draft, input.style);
  return {
    lines: [...before, ...rowsOfDraft, ...after].map(line => (line === '' ? ' ' : line)),
    cursorX: isFirst ? draft.cursorColumn : null,
  };

  function statusLine({status, now, style}: LiveInput, cells: number): string {
    return statusBar(
      {
        status,
        retry: state.view.retry,
        provider: state.view.provider,
        turnStartedAt: state.turn?.startedAt ?? null,
        stopping: state.turn?.stopping ?? false,
        queued: state.queue.length,
        hint: state.hint,
      },
      now,
      cells,
      style,
    );
  }
}

/** `cursorColumn` is in cells; the rows from `cursorRow` on hold no colour codes behind it. */
type DraftRows = {lines: string[]; cursorRow: number; cursorColumn: number; prefix: string; ghost: string};

/** The rows of the draft with a drawn cursor: inverse, or a bar where nothing may be coloured. */
function withCursor({lines, cursorRow, cursorColumn, prefix, ghost}: DraftRows, style: ChalkInstance): string[] {
  if (ghost !== '') {
    const [first = '', ...rest] = graphemes(ghost);
    return [
      style.level === 0 ? `${prefix}▌${ghost}` : style.bold(prefix) + style.inverse(first) + style.dim(rest.join('')),
    ];
  }
  return lines.map((line, index) => {
    if (index !== cursorRow) return line;
    const [head, at, tail] = splitAtCell(line, cursorColumn);
    return style.level === 0 ? `${head}▌${at}${tail}` : head + style.inverse(at || ' ') + tail;
  });
}

function inputRows({state, columns, style, accessible}: LiveInput, most: number): DraftRows {
  const {view} = state;
  const {search, editor} = state.draft;
  const mark = search ? `search "${printable(search.query, {oneLine: true})}": ` : columns > 8 ? '› ' : '';
  const prefix = fitCells(mark, Math.max(0, columns - 4));
  const indent = cellWidth(prefix);
  if (editor.text === '' && !search) {
    const asks =
      view.approval || state.offer !== null
        ? 'y or n'
        : view.preview
          ? 'Enter imports, Esc cancels'
          : state.turn
            ? 'Enter queues, Esc stops'
            : 'Ask about your data, or / for commands';
    const ghost = accessible ? '' : fitCells(asks, Math.max(0, columns - indent - 2));
    return {lines: [style.bold(prefix) + style.dim(ghost)], cursorRow: 0, cursorColumn: indent, prefix, ghost};
  }
  const shown = printable(editor.text);
  // Escapes made by printable() are longer than what they stand for.
  const cursor = printable(editor.text.slice(0, editor.cursor)).length;
  const layout = layoutText(shown, cursor, columns - indent - 2);
  const start = Math.max(0, Math.min(layout.cursorRow - most + 1, layout.rows.length - most));
  const window = layout.rows.slice(start, start + most);
  return {
    lines: window.map((row, index) => (start + index === 0 ? style.bold(prefix) : ' '.repeat(indent)) + row),
    cursorRow: layout.cursorRow - start,
    cursorColumn: indent + layout.cursorColumn,
    prefix,
    ghost: '',
  };
}

function approvalLines({state, style}: LiveInput, width: number): string[] {
  const {approval, preview} = state.view;
  if (preview) {
    const question = style.yellow(fitCells(`? Import ${printable(preview.file, {oneLine: true})} like this?`, width));
    const keys = packed(
      preview.keys.map(each => previewWords[each]),
      width - 2,
    );
    return [question, ...keys.map(row => style.bold(fitCells(`  ${row}`, width)))];
  }
  if (!approval && state.offer !== null)
    return [
      style.yellow(fitCells('? Import this as a dataset?', width)),
      style.bold(fitCells('  y import   n write', width)),
    ];
  if (!approval) return [];
  const rows = wrapCells(`? ${printable(approval.question)}`, width).slice(0, 3);
  return [...rows.map(row => style.yellow(row)), style.bold(fitCells('  y allow   n do not', width))];
}

/** As many of `items` in a row as fit, whole. */
function packed(items: readonly string[], width: number): string[] {
  const rows: string[] = [];
  for (const item of items) {
    const joined = `${rows.at(-1)}   ${item}`;
    if (rows.length > 0 && joined.length <= width) rows[rows.length - 1] = joined;
    else rows.push(item);
  }
  return rows;
}

function popupLines({state, style}: LiveInput, width: number): string[] {
  const {popup} = state.draft;
  if (!popup) return [];
  const start = Math.max(0, Math.min(popup.selected - maxPopup + 1, popup.items.length - maxPopup));
  const items = popup.items.slice(start, start + maxPopup);
  const widest = Math.min(28, Math.max(...items.map(item => cellWidth(item.label))));
  return items.map((item, index) => {
    const label = fitCells(printable(item.label, {oneLine: true}), widest);
    const pad = ' '.repeat(Math.max(0, widest - cellWidth(label)));
    const chosen = start + index === popup.selected;
    const detail = fitCells(printable(item.detail, {oneLine: true}), Math.max(0, width - widest - 5));
    const head = `${chosen ? '▸' : ' '} ${label}${pad}`;
    if (cellWidth(head) + 4 > width) return fitCells(head, width);
    return `${chosen ? style.inverse(head) : head}  ${style.dim(detail)}`;
  });
}

function queueLines({state, style}: LiveInput, width: number): string[] {
  const {queue} = state;
  return queue.slice(0, maxQueue).map((line, index) => {
    const more = index === maxQueue - 1 && queue.length > maxQueue ? ` (and ${queue.length - maxQueue} more)` : '';
    const text = printable(clip(line.shown, 400), {oneLine: true});
    return style.dim(fitCells(fitCells(`⋯ ${text}`, Math.max(1, width - more.length)) + more, width));
  });
}

function toolLines({state, now, style}: LiveInput, width: number): string[] {
  const {tools, progress, importing} = state.view;
  const running = tools.map(tool => {
    const seconds = Math.max(0, Math.floor((now - tool.startedAt) / 1000));
    const subject = toolSubject(tool.args);
    const name = printable(tool.name, {oneLine: true});
    const text = [`▸ ${name}`, subject, seconds > 0 ? `${seconds}s` : '…'].filter(part => part !== '').join(' ');
    return style.dim(fitCells(text, width));
  });
  const said = progress === null ? [] : [style.dim(fitCells(`  ${printable(progress, {oneLine: true})}`, width))];
  if (!importing || now - importing.startedAt < importShownFromMs) return [...running, ...said];
  return [...running, style.dim(fitCells(`▸ ${importProgressLine(importing, width - 2)}`, width))];
}

/** The last rows of what is being written, styled as they will be when they are finished. */
function tailLines({state, columns, rows, style}: LiveInput, width: number): string[] {
  const most = Math.max(1, Math.floor(rows / 3));
  const longest = Math.max(2_000, columns * most);
  return pendingLines(state.view.prose)
    .slice(-most)
    .flatMap(line => {
      if (line.kind === 'table') return [fitCells(printable(line.text), width)];
      const text = printable(line.text.slice(-longest).replace(/^[\udc00-\udfff]/, ''));
      return wrapStyled(stylePending({...line, text}, {style, width, links: false}), width);
    });
}
