// /train and /predict: models by plain arguments. Without a target /train asks which.

import {UsageError} from '../../core/errors.ts';
import type {App} from '../app.ts';
import type {SlashAnswer} from '../slash.ts';
import {inWords} from './run-tool.ts';
import {namedData, readClauses} from './words.ts';

const trainUsage = '/train [TARGET] [with COLUMN …] [by GROUP TIME | none] [in DATASET] [where CONDITION]';

export async function train(args: string, app: App, signal: AbortSignal): Promise<SlashAnswer> {
  const clauses = readClauses(args, ['with', 'by', 'in', 'where']);
  const data = await namedData(clauses, app);
  const [target, ...more] = clauses.head;
  const words = clauses.after.get('by') ?? [];
  const isFree = words.length === 1 && words[0]?.text === 'none';
  const by = isFree ? [] : words.map(word => data.column(word));
  const [time, ...times] = by.filter(({kind}) => kind === 'time');
  const [group, ...groups] = by.filter(({kind}) => kind !== 'time');
  if (more.length > 0 || times.length > 0 || groups.length > 0)
    throw new UsageError('chat.arguments', `Usage: ${trainUsage}`);
  const features = (clauses.after.get('with') ?? []).map(word => data.column(word).name);
  const asked = {
    dataset: data.dataset.name,
    ...(target && {target: data.column(target).name}),
    ...(time && {time: time.name}),
    ...(group && {group: group.name}),
    ...(isFree && {group: 'none', time: 'none'}),
    ...(features.length > 0 && {features}),
    ...(clauses.where && {where: clauses.where}),
  };
  return inWords('train_model', asked, app, signal);
}

export async function predict(args: string, app: App, signal: AbortSignal): Promise<SlashAnswer> {
  const clauses = readClauses(args, ['in', 'to', 'where']);
  const {dataset} = await namedData({...clauses, head: []}, app);
  const [model, ...more] = clauses.head;
  const [to, ...others] = clauses.after.get('to') ?? [];
  if (more.length > 0 || others.length > 0)
    throw new UsageError('chat.arguments', 'Usage: /predict [MODEL] [in DATASET] [to NAME] [where CONDITION]');
  const asked = {
    model: model?.text ?? 'latest',
    dataset: dataset.name,
    ...(to && {save_as: to.text}),
    ...(clauses.where && {where: clauses.where}),
  };
  return inWords('predict', asked, app, signal);
}
