// What remains of a question: comparisons that named no column, and words that nothing took.

import type {Column} from '../../core/dataset.ts';
import {hintedColumn, isNumeric, isYesNo, measureColumns} from './choose.ts';
import {numberRange, type OpenComparison} from './filter-ranges.ts';
import type {Condition} from './intent.ts';
import type {Item} from './items.ts';
import {joinConditions} from './join-conditions.ts';
import {namesRows} from './measures.ts';
import {moneyColumns} from './money.ts';
import type {Parts} from './parts.ts';

/** "orders over 100" compares the column that is measured, else the only number column there is. */
export function settleOpen(parts: Parts, open: OpenComparison[]): void {
  for (const comparison of open) {
    const age = personAge(parts, comparison);
    const named = [...parts.measures.map(measure => measure.column), ...parts.columns].find(
      column => column && isNumeric(column) && !(isYesNo(column) && comparison.from > 1),
    );
    const numbers = measureColumns(parts.subject);
    const column =
      age ?? named ?? (numbers.length === 1 ? numbers[0] : null) ?? hintedOnly(parts) ?? inMoney(parts, comparison);
    if (!column) {
      const names = numbers
        .filter(other => !isYesNo(other) && other.distinctCount > 12)
        .slice(0, 4)
        .map(({name}) => name);
      parts.remarks.problems.push({
        reason: `“${comparison.text}” names no column.`,
        suggestions: names.map(name => `where ${name} ${comparison.text}`),
      });
      continue;
    }
    parts.remarks.notes.push(`“${comparison.text}” was applied to ${column.name}.`);
    const {op, from, to} = comparison;
    const condition: Condition =
      to === null ? {kind: 'compare', column, op, value: {kind: 'number', value: from}} : numberRange(column, from, to);
    parts.where = parts.where ? joinConditions('and', [parts.where, condition]) : condition;
  }
}

/** "males under 18": where the rows are people, a small number said beside them is their age. */
function personAge(parts: Parts, {from, to}: OpenComparison): Column | null {
  const age = hintedColumn('age', parts.subject);
  const named = parts.measures.some(({column}) => column === age);
  return age && !named && Math.max(from, to ?? from) <= 120 && Number(age.max) <= 130 ? age : null;
}

/** "orders over 1000": the money, where a number of that size can be one. */
function inMoney({subject, remarks}: Parts, {from, to, text}: OpenComparison): Column | null {
  // "more than 8" may count something.
  if (from < 100 && /^(more|fewer|less) than/i.test(text)) return null;
  const fitting = moneyColumns(subject).filter(
    ({min, max}) => Number(min) <= (to ?? from) && from <= Number(max) && Number(max) > 20,
  );
  const [first, ...others] = fitting;
  const names = others.slice(0, 2).map(({name}) => name);
  if (first && names.length > 0)
    remarks.alternatives.push(`It could also mean ${names.join(' or ')}; name the column to be sure.`);
  return first ?? null;
}

function hintedOnly(parts: Parts): Column | null {
  return parts.superlative?.hint ? hintedColumn(parts.superlative.hint, parts.subject) : null;
}

/** Words that nothing took: harmless ones are forgotten, a filter that was not understood is a problem. */
export function readLeftovers(items: Item[], parts: Parts): void {
  for (const [at, item] of items.entries()) {
    if (item.used || !['word', 'quoted'].includes(item.kind)) continue;
    if (item.kind === 'word' && (namesRows(item.lower, parts.subject) || item.lower.length < 2)) continue;
    const before = items[at - 1]?.lower ?? '';
    const filters =
      /^(in|for|from|where|with|among|only|at|during|not|except|excluding|=|only for|just for|than|is|over|before|after)$/.test(
        before,
      );
    const isNoun =
      item.kind === 'word' && /[^s]s$/.test(item.text) && item.text === item.lower && /^(for|among|with)$/.test(before);
    if (filters && !isNoun && !(before === 'is' && at < 3)) {
      const reason = `I do not know “${item.text}” in ${parts.subject.name}: it is no column and no frequent value.`;
      parts.remarks.problems.push({reason, suggestions: []});
    } else parts.unread.push(item.text);
  }
}
