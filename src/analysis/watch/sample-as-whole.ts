// A figure of some rows that reads as a figure of all of them.

import {currentVersion} from '../../core/dataset.ts';
import {formatCount, printable} from '../../core/text.ts';
import type {Check, Finding, Subject} from './check.ts';
import {functionName, hasAggregate, isNode, listOf, type Node, nodesIn, selectItems} from './select.ts';

export const sampleAsWhole: Check = {
  code: 'sample_as_whole',
  advice:
    'The figure was computed from a part of the rows. LIMIT without ORDER BY takes whatever rows come first, which is no random sample. Compute over all rows, or say in the answer that it is a sample and how large.',
  run(subject) {
    const {receipt, datasets} = subject;
    if (receipt.sampled)
      return [{severity: 'warn', message: `This was computed from a sample of ${formatCount(receipt.rowsRead)} rows.`}];
    const inSql = partInSql(subject);
    if (inSql) return [inSql];
    return datasets.flatMap((dataset): Finding[] => {
      const {source, rows} = currentVersion(dataset);
      if (source.kind !== 'query') return [];
      const part = partOf(source.sql);
      if (part === null) return [];
      const name = printable(dataset.name, {oneLine: true});
      return [{severity: 'info', message: `${name} holds ${formatCount(rows)} rows, made with ${part}.`}];
    });
  },
};

function partInSql({select}: Subject): Finding | null {
  if (!select) return null;
  const counted = select.selects.some(node => selectItems(node).some(hasAggregate));
  if (!counted) return null;
  if ([...nodesIn(select.select)].some(node => isNode(node.sample)))
    return {
      severity: 'warn',
      message: 'This was computed from a random sample (SAMPLE in the SQL), not from all rows.',
    };
  if (select.selects.some(isRandomPart))
    return {
      severity: 'warn',
      message: 'This was computed from a random part of the rows (random() in the SQL), not from all.',
    };
  for (const node of select.selects) {
    const limit = node === select.select ? null : firstRows(node);
    if (limit !== null)
      return {severity: 'warn', message: `This was computed from the first ${limit} rows (LIMIT without ORDER BY).`};
  }
  return null;
}

/** A condition, or the order of the first rows, that throws dice. */
function isRandomPart({where_clause: where, modifiers}: Node): boolean {
  const dice = (value: unknown) => [...nodesIn(value)].some(node => functionName(node) === 'random');
  const all = listOf(modifiers);
  return dice(where) || (all.some(({type}) => type === 'LIMIT_MODIFIER') && all.some(dice));
}

/** The LIMIT of a SELECT of plain rows without an order. */
function firstRows(node: Node): string | null {
  const modifiers = listOf(node.modifiers);
  if (selectItems(node).some(hasAggregate) || listOf(node.group_expressions).length > 0) return null;
  if (modifiers.some(({type}) => type === 'ORDER_MODIFIER' || type === 'DISTINCT_MODIFIER')) return null;
  const limit = modifiers.find(({type}) => type === 'LIMIT_MODIFIER')?.limit;
  if (!isNode(limit) || limit.class !== 'CONSTANT' || !isNode(limit.value)) return null;
  const {value} = limit.value;
  return typeof value === 'number' && value > 1 ? formatCount(value) : null;
}

/** "SAMPLE" or "LIMIT 100" where the SQL that made a dataset took a part of the rows; quoted texts do not count. */
function partOf(sql: string): string | null {
  const bare = sql.replaceAll(/'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\//g, ' ');
  if (/\b(using\s+sample|tablesample)\b/i.test(bare)) return 'SAMPLE';
  const limit = /\blimit\s+(\d+)/i.exec(bare)?.[1];
  return limit === undefined || /\border\s+by\b/i.test(bare) ? null : `LIMIT ${limit}`;
}
