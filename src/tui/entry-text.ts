// Writes a finished entry as text for the screen: whole logical lines, never wrapped or padded, so they copy as they are.

import type {ChalkInstance} from 'chalk';
import type {Table} from '../core/dataset.ts';
import type {AgentEvent, StampedEvent} from '../core/events.ts';
import {clip, formatBytes, formatCount, printable, sizeWords} from '../core/text.ts';
import type {Artifact, ToolResult} from '../core/tool.ts';
import {type ChartPicture, pictureText} from './pictured-entries.ts';
import {styleProse} from './prose-text.ts';
import type {Entry} from './view-model.ts';

/** `describeEvent` says a resilience event in one line; null leaves it out. */
export type EntryFormat = {
  style: ChalkInstance;
  width: number;
  /** The terminal shows links (OSC 8). */
  links: boolean;
  /** The address of a file in the workspace, for such a link. */
  fileUrl?: ((path: string) => string) | undefined;
  /** The chart as a picture of the terminal; null draws it with characters. */
  pictureOf?: ((chart: Artifact) => ChartPicture | null) | undefined;
  renderTable(table: Table, width: number): string;
  describeEvent(event: StampedEvent): string | null;
};

/** The lines of `entry`, joined by `\n` without a last one; empty when there is nothing to show. */
export function entryText(entry: Entry, format: EntryFormat): string {
  const {style} = format;
  switch (entry.kind) {
    case 'line_sent':
      return `\n${style.bold('›')} ${style.bold(indent(printable(entry.text)))}`;
    case 'reading':
      return style.dim(`  = ${oneLine(entry.text)}`);
    case 'prose':
      return entry.lines.map(line => styleProse({...line, text: printable(line.text)}, format)).join('\n');
    case 'tool':
      return toolText(entry, format);
    case 'import':
      return importText(entry.event, style);
    case 'import_rejected':
      return `${style.red(`✗ ${oneLine(entry.file)} was not imported: ${oneLine(entry.message)}`)}${hint(entry.hint, style)}`;
    case 'preview':
      return joined([...entry.lines.map(line => printable(line)), tableText(entry.table, format)]);
    case 'command': {
      const text = entry.ok
        ? withTables(styled(entry.text, style), format)
        : style.red(`✗ ${styled(entry.text, style)}`);
      const charts = entry.charts.map(chart => chartText(chart, format));
      return joined([...charts, text.trimEnd(), entry.table ? tableText(entry.table, format) : '']);
    }
    case 'caution': {
      const {severity, message, receipt} = entry.caution;
      return style.dim(`${severity === 'warn' ? '!' : '·'} #${receipt} ${oneLine(message)} /explain`);
    }
    case 'unsupported':
      return style.yellow(`⚠ ${oneLine(entry.text)}`);
    case 'notice':
      return entry.level === 'warn'
        ? style.yellow(`! ${printable(entry.message)}`)
        : style.dim(`· ${printable(entry.message)}`);
    case 'resilience': {
      const line = format.describeEvent(entry.event);
      return line === null ? '' : style.yellow(`! ${oneLine(line)}`);
    }
    case 'error':
      return `${style.red(`✗ ${printable(entry.message)}`)}${hint(entry.hint, style)}`;
    case 'approval':
      return `${entry.approved ? style.green('✓ allowed') : style.red('✗ not allowed')}: ${oneLine(entry.question)}`;
    case 'stopped':
      return style.yellow('■ stopped');
    case 'limit':
      return style.yellow('■ a limit was reached; the answer is partial');
    case 'next_steps': {
      const lines = entry.steps.map((step, index) => `  ${style.cyan(String(index + 1))}  ${oneLine(step.label)}`);
      return `\n${style.bold('Next steps')} ${style.dim('(type a number)')}\n${lines.join('\n')}`;
    }
    default:
      entry satisfies never;
      return '';
  }
}

/** `entries` as they are written, each ended by a newline. An answer stands apart from the tool lines above it. */
export function entriesText(entries: readonly Entry[], previous: Entry['kind'] | null, format: EntryFormat): string {
  let before = previous;
  let text = '';
  for (const entry of entries) {
    const shown = entryText(entry, format);
    if (shown === '' && entry.kind !== 'prose') continue;
    const apart = entry.kind === 'prose' && shown !== '' && (before === 'tool' || before === 'reading');
    text += `${apart ? '\n' : ''}${shown}\n`;
    before = entry.kind;
  }
  return text;
}

/** Tables that stand in the text of a command are laid out for the width, as those of answers are. */
function withTables(text: string, format: EntryFormat): string {
  return text.replaceAll(/^\|.*\|\n\|(?: ?:?-+:? ?\|)+(?:\n\|.*\|)*$/gm, table =>
    styleProse({kind: 'table', text: table}, format),
  );
}

