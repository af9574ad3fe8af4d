// What the appendix tells of each result, the same words in every format.

import {formatCount} from '../../core/text.ts';
import type {ReceiptBlock} from './outline.ts';

/** In their order; the SQL is told apart. */
export function receiptFacts({receipt, question}: ReceiptBlock): {name: string; value: string}[] {
  const {args, sql, datasets, rowsRead, sampled} = receipt;
  const read = `${formatCount(rowsRead)}${sampled ? ', a SAMPLE' : datasets.length > 0 ? ', all of them' : ''}`;
  return [
    ...(question === '' ? [] : [{name: 'For', value: question}]),
    {name: 'Arguments', value: JSON.stringify(args, (_, value) => plainValue(value, sql)) ?? ''},
    ...datasets.map(({name, version, sha256}) => ({name: 'Dataset', value: `${name} v${version}, sha256 ${sha256}`})),
    {name: 'Rows read', value: read},
  ];
}

/** The statement is told below, once. */
function plainValue(value: unknown, sql: string | undefined): unknown {
  if (typeof value === 'bigint') return value.toString();
  return value === sql && sql !== undefined ? '(the SQL below)' : value;
}
