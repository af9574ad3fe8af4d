// /show N: what exactly was run for result N, and the result itself.

import {UsageError} from '../../core/errors.ts';
import {printable} from '../../core/text.ts';
import type {App} from '../app.ts';
import type {SlashAnswer} from '../slash.ts';
import {chartsOf, needed} from './run-tool.ts';

export async function show(args: string, {session}: App): Promise<SlashAnswer> {
  const id = Number(needed(args, '/show N').replace(/^#/, ''));
  const result = session.result(id);
  if (!result) {
    const known = session.receipts().map(receipt => receipt.id);
    throw new UsageError('receipt.unknown', `There is no result ${printable(args, {oneLine: true})} to show.`, {
      hint: known.length > 0 ? `Results so far: ${known.slice(-10).join(', ')}.` : 'Nothing was computed yet.',
    });
  }
  const {receipt, summary, table, artifacts = []} = result;
  const charts = chartsOf(artifacts);
  const head = `#${id} ${receipt.tool} ${JSON.stringify(receipt.args)}`;
  const sql = receipt.sql === undefined || receipt.sql === '' ? [] : ['SQL:', receipt.sql];
  const ran = printable([head, ...sql].join('\n'));
  // The table of a statistical tool is only the numbers of its words.
  return table && receipt.tool === 'run_sql'
    ? {charts, text: ran, table}
    : {charts, text: `${ran}\n${printable(summary)}`};
}
