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
    const times = merged.findIndex(earlier => areTimes(earlier, condition));
    const earlier = merged[times];
    if (earlier) {
      merged[times] = eitherTime(earlier, condition);
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

/** "in June and July", "in 2022 and 2023": no day lies in both. */
export function areTimes(a: Condition, b: Condition): boolean {
  const [first] = a.kind === 'or' ? a.conditions : [a];
  if (first?.kind === 'within' && b.kind === 'within') return first.column === b.column;
  return a.kind === 'part' && b.kind === 'part' && a.column === b.column && a.part === b.part;
}

function eitherTime(a: Condition, b: Condition): Condition {
  if (a.kind === 'part' && b.kind === 'part')
    return {...a, values: [...new Set([...a.values, ...b.values])], label: `${a.label}, ${b.label}`};
  return joinConditions('or', [...(a.kind === 'or' ? a.conditions : [a]), b]);
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
