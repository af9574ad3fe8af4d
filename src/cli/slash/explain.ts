// /explain: what the cautions beside an answer mean and what to do about them.

import {CHECKS} from '../../analysis/watch/watch.ts';
import type {Caution} from '../../core/caution.ts';
import {UsageError} from '../../core/errors.ts';
import {printable} from '../../core/text.ts';
import type {App} from '../app.ts';
import {cautionLine} from '../sinks/plain.ts';
import type {SlashAnswer} from '../slash.ts';

export async function explain(args: string, {session}: App): Promise<SlashAnswer> {
  const about = CHECKS.find(({code}) => code === args);
  if (about) return {text: `${about.code}: ${about.advice}`};
  if (args === '') return {text: explained(session.cautions(), 'The last answer has no cautions.')};
  const id = Number(args.replace(/^#/, ''));
  if (!session.receipt(id)) {
    throw new UsageError('receipt.unknown', `There is no result ${printable(args, {oneLine: true})}.`, {
      hint: `/explain, /explain N, or one of: ${CHECKS.map(({code}) => code).join(', ')}.`,
    });
  }
  return {text: explained(session.cautions(id), `Result ${id} has no cautions.`)};
}

function explained(cautions: readonly Caution[], none: string): string {
  if (cautions.length === 0)
    return `${none} Every result is checked for: ${CHECKS.map(({code}) => code.replaceAll('_', ' ')).join(', ')}.`;
  return cautions.map(each => `${cautionLine(each)}\n${printable(each.advice)}`).join('\n\n');
}
