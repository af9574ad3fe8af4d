// Means and shares of a handful of rows: how many rows each shown figure rests on, counted by the same statement.

import {formatCount, printable} from '../../core/text.ts';
import type {Check, Finding, Subject} from './check.ts';
import {type Measured, measuredItems} from './measured-items.ts';
import type {Select} from './select.ts';
import {isShown, type Shown, shownSelects, withColumns} from './shown.ts';

const fewValues = 5;
const fewForShare = 20;

export const smallGroups: Check = {
  code: 'small_groups',
  advice:
    'A mean, median or correlation of fewer than 5 values moves a lot when one value changes, and its order among other groups says little. Show the number of rows beside it (count(*)), keep only groups with enough rows (HAVING count(*) >= 30), or put small groups together.',
  async run(subject) {
    const facts = await countBehind(subject, 'typical', fewValues);
    if (facts === null) return testedSamples(subject);
    return facts.small === 0 ? [] : [finding('warn', {...facts, limit: fewValues, unit: 'values'})];
  },
};

export const tinyPercent: Check = {
  code: 'tiny_percent',
  advice:
    'A percentage of a few rows can only take a few values: of 4 rows it is 0, 25, 50, 75 or 100 %, and one row more or less moves it by 25 points. Say the count beside the percentage ("3 of 4"), or compare only groups with at least 20 rows.',
  async run(subject) {
    const facts = await countBehind(subject, 'share', fewForShare);
    if (facts === null || facts.small === 0) return [];
    return [finding(facts.least < fewValues ? 'warn' : 'info', {...facts, limit: fewForShare, unit: 'rows'})];
  },
};

type Facts = {groups: number; small: number; least: number; name: string; each: Measured['each']};

function finding(
  severity: Finding['severity'],
  {groups, small, least, name, limit, unit, each}: Facts & {limit: number; unit: string},
): Finding {
  const what = printable(name, {oneLine: true});
  if (groups === 1) return {severity, message: `${what} rests on ${least} ${least === 1 ? unit.slice(0, -1) : unit}.`};
  if (each === 'rows')
    return {
      severity,
      message: `${what}: ${formatCount(small)} of ${formatCount(groups)} rows ${small === 1 ? 'shows' : 'show'} a figure of fewer than ${limit} ${unit} (the smallest ${least}).`,
    };
  const which = `${formatCount(small)} of ${formatCount(groups)} groups`;
  return {
    severity,
    message: `${what}: ${which} ${small === 1 ? 'has' : 'have'} fewer than ${limit} ${unit} (the smallest ${least}).`,
  };
}

/**
 * The rows behind each figure that the answer shows, for the figure with the most small groups. Null when it shows none of
 * this kind. Groups without any value show no figure and are not counted.
 */
async function countBehind(subject: Subject, kind: Measured['kind'], limit: number): Promise<Facts | null> {
  const {select, datasets} = subject;
  if (!select) return null;
  const facts: Facts[] = [];
  for (const shown of shownSelects(select)) {
    const measured = (await measuredItems(select, shown.node, datasets))
      .filter(each => each.kind === kind && isShown(shown, each.name))
      .slice(0, 4);
    if (measured.length > 0) facts.push(...(await factsOf(subject, {select, shown, measured, limit})));
  }
  return facts.length === 0 ? null : facts.reduce((worst, each) => (each.small > worst.small ? each : worst));
}

type Counting = {select: Select; shown: Shown; measured: readonly Measured[]; limit: number};

async function factsOf({rows}: Subject, {select, shown, measured, limit}: Counting): Promise<Facts[]> {
  const columns = measured.map(({count}, i) => ({...count, alias: `__n${i}`}));
  const counts = await withColumns(select, shown, columns);
  const parts = measured.map((_, i) => `"__n${i}"::BIGINT AS n${i}`);
  const summary = measured.map(({isCommon}, i) => {
    const what = isCommon ? `DISTINCT n${i}` : '*';
    return `count(${what}) FILTER (n${i} > 0), count(${what}) FILTER (n${i} > 0 AND n${i} < ${limit}), min(n${i}) FILTER (n${i} > 0)`;
  });
  const [row = []] = await rows(`SELECT ${summary.join(', ')} FROM (SELECT ${parts.join(', ')} FROM (\n${counts}\n))`);
  return measured.map(({name, each}, i): Facts => {
    const [groups, small, least] = row.slice(3 * i, 3 * i + 3).map(cell => Number(cell ?? 0));
    return {groups: groups ?? 0, small: small ?? 0, least: least ?? 0, name, each};
  });
}

/** The sizes of the samples that a hypothesis test compared, from its table. */
function testedSamples({receipt, table}: Subject): Finding[] {
  if (receipt.tool !== 'test_hypothesis' || !table) return [];
  const at = (name: string) => table.columns.findIndex(column => column.name === name);
  const sizes = String(table.rows[0]?.[at('n')] ?? '')
    .split(',')
    .map(Number)
    .filter(n => n > 0);
  const small = sizes.filter(n => n < fewValues);
  if (small.length === 0 || sizes.length < 2) return [];
  const test = printable(String(table.rows[0]?.[at('test')] ?? 'the test'), {oneLine: true});
  return [
    finding('warn', {
      groups: sizes.length,
      small: small.length,
      least: Math.min(...small),
      name: test,
      each: 'groups',
      limit: fewValues,
      unit: 'values',
    }),
  ];
}
