// Joins conditions by and/or, and reads contradictions as people mean them: "men and women" is either, not both.

import {isYesNo} from './choose.ts';
import type {Scan} from './filter-ranges.ts';
import type {Condition} from './intent.ts';

/** No row is both female and male: two values of one column in one clause are alternatives. */
export function mergeValues(group: Condition[], {items, remarks}: Scan): Condition[] {
  const merged: Condition[] = [];
  for (const condition of group) {
    const at = merged.findIndex(
      other => other.kind === 'in' && condition.kind === 'in' && other.column === condition.column,
    );
    const opposite = merged.findIndex(earlier => isOpposite(earlier, condition));
    if (opposite >= 0 && 'column' in condition) {
      merged.splice(opposite, 1);
      remarks.contrast ??= 'split';
      remarks.splitBy = condition.column;
      continue;
    }
    const other = merged[at];
    if (other?.kind !== 'in' || condition.kind !== 'in') {
      merged.push(condition);
      continue;
    }
    merged[at] = {...other, values: [...new Set([...other.values, ...condition.values])]};
    if (items.some(({lower}) => / ?than$/.test(lower))) remarks.contrast = 'compare';
  }
  return merged;
}

/** "members and non-members" are all rows, told apart. */
function isOpposite(a: Condition, b: Condition): boolean {
  if (a.kind !== 'compare' || b.kind !== 'compare' || a.column !== b.column || a.op !== '=' || b.op !== '=')
    return false;
  return isYesNo(a.column) && 'value' in a.value && 'value' in b.value && a.value.value !== b.value.value;
}

export function joinConditions(kind: 'and' | 'or', conditions: Condition[]): Condition {
  const [only] = conditions;
  return conditions.length === 1 && only ? only : {kind, conditions};
}
