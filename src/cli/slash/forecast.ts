// /forecast: what comes next in a series, by plain arguments.

import {UNITS} from '../../analysis/time-series/frequency.ts';
import {COMBINE} from '../../analysis/time-series/read-series.ts';
import {UsageError} from '../../core/errors.ts';
import type {App} from '../app.ts';
import type {SlashAnswer} from '../slash.ts';
import {inWords} from './run-tool.ts';
import {namedData, readClauses} from './words.ts';

const usage = '/forecast [sum|mean …] [VALUE] [STEPS] [by UNIT] [with TIME] [in DATASET] [to NAME] [where CONDITION]';

export async function forecast(args: string, app: App, signal: AbortSignal): Promise<SlashAnswer> {
  const clauses = readClauses(args, ['by', 'with', 'in', 'to', 'where']);
  const data = await namedData(clauses, app);
  const asked: Record<string, unknown> = {dataset: data.dataset.name, ...(clauses.where && {where: clauses.where})};
  for (const word of clauses.head) {
    const isColumn = data.isColumn(word);
    if (!isColumn && /^\d+$/.test(word.text) && asked.steps === undefined) asked.steps = Number(word.text);
    else if (!isColumn && COMBINE.some(each => each === word.text)) asked.combine = word.text;
    else if (asked.value === undefined) asked.value = data.column(word).name;
    else throw new UsageError('chat.arguments', `Usage: ${usage}`);
  }
  const [every, ...more] = clauses.after.get('by') ?? [];
  const [time, ...times] = clauses.after.get('with') ?? [];
  const [name, ...names] = clauses.after.get('to') ?? [];
  const unit = every && UNITS.find(each => each === every.text.toLowerCase().replace(/s$/, ''));
  if ((every && !unit) || more.length > 0 || times.length > 0 || names.length > 0)
    throw new UsageError('chat.arguments', `Usage: ${usage}`, {hint: `UNIT is one of ${UNITS.join(', ')}.`});
  return inWords(
    'forecast',
    {
      ...asked,
      ...(unit && {every: unit}),
      ...(time && {time: data.column(time).name}),
      ...(name && {save_as: name.text}),
    },
    app,
    signal,
  );
}
