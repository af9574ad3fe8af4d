// What of a tool's result may be sent. Whatever a tool did not declare to be harmless stays here.

import type {ToolMessage} from '../core/chat.ts';
import type {Cell, Table} from '../core/dataset.ts';
import {
  type CountedExposure,
  type DisclosedPart,
  type Disclosure,
  type Exposure,
  type PrivacyPolicy,
  smallestGroup,
} from '../core/privacy.ts';
import {clip, formatCount, printable} from '../core/text.ts';
import type {ToolFailure, ToolResult} from '../core/tool.ts';
import {renderMarkdownTable} from '../render/table.ts';
import type {Hidden} from './hidden.ts';

/** `rows` and `cells` of the result that `text` holds. */
export type Sent = {text: string; rows: number; cells: number};

export type Rules = {policy: PrivacyPolicy; hidden: Hidden};

type Success = Extract<ToolResult, {ok: true}>;

const shownRows = 20;
const withheld = '(withheld)';

/** True when nothing has to be looked at: single rows may go, and no column is to be hidden. */
export function isOpen({policy}: Rules): boolean {
  return policy.level === 'rows' && policy.neverSend.length === 0;
}

/** What may be sent of a success; nothing of a failure, which `sentFailure` is for. */
export function sentResult({result}: ToolMessage, rules: Rules): Sent {
  if (!result.ok) return {text: '', rows: 0, cells: 0};
  const {disclosure, table, receipt} = result;
  if (isOpen(rules)) return whole(result);
  if (!disclosure) {
    const free = rules.policy.level === 'rows' && !receipt.datasets.some(each => rules.hidden.inDataset(each.name));
    return free ? whole(result) : shapeOnly(result, rules);
  }
  if (rules.policy.level === 'schema') return shapeOnly(result, rules);
  const may = (about: CountedExposure, cell: Cell = 0, isTime = false) =>
    mayLeave(about, rules, receipt.datasets, cell, isTime);
  if (disclosure.parts) return {...byPart(result, disclosure.parts, may), rows: 0, cells: 0};
  if (!table || !disclosure.columns) return {text: disclosure.bare ?? '', rows: 0, cells: 0};
  return byCell(result, disclosure, table, may);
}

type May = (about: CountedExposure, cell?: Cell, isTime?: boolean) => boolean;

function byPart(result: Success, parts: readonly DisclosedPart[], may: May): {text: string} {
  const kept: string[] = [];
  let at = 0;
  let left = 0;
  for (const {length, about, otherwise} of parts) {
    const text = result.summary.slice(at, at + length);
    at += length + 1;
    if (!may(about)) left++;
    const shown = may(about) ? text : otherwise;
    if (shown) kept.push(shown);
  }
  if (left === 0) return {text: result.summary};
  const note = `(${left} of ${parts.length} parts of result #${result.receipt.id} are withheld; the user sees them.)`;
  return {text: fitted(result, [...kept, note])};
}

function byCell(result: Success, {bare, columns = [], rows = []}: Disclosure, table: Table, may: May): Sent {
  let left = 0;
  let cells = 0;
  const shown: Cell[][] = [];
  for (const [index, row] of table.rows.slice(0, shownRows).entries()) {
    const n = rows[index]?.n ?? 0;
    const parts = row.map((cell, at) => {
      const about = columns[at] ?? {kind: 'value' as const, from: null};
      // Counts beside the name of a small group would tell of that group.
      const labelled = about.kind === 'count' && columns.some(({kind}) => kind === 'group' || kind === 'value');
      const isTime = table.columns[at]?.kind === 'time';
      return may({...about, kind: labelled ? 'group' : about.kind, n}, cell, isTime) ? cell : null;
    });
    const stay = row.filter((cell, at) => cell !== null && parts[at] === null).length;
    left += stay;
    cells += row.length - stay;
    shown.push(parts.map((part, at) => (part === null && row[at] !== null ? withheld : part)));
  }
  if (left === 0) return {text: result.summary, rows: shown.length, cells};
  const named = {
    ...table,
    columns: table.columns.map((column, at) => ({...column, name: nameOf(column.name, columns[at])})),
  };
  const whole = shown.filter(row => row.some(cell => cell !== withheld && cell !== null));
  const text = fitted(result, [
    ...(whole.length > 0 ? [renderMarkdownTable({...named, rows: whole, totalRows: whole.length})] : []),
    ...(bare ? [bare] : []),
    `Result #${result.receipt.id}: ${shapeOf(named)}. ${formatCount(left)} cells are withheld (single values, groups of fewer than ${smallestGroup} rows, or never-send columns); the user sees all of it.`,
  ]);
  return {text, rows: whole.length, cells};
}

