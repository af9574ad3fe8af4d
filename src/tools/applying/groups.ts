// The same model for different groups of rows: how good it is for each, and whom it picks.

import {ToolError} from '../../core/errors.ts';
import {formatCount, formatNumber} from '../../core/text.ts';
import type {Estimate} from '../../models/evaluate/evaluate.ts';
import type {RawColumn} from '../../models/raw-columns.ts';
import {renderMarkdownTable} from '../../render/table.ts';
import type {Line} from '../disclose.ts';
import {pairsOf, tableOf} from '../result-table.ts';
import type {Applied} from './apply-model.ts';
import type {Scores} from './scores.ts';

const mostGroups = 12;
const fewRows = 30;

/**
 * Of two classes: `selected` is the share predicted as the second one, `hitRate` that share among the rows that are of it
 * (recall), `falseRate` among those that are not. Null where there are no such rows, or it is no choice of two.
 */
type Selected = {selected: number | null; hitRate: number | null; falseRate: number | null};
export type Group = Selected & {name: string; rows: number; estimates: Estimate[]};

/** The largest groups with their rows; missing is a group of its own. @throws ToolError `model.too_many_groups` */
export function groupsOf(column: RawColumn): {name: string; rows: Uint32Array}[] {
  if (column.kind === 'number') return [];
  const found = new Map<number, number[]>();
  column.codes.forEach((code, row) => {
    const rows = found.get(code);
    if (rows) rows.push(row);
    else found.set(code, [row]);
  });
  if (found.size > 100)
    throw new ToolError('model.too_many_groups', `"${column.name}" has ${formatCount(found.size)} different values.`, {
      hint: 'Choose a column of at most 100 groups.',
    });
  return [...found]
    .sort(([, a], [, b]) => b.length - a.length)
    .slice(0, mostGroups)
    .map(([code, rows]) => ({name: column.levels[code] ?? '(missing)', rows: Uint32Array.from(rows)}));
}

export function selectionOf(actual: Float64Array, {predicted, probabilities}: Scores, rows: Uint32Array): Selected {
  if (probabilities?.length !== 2) return {selected: null, hitRate: null, falseRate: null};
  const share = (among: Uint32Array) =>
    among.length === 0 ? null : among.reduce((sum, row) => sum + (predicted[row] ?? 0), 0) / among.length;
  return {
    selected: share(rows),
    hitRate: share(rows.filter(row => actual[row] === 1)),
    falseRate: share(rows.filter(row => actual[row] === 0)),
  };
}

/** A table of the groups, and the widest gaps between those of at least 30 rows. */
export function groupLines(by: string, groups: readonly Group[], {kept, from}: Applied): Line[] {
  const [positive] = kept.content.classes.slice(1);
  const isChoice = groups.some(({selected}) => selected !== null);
  const [first] = groups[0]?.estimates ?? [];
  if (!first) return [];
  const shown =
    groups[0]?.estimates.filter((each, at) => at === 0 || /accuracy|roc_auc|^mae$|^r2$/.test(each.name)) ?? [];
  const table = tableOf(
    [
      [by, 'text'],
      ['rows', 'number'],
      ...shown.flatMap(({name}, at) =>
        pairsOf({[name]: 'number', ...(at === 0 && {low: 'number', high: 'number', baseline: 'number'})}),
      ),
      ...(isChoice ? pairsOf({selected: 'number', hit_rate: 'number', false_rate: 'number'}) : []),
    ],
    groups.map(({name, rows, estimates, selected, hitRate, falseRate}) => [
      name,
      rows,
      ...shown.flatMap((wanted, at) => {
        const each = estimates.find(found => found.name === wanted.name);
        return at === 0
          ? [each?.value ?? null, each?.low ?? null, each?.high ?? null, each?.baseline ?? null]
          : [each?.value ?? null];
      }),
      ...(isChoice ? [selected, hitRate, falseRate] : []),
    ]),
  );
  const least = Math.min(...groups.map(({rows}) => rows));
  const large = groups.filter(({rows}) => rows >= fewRows);
  const gaps = [
    gapOf(`${first.name}`, large, ({estimates}) => estimates[0]?.value ?? null),
    ...(isChoice
      ? [
          gapOf(`the share predicted ${positive ?? ''}`, large, ({selected}) => selected),
          gapOf('the hit rate', large, ({hitRate}) => hitRate),
          gapOf('the false rate', large, ({falseRate}) => falseRate),
        ]
      : []),
  ].filter(gap => gap !== null);
  const note = isChoice
    ? `\nselected: share predicted ${positive ?? ''}; hit_rate and false_rate: that share among rows that are and are not ${positive ?? ''}.`
    : '';
  const lines: Line[] = [
    {
      text: `By ${by}:\n${renderMarkdownTable(table)}${note}`,
      about: {kind: 'group', from, n: least},
      otherwise: `By ${by}: ${groups.length} groups.`,
    },
  ];
  if (gaps.length > 0)
    lines.push({
      text: `Widest gaps between groups of at least ${fewRows} rows: ${gaps.join('; ')}.`,
      about: {kind: 'group', from, n: fewRows},
    });
  return lines;
}

function gapOf(what: string, groups: readonly Group[], of: (group: Group) => number | null): string | null {
  const found = groups.flatMap(group => {
    const value = of(group);
    return value === null ? [] : [{name: group.name, value}];
  });
  found.sort((a, b) => a.value - b.value);
  const [low, high] = [found[0], found.at(-1)];
  if (!low || !high || low === high) return null;
  return `${what} ${formatNumber(low.value)} (${low.name}) to ${formatNumber(high.value)} (${high.name})`;
}
