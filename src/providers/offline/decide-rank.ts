// "Top 5 products by revenue", "which region has the highest average price", "10 most expensive": groups or rows in order.

import type {Column} from '../../core/dataset.ts';
import {defaultMeasure, unclear} from './choices.ts';
import {appeal, hintedColumn, isIdentifier, isMeasurable, isNumeric, measureColumns} from './choose.ts';
import type {About, Direction, Intent, Key, Measure} from './intent.ts';
import {periodKey} from './keys.ts';
import {hintPieces} from './meanings.ts';
import {moneyColumns} from './money.ts';
import {piecesOf} from './names.ts';
import type {Parts} from './parts.ts';
import {isCalendar} from './periods.ts';

const rowsShown = 5;
const groupsShown = 5;

export function decideRank(parts: Parts, about: About): Intent | null {
  if (parts.cues.has('frequent')) return mostFrequent(parts, about);
  const {superlative} = parts;
  if (!superlative) return sortedRows(parts, about);
  const isSpeed = superlative.hint === 'speed';
  const hinted = superlative.hint
    ? (hintedColumn(superlative.hint, parts.subject) ?? (isSpeed ? hintedColumn('duration', parts.subject) : null))
    : null;
  if (superlative.hint && !hinted && parts.columns.filter(isMeasurable).length === 0 && parts.measures.length === 0) {
    return unclear(
      parts,
      `No column of ${parts.subject.name} tells what “${superlative.hint}” is; name the column to order by.`,
    );
  }
  const direction = towards(superlative.direction, parts.columns.find(isMeasurable) ?? hinted, isSpeed);
  const group = groupOf(parts, hinted);
  if (group) return rankGroups(parts, about, group, direction, hinted);
  return rankRows(parts, about, direction, hinted);
}

/** "sort by revenue": the rows in that order, the largest first unless it is said otherwise. */
function sortedRows(parts: Parts, about: About): Intent | null {
  const column = parts.columns[0] ?? parts.keys[0]?.column;
  const sorts = /\b(sort|sorted|order by|ordered by|rank|ranked|ranking)\b/.test(parts.text);
  // "rank regions by revenue" is about groups.
  if (column?.kind === 'text' && parts.keys.some(key => isNumeric(key.column))) return null;
  if (!sorts || !column || parts.measures.length > 0 || parts.bare.length > 0) return null;
  const direction = /\b(asc|ascending|smallest first|lowest first)\b/.test(parts.text) ? 'asc' : 'desc';
  return {kind: 'rank_rows', by: column, direction, limit: parts.limit ?? 10, ...about};
}

/** The oldest by a birth date is the smallest value, and so is the fastest by what it takes. */
function towards(direction: Direction, column: Column | null, isSpeed: boolean): Direction {
  const isBirth = column !== null && /birth|born/i.test(column.name);
  const isTaken =
    isSpeed && column !== null && piecesOf(column.name).some(piece => hintPieces.duration.includes(piece));
  return isBirth || isTaken ? (direction === 'desc' ? 'asc' : 'desc') : direction;
}

function mostFrequent(parts: Parts, about: About): Intent | null {
  const [column] = [...parts.columns, ...parts.keys.map(key => key.column)];
  const period = parts.period ? periodKey(parts.period, parts.subject) : null;
  const key: Key | null = parts.asked ?? (column ? {column, part: null} : period);
  if (!key) return null;
  const direction = parts.superlative?.direction ?? 'desc';
  const outer = parts.keys.filter(other => other.column !== key.column);
  if (outer.length > 0 && groupsRows(parts)) {
    const pick = {direction, limit: parts.limit ?? 1, within: true};
    return {kind: 'aggregate', measures: [{fn: 'count', column: null}], keys: [...outer, key], pick, ...about};
  }
  const pick = {direction, limit: parts.limit ?? groupsShown};
  return {kind: 'aggregate', measures: [{fn: 'count', column: null}], keys: [key], pick, ...about};
}

/** "per class", "in each region": what follows groups the rows, it is not what they are ordered by. */
const groupsRows = ({text}: Parts) => /\b(each|every|per|within)\b/.test(text);

