// /quality, /correlate and /test: the statistical tools by plain arguments.

import {HYPOTHESIS_TESTS} from '../../analysis/hypothesis/hypothesis-tests.ts';
import {UsageError} from '../../core/errors.ts';
import {nearest, printable} from '../../core/text.ts';
import type {App} from '../app.ts';
import type {SlashAnswer} from '../slash.ts';
import {inWords, needed} from './run-tool.ts';
import {namedData, readClauses, type Word} from './words.ts';

export async function quality(args: string, app: App, signal: AbortSignal): Promise<SlashAnswer> {
  const {head, after} = readClauses(args, ['in']);
  const [name, ...more] = [...head, ...(after.get('in') ?? [])];
  if (more.length > 0) throw new UsageError('chat.arguments', 'Usage: /quality [DATASET]');
  const {dataset} = await namedData({head: [], after: new Map(name ? [['in', [name]]] : []), where: undefined}, app);
  return inWords('check_quality', {dataset: dataset.name}, app, signal);
}

const methods = ['pearson', 'spearman', 'kendall'];

export async function correlate(args: string, app: App, signal: AbortSignal): Promise<SlashAnswer> {
  const clauses = readClauses(args, ['with', 'in', 'where']);
  const data = await namedData(clauses, app);
  const isMethod = (word: Word) => !data.isColumn(word) && methods.includes(word.text.toLowerCase());
  const words = [...clauses.head, ...(clauses.after.get('with') ?? [])];
  const method = words.find(isMethod)?.text.toLowerCase();
  const columns = clauses.head.filter(word => !isMethod(word)).map(word => data.column(word).name);
  const [target, ...more] = (clauses.after.get('with') ?? []).filter(word => !isMethod(word));
  if (more.length > 0) throw new UsageError('chat.arguments', 'One column only stands behind "with".');
  const asked = {
    dataset: data.dataset.name,
    ...(columns.length > 0 && {columns}),
    ...(target && {target: data.column(target).name}),
    ...(method && {method}),
    ...(clauses.where && {where: clauses.where}),
  };
  return inWords('correlate', asked, app, signal);
}

const testUsage = '/test VALUE [by GROUP | with OTHER | mu NUMBER] [TEST] [where CONDITION]';
const sides = ['less', 'greater'];

export async function test(args: string, app: App, signal: AbortSignal): Promise<SlashAnswer> {
  const clauses = readClauses(needed(args, testUsage), ['by', 'with', 'mu', 'in', 'where']);
  const data = await namedData(clauses, app);
  const names = HYPOTHESIS_TESTS.map(({name}) => name);
  const asked: Record<string, unknown> = {dataset: data.dataset.name, ...(clauses.where && {where: clauses.where})};
  const places = {by: 'group', with: 'paired_with'} as const;
  const take = (word: Word, field: string) => {
    const text = word.text.toLowerCase();
    if (field in asked || !data.isColumn(word)) {
      if (!word.quoted && sides.includes(text)) asked.alternative = text;
      else if (!word.quoted && names.some(name => name === text)) asked.test = text;
      else if (field in asked) throw unknownTest(word.text, names);
      else data.column(word);
      return;
    }
    asked[field] = data.column(word).name;
  };
  for (const word of clauses.head) take(word, 'value');
  for (const [keyword, field] of Object.entries(places))
    for (const word of clauses.after.get(keyword) ?? []) take(word, field);
  const [mu, ...rest] = clauses.after.get('mu') ?? [];
  if (mu) {
    asked.mu = Number(mu.text);
    if (Number.isNaN(asked.mu)) throw new UsageError('chat.arguments', `Usage: ${testUsage}`);
  }
  for (const word of rest) take(word, 'value');
  if (asked.value === undefined) throw new UsageError('chat.arguments', `Usage: ${testUsage}`);
  return inWords('test_hypothesis', asked, app, signal);
}

function unknownTest(text: string, names: readonly string[]): UsageError {
  const near = nearest(text, names);
  const message = `There is no test or further column ${printable(text, {oneLine: true})}.`;
  return new UsageError('chat.arguments', message, {
    hint: near.length > 0 ? `Did you mean ${near.join(' or ')}?` : `Tests: ${names.join(', ')}.`,
  });
}
