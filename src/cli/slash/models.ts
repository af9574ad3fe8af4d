// /train, /predict and /models: models by plain arguments. Without a target /train asks which.

import {UsageError} from '../../core/errors.ts';
import {formatBytes, printable} from '../../core/text.ts';
import {listModels} from '../../workspace/models.ts';
import type {App} from '../app.ts';
import type {SlashAnswer} from '../slash.ts';
import {inWords} from './run-tool.ts';
import {namedData, readClauses} from './words.ts';

const trainUsage = '/train [TARGET] [with COLUMN …] [by GROUP] [in DATASET] [where CONDITION]';

export async function train(args: string, app: App, signal: AbortSignal): Promise<SlashAnswer> {
  const clauses = readClauses(args);
  const data = await namedData(clauses, app);
  const [target, ...more] = clauses.head;
  const [divided, ...others] = (clauses.after.get('by') ?? []).map(word => data.column(word));
  if (more.length > 0 || others.length > 0) throw new UsageError('chat.arguments', `Usage: ${trainUsage}`);
  const features = (clauses.after.get('with') ?? []).map(word => data.column(word).name);
  const asked = {
    dataset: data.dataset.name,
    ...(target && {target: data.column(target).name}),
    ...(divided && (divided.kind === 'time' ? {time: divided.name} : {group: divided.name})),
    ...(features.length > 0 && {features}),
    ...(clauses.where && {where: clauses.where}),
  };
  return inWords('train_model', asked, app, signal);
}

export async function predict(args: string, app: App, signal: AbortSignal): Promise<SlashAnswer> {
  const clauses = readClauses(args);
  const {dataset} = await namedData({...clauses, head: []}, app);
  const [model, ...more] = clauses.head;
  if (more.length > 0) throw new UsageError('chat.arguments', 'Usage: /predict [MODEL] [in DATASET] [where CONDITION]');
  const asked = {
    model: model?.text ?? 'latest',
    dataset: dataset.name,
    ...(clauses.where && {where: clauses.where}),
  };
  return inWords('predict', asked, app, signal);
}

export async function models(args: string, app: App): Promise<SlashAnswer> {
  if (args) throw new UsageError('chat.arguments', '/models takes no argument.');
  const found = await listModels(app.workspace.path('models'));
  if (found.length === 0) return {text: 'No model is kept here yet. Train one: /train TARGET'};
  const lines = found.map(
    ({id, sizeBytes, savedAt}) => `${id}  ${formatBytes(sizeBytes)}  ${new Date(savedAt).toISOString().slice(0, 16)}Z`,
  );
  return {text: printable(lines.join('\n'))};
}