/** What is ranked, if it is groups: the thing asked for, a column of categories, or a period. */
function groupOf(parts: Parts, hinted: Column | null): Key | null {
  const {asked, subject} = parts;
  const single = (column: Column) =>
    column.distinctCount >= subject.rows - column.nullCount || isIdentifier(column, subject.rows);
  const usable = (key: Key) =>
    key.column !== hinted && !(single(key.column) && (key.part === null || key.part === 'day'));
  const isValue = asked !== null && isNumeric(asked.column) && asked.column.distinctCount > 50;
  if (asked && !isValue) return usable(asked) ? asked : null;
  const spoken = parts.keys.find(
    key =>
      usable(key) &&
      (!isNumeric(key.column) || parts.columns.length + parts.measures.length > 0) &&
      key.column.kind !== 'nested',
  );
  // Bands that the question makes of a number are groups, whatever they are made of.
  const banded = parts.keys.find(key => subject.derived?.some(({name}) => name === key.column.name));
  if (banded) return banded;
  const named = parts.columns.find(
    column => column !== hinted && !isNumeric(column) && !isCalendar(column) && usable({column, part: null}),
  );
  if (named) return {column: named, part: null};
  // "top 3 dates by revenue": the rows of each date together.
  const dated = parts.columns.find(column => column !== hinted && isCalendar(column));
  if (dated && (parts.measures.length > 0 || parts.keys.some(key => isMeasurable(key.column)))) {
    const key: Key = {column: dated, part: dated.type === 'DATE' ? null : 'day'};
    if (usable(key)) return key;
  }
  if (parts.period) {
    const key = periodKey(parts.period, subject);
    if (key && usable(key)) return key;
  }
  const other = (column: Column) =>
    parts.keys.some(key => isNumeric(key.column) && key.column !== column) ||
    parts.measures.some(measure => measure.column !== null && measure.column !== column);
  const numericGroup = parts.columns.find(column => isNumeric(column) && column.distinctCount <= 50 && other(column));
  if (numericGroup) return {column: numericGroup, part: null};
  return spoken && !isMeasurable(spoken.column) ? spoken : null;
}

function rankGroups(parts: Parts, about: About, group: Key, direction: Direction, hinted: Column | null): Intent {
  const others = [...parts.columns, ...parts.keys.map(({column}) => column)].filter(column => column !== group.column);
  const value = others.find(isMeasurable) ?? hinted ?? tradedColumn(parts, about) ?? bestBy(parts, about);
  const [given] = parts.measures;
  const asksTop =
    parts.asked !== null ||
    parts.limit !== null ||
    !parts.spokenKeys ||
    parts.keys.some(key => key.column !== group.column);
  // "highest price by region" asks for each region's own highest.
  if (!asksTop && value && !given) {
    const fn = direction === 'desc' ? 'max' : 'min';
    return {kind: 'aggregate', measures: [{fn, column: value}], keys: parts.keys, pick: null, ...about};
  }
  const measure: Measure =
    given ?? bareMeasure(parts, value) ?? (value ? defaultMeasure(value, about) : {fn: 'count', column: null});
  const extra = parts.keys.filter(key => key.column !== group.column && key.column !== measure.column);
  // "top 3 customers per region": the regions are not what is ranked, and the column that is one was not named.
  if (extra.length === 0 && groupsRows(parts) && !given && parts.limit !== null && parts.keys.includes(group)) {
    const reason = `I could not tell what is ranked within each ${group.column.name}, and by which column.`;
    return unclear(parts, reason);
  }
  const measured = extra.find(
    ({column}) => isNumeric(column) && column.distinctCount > 50 && !isIdentifier(column, parts.subject.rows),
  );
  if (measured) {
    const reason = `I could not tell whether ${measure.column?.name ?? 'the rows'} or ${measured.column.name} is what ${group.column.name} is ranked by.`;
    return unclear(parts, reason, [
      `top ${parts.limit ?? groupsShown} ${group.column.name} by ${measured.column.name}`,
    ]);
  }
  const within = extra.length > 0 && groupsRows(parts);
  if (within) {
    const pick = {direction, limit: parts.limit ?? 1, within};
    return {kind: 'aggregate', measures: [measure], keys: [...extra, group], pick, ...about};
  }
  const keys = [group, ...extra];
  if (extra.length > 0) {
    about.notes.push(
      `Ranked over all combinations, not within each ${extra.map(({column}) => column.name).join(', ')}.`,
    );
  }
  return {kind: 'aggregate', measures: [measure], keys, pick: {direction, limit: parts.limit ?? groupsShown}, ...about};
}

