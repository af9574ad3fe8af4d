// What stays of a training: its model and the chart of the rows held out. A disk that refuses them takes no figures away.

import {setImmediate} from 'node:timers/promises';
import {ConfigError, DsAgentError} from '../../core/errors.ts';
import {printable} from '../../core/text.ts';
import type {Artifact, Source, ToolContext} from '../../core/tool.ts';
import type {Trained} from '../../models/training-data.ts';
import {requireModelFolder, saveModel} from '../../workspace/models.ts';
import {writeRefusal} from '../../workspace/prepare.ts';
import type {Workspace} from '../../workspace/workspace.ts';
import type {ChartSetting} from '../charts/keep-chart.ts';
import type {ReadGoal} from './goal.ts';
import {sealed} from './model-checksum.ts';
import type {ModelContent} from './model-file.ts';

/** A model that has a place, or why it has none. */
export type Keeping = {id: string; refusal: null} | {id: null; refusal: ConfigError};

/** Before the work, not after a minute of it. @throws ConfigError `workspace.not_writable`, `model.not_keepable` */
export async function requireKeepable(workspace: Workspace, dataset: string): Promise<void> {
  if (workspace.unwritable) throw workspace.unwritable;
  try {
    await requireModelFolder(workspace.path('models'), dataset);
  } catch (cause) {
    throw refused('model.not_keepable', 'A model could not be kept, so nothing was trained', {dataset, cause});
  }
}

/** `content` as the next model of this dataset. Throws only what is not a refusal of the system. */
export async function keepModel(
  workspace: Workspace,
  {dataset, content}: {dataset: string; content: ModelContent},
): Promise<Keeping> {
  try {
    const model = {dataset, name: content.estimator, text: sealed(content)};
    return {id: await saveModel(workspace.path('models'), model), refusal: null};
  } catch (cause) {
    return {id: null, refusal: refused('model.not_kept', 'The model is not kept', {dataset, cause})};
  }
}

function refused(code: string, fact: string, {dataset, cause}: {dataset: string; cause: unknown}): ConfigError {
  const reason = cause instanceof DsAgentError ? null : writeRefusal(cause);
  if (reason === null) throw cause;
  return new ConfigError(code, printable(`${fact}: models/${dataset} in the workspace can't be written: ${reason}.`), {
    hint: 'Free space or allow writing there, or choose another folder with --workspace or DS_AGENT_WORKSPACE; then train again.',
    cause,
  });
}

/** The chart of the rows held out; none, and a notice, where the system refuses its files. */
export async function keepTestChart(
  {heldOut, holdoutRows}: Trained,
  {target, goal, seed}: {target: string; goal: ReadGoal; seed: number},
  {charts, source, emit}: {charts: ChartSetting; source: Source; emit: ToolContext['emit']},
): Promise<Artifact[]> {
  const {chartOf} = await import('../applying/evaluation-charts.ts');
  const {keepCharts} = await import('../charts/keep-chart.ts');
  // Tens of milliseconds each, and the chat reads no key meanwhile.
  await setImmediate();
  const chart = chartOf({...heldOut, target, classes: goal.classes, on: 'rows held out', of: holdoutRows, seed}, null);
  try {
    return await keepCharts(chart ? [chart] : [], charts, source);
  } catch (error) {
    const reason = writeRefusal(error);
    if (reason === null) throw error;
    emit({type: 'notice', level: 'warn', code: 'chart.not_kept', message: `The chart is not kept: ${reason}.`});
    return [];
  }
}