/** What a tool is asked, short: the dataset or file it names. */
export function toolSubject(args: unknown): string {
  if (typeof args !== 'object' || args === null) return '';
  const fields = new Map(Object.entries(args));
  for (const name of ['dataset', 'path', 'mark', 'name', 'sql']) {
    const value = fields.get(name);
    if (typeof value === 'string') return clip(oneLine(value.replace(/\s+/g, ' ').trim()), 48);
  }
  return '';
}

function toolText(entry: Extract<Entry, {kind: 'tool'}>, format: EntryFormat): string {
  const {style} = format;
  const {name, args, ms, result, tabled} = entry;
  if (!result.ok) {
    const subject = toolSubject(args);
    const head = `▸ ${oneLine(name)}${subject === '' ? '' : ` ${subject}`}`;
    return `${style.red(`${head} ✗ ${oneLine(result.message)}`)}${hint(result.hint, style)}`;
  }
  const {receipt, table, artifacts} = result;
  const names = receipt.datasets.map(dataset => oneLine(dataset.name)).join(', ') || toolSubject(args);
  const line = [
    `▸ ${oneLine(name)}`,
    names,
    rowsText(result),
    `${formatCount(Math.round(ms))} ms`,
    receipt.sampled ? 'SAMPLE' : '',
  ].filter(part => part !== '');
  return joined([
    `${style.dim(line.join(' '))}  ${style.cyan(`#${receipt.id}`)}`,
    tabled && table && table.rows.length > 0 ? tableText(table, format) : '',
    ...(artifacts ?? []).map(artifact =>
      joined([
        chartText(artifact, format),
        artifact.path ? `  ${style.dim(`${oneLine(artifact.title)}:`)} ${fileLink(artifact.path, format)}` : '',
      ]),
    ),
  ]);
}

/** The chart at the start of a row; a picture is told in words too, for whoever reads or copies the text. */
function chartText(chart: Artifact, {style, pictureOf}: EntryFormat): string {
  const picture = pictureOf?.(chart);
  if (picture) return pictureText(picture) + style.dim(oneLine(picture.caption));
  return chart.preview ? styled(chart.preview, style).trimEnd() : '';
}

/** The path, as a link where the terminal shows links. The address is percent-encoded, so nothing in it can end the link. */
function fileLink(path: string, {style, links, fileUrl}: EntryFormat): string {
  const shown = style.dim(oneLine(path));
  return links && fileUrl ? `\x1b]8;;${fileUrl(path)}\x1b\\${shown}\x1b]8;;\x1b\\` : shown;
}

function rowsText(result: Extract<ToolResult, {ok: true}>): string {
  const {table, receipt} = result;
  const read = receipt.rowsRead > 0 ? formatCount(receipt.rowsRead) : '';
  if (!table) return read === '' ? '' : `${read} rows`;
  const count = table.totalRows ?? table.rows.length;
  const out = `${table.totalRows === null ? '≥ ' : ''}${formatCount(count)} ${count === 1 ? 'row' : 'rows'}`;
  return read === '' ? out : `${read} → ${out}`;
}

function importText(event: Extract<AgentEvent, {type: 'dataset_added'}>, style: ChalkInstance): string {
  const size = sizeWords(event.rows, event.columns);
  const head = `${style.green('✓')} ${oneLine(event.name)} v${event.version}: ${size}`;
  const tail = style.dim(` (${oneLine(event.format)}, ${formatBytes(event.sizeBytes)})`);
  return joined([head + tail, ...event.warnings.map(warning => style.yellow(`  ! ${oneLine(warning)}`))]);
}

function tableText(table: Table, {renderTable, width, style}: EntryFormat): string {
  return styled(renderTable(table, width), style).trimEnd();
}

/** Text of ours that may be coloured: colour codes pass when colour is on, everything else is made printable. */
function styled(text: string, style: ChalkInstance): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colour codes start with a control character
  const parts = text.split(/(\x1b\[[\d;]*m)/);
  return parts.map((part, index) => (index % 2 === 0 ? printable(part) : style.level > 0 ? part : '')).join('');
}

function oneLine(text: string): string {
  return printable(text, {oneLine: true});
}

function hint(text: string | undefined, style: ChalkInstance): string {
  return text === undefined ? '' : `\n  ${style.dim(printable(text))}`;
}

function indent(text: string): string {
  return text.replaceAll('\n', '\n  ');
}

function joined(parts: string[]): string {
  return parts.filter(part => part !== '').join('\n');
}