/** "best region", "top customers": by what they bring in, where there is a column of money. */
function bestBy(parts: Parts, about: About): Column | null {
  const word = /\b(best|worst|top|bottom)\b/.exec(parts.text)?.[1];
  if (!word || parts.measures.length > 0 || parts.bare.length > 0) return null;
  const money = moneyColumns(parts.subject);
  const [first] = money;
  if (first) {
    const others = money
      .slice(1, 3)
      .map(({name}) => name)
      .join(' or ');
    about.notes.push(
      `“${word}” names no column, so ${first.name} was taken${others ? ` (${others} could be meant too)` : ''}.`,
    );
    about.alternatives.push('“most common” ranks by the number of rows.');
  }
  return first ?? hintedColumn('rating', parts.subject);
}

/** "sold the most" speaks of quantities, "spent the most" of money. */
export function tradedColumn(parts: Parts, about: About): Column | null {
  if (parts.measures.length > 0) return null;
  const sold = /\b(sold|sell|sells|selling|bought|ordered)\b/.exec(parts.text)?.[0];
  const spent = /\b(spent|spend|spends|spending|paid|pays|earned|earns|valuable|profitable)\b/.exec(parts.text)?.[0];
  const column =
    sold && !/\bhow much\b/.test(parts.text)
      ? hintedColumn('sold', parts.subject)
      : (sold ?? spent)
        ? hintedColumn('money', parts.subject)
        : null;
  if (column) {
    about.notes.push(`“${sold ?? spent}” was read as the total of ${column.name}.`);
    parts.unread = parts.unread.filter(word => word.toLowerCase() !== (sold ?? spent));
  }
  return column;
}

/** "who paid the most" asks for rows. */
function spentBy(parts: Parts, about: About): Column | null {
  const word = /\b(paid|pays|pay|spent|spends|spend|earned|earns)\b/.exec(parts.text)?.[1];
  const [first] = word ? moneyColumns(parts.subject) : [];
  if (first) about.notes.push(`“${word}” was read as ${first.name}.`);
  if (first) parts.unread = parts.unread.filter(each => each.toLowerCase() !== word);
  return first ?? null;
}

function bareMeasure(parts: Parts, value: Column | null): Measure | null {
  const [fn] = parts.bare;
  return fn && value ? {fn, column: value} : null;
}

function rankRows(parts: Parts, about: About, direction: Direction, hinted: Column | null): Intent | null {
  const [given] = parts.measures;
  const named =
    parts.columns.find(column => isMeasurable(column) || column.kind === 'time') ??
    (hinted && groupsRows(parts)
      ? null
      : parts.keys.find(({column}) => isMeasurable(column) || column.kind === 'time')?.column);
  const asked = parts.asked && isMeasurable(parts.asked.column) ? parts.asked.column : null;
  const by = named ?? hinted ?? given?.column ?? asked ?? spentBy(parts, about);
  const wantsRows =
    parts.limit !== null ||
    parts.asked !== null ||
    hinted !== null ||
    parts.cues.has('rows') ||
    parts.cues.has('show') ||
    parts.cues.has('which');
  if (
    !by &&
    parts.measures.length === 0 &&
    parts.bare.length === 0 &&
    parts.columns.length === 0 &&
    parts.keys.length === 0
  ) {
    const names = measureColumns(parts.subject)
      .sort((a, b) => appeal(b) - appeal(a))
      .slice(0, 4);
    const [first] = names;
    const said = names.map(({name}) => name).join(', ');
    return unclear(
      parts,
      `By which column? Number columns of ${parts.subject.name}: ${said || 'none'}.`,
      first ? [`top ${parts.limit ?? 5} by ${first.name}`] : [],
    );
  }
  if (!by) return null;
  if (given && !parts.asked && parts.limit === null) return null;
  const isNoun =
    named !== undefined &&
    hinted === null &&
    parts.asked === null &&
    parts.limit === null &&
    !parts.cues.has('rows') &&
    !parts.cues.has('show') &&
    !/^who\b/.test(parts.text);
  if (isNoun || !wantsRows) {
    const fn = direction === 'desc' ? 'max' : 'min';
    const keys = parts.keys.filter(({column}) => column !== by);
    return {kind: 'aggregate', measures: [{fn, column: by}], keys, pick: null, ...about};
  }
  return {kind: 'rank_rows', by, direction, limit: parts.limit ?? rowsShown, ...about};
}