/** Names of what could not be traced may be made of values, as those of a pivot are. */
function nameOf(name: string, about: Exposure | undefined): string {
  return about && about.from !== null ? name : 'column';
}

function mayLeave(
  {kind, from, n}: CountedExposure,
  {policy, hidden}: Rules,
  datasets: readonly {name: string}[],
  cell: Cell,
  isTime: boolean,
): boolean {
  if (cell === null || kind === 'name') return true;
  const isHidden = from === null ? datasets.some(each => hidden.inDataset(each.name)) : from.some(hidden.has);
  if (isHidden && !(kind === 'count' && from !== null)) return false;
  if (policy.level === 'rows' || kind === 'count') return true;
  if (kind === 'value' || n < smallestGroup) return false;
  // The least of texts is a text of one row.
  return kind === 'group' || typeof cell !== 'string' || isTime;
}

function whole({summary, table}: Success): Sent {
  const rows = Math.min(shownRows, table?.rows.length ?? 0);
  return {text: summary, rows, cells: rows * (table?.columns.length ?? 0)};
}

function shapeOnly(result: Success, {policy}: Rules): Sent {
  const {disclosure, table, receipt} = result;
  const named = table && {
    ...table,
    columns: table.columns.map((column, at) => ({
      ...column,
      name: nameOf(column.name, disclosure?.columns?.[at]),
    })),
  };
  const columns = named
    ? `: ${named.columns.map(({name, type}) => `${printable(name, {oneLine: true})}${type ? ` ${type}` : ''}`).join(', ')}`
    : '';
  const shape = named ? `Result #${receipt.id}: ${shapeOf(named)}${columns}. ` : '';
  const why = policy.level === 'rows' ? 'it may hold never-send columns' : `the level is ${policy.level}`;
  const said = disclosure?.bare;
  const noValues = said !== undefined && !disclosure?.columns && !disclosure?.parts;
  return {
    text: fitted(result, [
      ...(said ? [said] : []),
      ...(noValues ? [] : [`${shape}Its values are withheld, since ${why}; the user sees them.`]),
    ]),
    rows: 0,
    cells: 0,
  };
}

function shapeOf(table: Table): string {
  const rows = table.totalRows ?? table.rows.length;
  const counted = (count: number, noun: string) => `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
  return `${counted(rows, 'row')} × ${counted(table.columns.length, 'column')}`;
}

/** A result that was shortened to fit the context is not made longer here. */
function fitted({summary}: Success, lines: readonly string[]): string {
  return clip(lines.join('\n'), Math.max(summary.length, 800));
}

/** Failures whose words are names and the model's own arguments; others may quote a cell. */
const harmlessCodes = new Set(
  (
    'sql.unknown_column sql.unknown_dataset sql.not_select sql.syntax dataset.unknown dataset.none dataset.exists dataset.bad_name ' +
    'dataset.unknown_version tool.unknown tool.arguments_not_json tool.arguments_invalid tool.not_finished reply.cut aborted ' +
    'approval.denied chart.y_missing chart.y_not_number chart.x_not_number chart.unknown_column profile.unknown_column ' +
    'analysis.unknown_column analysis.not_numeric correlate.too_few_columns correlate.not_numeric correlate.too_large ' +
    'test.unknown test.needs regress.target_is_feature regress.feature_count logit.not_binary import.not_found'
  ).split(' '),
);

/** What is sent of a failure. Of the engine's errors those of planning come before any row is read. */
export function sentFailure(failure: ToolFailure, rules: Rules): ToolFailure {
  if (isOpen(rules) || harmlessCodes.has(failure.code)) return failure;
  if (failure.code === 'sql.failed' && /^(Binder|Catalog) Error: /.test(failure.message)) return failure;
  const {ok, code} = failure;
  return {
    ok,
    code,
    message: 'The message may quote data and was not sent; the user sees it.',
    hint: 'Try another way once.',
  };
}
