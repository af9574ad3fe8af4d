// A value right behind its column, without an operator: "pclass 3", "region is North", "survived is true".

import {choose, isYesNo} from './choose.ts';
import type {Scan} from './filter-ranges.ts';
import type {Condition} from './intent.ts';
import type {Item} from './items.ts';
import {compareWith, type Reading} from './operands.ts';
import {isCalendar, isYearColumn} from './periods.ts';

/** "pclass 3", "region is North", "status 'open'", "survived is true". */
export function plainValue(
  {items, remarks}: Scan,
  at: number,
  next: number,
  item: Item & {kind: 'column'},
  finish: (condition: Condition | null, end: number) => Reading | null,
): Reading | null {
  const after = items[next];
  const said = items.slice(at + 1, next).some(filler => /^(is|are|was|were|:)$/.test(filler.lower));
  if (!after) return null;
  if (after.kind === 'number' && (said || next === at + 1)) {
    const column = choose(item, 'measure', remarks);
    const postfix = items[next + 1];
    if (postfix?.kind === 'meaning' && postfix.meaning.kind === 'postfix') {
      return finish(compareWith(column, postfix.meaning.op, after, remarks), next + 2);
    }
    return said || column.distinctCount <= 60 || isYearColumn(column) || isCalendar(column)
      ? finish(compareWith(column, '=', after, remarks), next + 1)
      : null;
  }
  const startsClause = ['where', 'when', 'whose', 'with', 'and', 'or', 'if', 'for'].includes(
    items[at - 1]?.lower ?? '',
  );
  // "in cabin A3": a code or a name right behind the column, which need not be a frequent value.
  const isCode =
    after.kind === 'word' &&
    next === at + 1 &&
    /[A-Z0-9]/.test(after.text) &&
    item.matches.some(match => match.column.kind === 'text');
  if (after.kind === 'quoted' || isCode || (after.kind === 'word' && said && startsClause)) {
    const column = choose(item, 'text', remarks);
    return finish(compareWith(column, '=', after, remarks), next + 1);
  }
  if (after.kind === 'period' && (said || next === at + 1)) {
    const column = choose(item, 'time', remarks);
    return finish(compareWith(column, '=', after, remarks), next + 1);
  }
  if (/^(true|false|yes|no)$/.test(after.lower) && item.matches.some(match => isYesNo(match.column))) {
    return finish(compareWith(choose(item, 'measure', remarks), '=', after, remarks), next + 1);
  }
  return null;
}
