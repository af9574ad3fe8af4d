// What the appendix tells of each result, the same words in every format.

import {formatCount} from '../../core/text.ts';
import type {ReceiptBlock} from './outline.ts';

/** In their order; the SQL is told apart. */
export function receiptFacts({receipt, question}: ReceiptBlock): {name: string; value: string}[] {
  const {args, datasets, rowsRead, sampled} = receipt;
  const read = `${formatCount(rowsRead)}${sampled ? ', a SAMPLE' : datasets.length > 0 ? ', all of them' : ''}`;
  return [
    ...(question === '' ? [] : [{name: 'For', value: question}]),
    {name: 'Arguments', value: JSON.stringify(args, plainValue) ?? ''},
    ...datasets.map(({name, version, sha256}) => ({name: 'Dataset', value: `${name} v${version}, sha256 ${sha256}`})),
    {name: 'Rows read', value: read},
  ];
}

function plainValue(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}
