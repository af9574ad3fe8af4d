// /clean: the plan with what each step would change, a question, and only then a new version of the dataset.

import {currentVersion} from '../../core/dataset.ts';
import {DsAgentError, UsageError} from '../../core/errors.ts';
import {printable} from '../../core/text.ts';
import type {App} from '../app.ts';
import type {SlashAnswer} from '../slash.ts';
import {toolResult} from './run-tool.ts';
import {type Clauses, type Keyword, type Named, namedData, readClauses, type Word} from './words.ts';

type Step = {do: string; columns?: string[]; value?: string; to?: string; sql?: string; by?: string};

const keywords: readonly Keyword[] = ['by', 'with', 'in', 'to', 'where'];

export const cleanUsage = [
  'Usage: /clean [STEP; STEP …] [in DATASET], without steps: trim blanks and drop duplicate rows. Steps:',
  '  duplicates [COLUMN …]      missing [COLUMN …]         trim [COLUMN …]',
  '  fill COLUMN … with mean|median|mode|forward|VALUE [by COLUMN]',
  '  lower COLUMN …             upper COLUMN …             drop COLUMN …',
  '  rename COLUMN to NAME      cast COLUMN … to TYPE      replace VALUE with NEW in COLUMN …',
  '  outliers cap|drop|flag COLUMN …                      keep where CONDITION',
].join('\n');

export async function clean(args: string, app: App, signal: AbortSignal): Promise<SlashAnswer> {
  if (/^(help|\?)$/i.test(args)) return {text: cleanUsage};
  const parts = splitSteps(args);
  const data = await namedData(parts.length === 1 ? datasetOnly(parts[0] ?? '') : lastIn(parts), app);
  const {dataset} = data;
  // "/clean in sales" names a dataset and no step.
  const asSteps = parts
    .map(part => readClauses(part, keywords))
    .filter(({head, where}) => head.length > 0 || where !== undefined);
  const steps = asSteps.length === 0 ? usualSteps(data) : asSteps.map(each => stepOf(each, data));
  const asked = {dataset: dataset.name, steps};
  const plan = await toolResult('clean_data', asked, app, signal);
  const lines = plan.summary.split('\n').slice(0, -1).join('\n');
  app.events.emit({type: 'command_result', line: '/clean', ok: true, text: printable(lines)});
  const {version} = currentVersion(dataset);
  const many = steps.length === 1 ? 'this step' : `these ${steps.length} steps`;
  if (!(await app.approve(`Apply ${many} to ${dataset.name} as v${version + 1}? /undo goes back.`)))
    throw new DsAgentError(
      'denied',
      'clean.not_applied',
      `Nothing was changed: ${dataset.name} stays at v${version}.`,
      {
        hint: 'Without a terminal, -y applies the plan.',
      },
    );
  const done = await toolResult('clean_data', {...asked, apply: true}, app, signal);
  // The steps were shown before the question; what is new is what the apply changed.
  return {text: printable(done.summary.slice(done.summary.indexOf('Applied. ')))};
}

function usualSteps({dataset}: Named): Step[] {
  const hasText = currentVersion(dataset).columns.some(({kind}) => kind === 'text');
  return [...(hasText ? [{do: 'trim'}] : []), {do: 'drop_duplicates'}];
}

/** Cut at each ";" that stands outside quotes. */
function splitSteps(args: string): string[] {
  const parts = args.match(/(?:"(?:[^"]|"")*"|'(?:[^']|'')*'|[^;"'])+/g) ?? [];
  return parts.map(part => part.trim()).filter(part => part !== '');
}

function datasetOnly(part: string): Clauses {
  const {after, head} = readClauses(part, keywords);
  const replaced = head[0]?.text.toLowerCase() === 'replace';
  const named = replaced ? undefined : after.get('in');
  return {head, after: new Map(named ? [['in', named]] : []), where: undefined};
}

function lastIn(parts: readonly string[]): Clauses {
  return datasetOnly(parts.findLast(part => datasetOnly(part).after.has('in')) ?? parts[0] ?? '');
}

function stepOf({head, after, where}: Clauses, data: Named): Step {
  const [verb, ...words] = head;
  const columns = (list: readonly Word[]) => list.map(word => data.column(word).name);
  const some = (list: readonly Word[]) => {
    if (list.length === 0) throw bad();
    return columns(list);
  };
  const one = (keyword: string) => {
    const found = after
      .get(keyword)
      ?.map(({text}) => text)
      .join(' ');
    if (found === undefined || found === '') throw bad();
    return found;
  };
  const optional = () => (words.length > 0 ? {columns: columns(words)} : {});
  switch (verb?.quoted ? '' : verb?.text.toLowerCase()) {
    case 'duplicates':
      return {do: 'drop_duplicates', ...optional()};
    case 'missing':
      return {do: 'drop_missing', ...optional()};
    case 'trim':
      return {do: 'trim', ...optional()};
    case 'fill': {
      const [by] = after.get('by') ?? [];
      return {do: 'fill', columns: some(words), value: one('with'), ...(by && {by: data.column(by).name})};
    }
    case 'lower':
    case 'upper':
      return {do: 'case', columns: some(words), value: verb?.text.toLowerCase() ?? ''};
    case 'drop':
      return {do: 'drop_columns', columns: some(words)};
    case 'rename':
      return {do: 'rename', columns: some(words), to: one('to')};
    case 'cast':
      return {do: 'cast', columns: some(words), value: one('to')};
    case 'replace': {
      const to = one('with');
      return {do: 'replace', columns: some(after.get('in') ?? []), value: words.map(({text}) => text).join(' '), to};
    }
    case 'outliers': {
      const [how, ...rest] = words;
      const action = how?.text.toLowerCase() ?? '';
      if (!['cap', 'drop', 'flag'].includes(action)) throw bad();
      return {do: `${action}_outliers`, columns: some(rest)};
    }
    case 'keep':
      if (where === undefined) throw bad();
      return {do: 'filter', sql: where};
    default:
      throw bad();
  }
}

function bad(): UsageError {
  return new UsageError('chat.arguments', cleanUsage);
}
