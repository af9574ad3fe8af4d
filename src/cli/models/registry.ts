// `ds-agent models`: lists the models of a workspace, shows, compares, evaluates, explains, exports and removes them.

import type {Table} from '../../core/dataset.ts';
import {DsAgentError, ToolError} from '../../core/errors.ts';
import {printable} from '../../core/text.ts';
import {renderMarkdownTable} from '../../render/table.ts';
import {modelId, readContent} from '../../tools/training/model-file.ts';
import {listModels, type ModelFile, removeModel} from '../../workspace/models.ts';
import type {Workspace} from '../../workspace/workspace.ts';
import {confirmed, type DatasetContext, openForCommand} from '../dataset-commands.ts';
import {jsonText} from '../json-result.ts';
import {comparisonNotes, factsOf, listedModel, modelLine, modelText} from './facts.ts';
import type {ListedModelJson, ModelsJson} from './json.ts';
import type {EvaluateRequest, ExplainRequest} from './judge.ts';

export type ModelsRequest =
  | {action: 'list'}
  | {action: 'show'; model: string}
  | {action: 'compare'; models: readonly string[]}
  | EvaluateRequest
  | ExplainRequest
  | {action: 'rm'; model: string}
  | {action: 'export'; model: string; output: string; force: boolean};

/** @throws ToolError `model.unknown`, `model.broken`; DsAgentError `model.rm_denied` */
export async function runModels(request: ModelsRequest, context: DatasetContext): Promise<number> {
  // These open the workspace themselves, for they import what --data names.
  if (request.action === 'evaluate') return (await import('./judge.ts')).runEvaluate(request, context);
  if (request.action === 'explain') return (await import('./judge.ts')).runExplain(request, context);
  const workspace = await openForCommand(context);
  const folder = workspace.path('models');
  switch (request.action) {
    case 'list':
      await list(workspace, context);
      return 0;
    case 'show': {
      const file = await fileOf(folder, request.model);
      const facts = factsOf(file, await readContent(folder, file.id));
      await print(context, {schema_version: 1, status: 'shown', ...facts}, modelText(facts));
      return 0;
    }
    case 'compare': {
      const {models, text} = await comparison(folder, request.models);
      await print(context, {schema_version: 1, status: 'compared', models}, text);
      return 0;
    }
    case 'export': {
      const {exportModel} = await import('./export.ts');
      await exportModel(request, context);
      return 0;
    }
    case 'rm':
      await remove(folder, request.model, context);
      return 0;
    default:
      return request satisfies never;
  }
}

async function print({shared, output}: DatasetContext, json: ModelsJson, text: string): Promise<void> {
  await output.out(shared.format === 'text' ? `${text}\n` : jsonText(json));
}

async function list(workspace: Workspace, {shared, output}: DatasetContext): Promise<void> {
  const folder = workspace.path('models');
  const models: ListedModelJson[] = [];
  for (const file of await listModels(folder)) models.push(await listedModel(folder, file));
  if (shared.format !== 'text') {
    const listed: ModelsJson = {schema_version: 1, status: 'listed', workspace: workspace.root, models};
    await output.out(jsonText(listed));
    return;
  }
  if (models.length === 0) output.err('No model is kept yet. Train one: ds-agent train --data FILE --target COLUMN');
  for (const model of models) await output.out(`${modelLine(model)}\n`);
}

async function fileOf(folder: string, wanted: string): Promise<ModelFile> {
  const id = await modelId(folder, wanted);
  const found = (await listModels(folder)).find(each => each.id === id);
  if (!found) throw new ToolError('model.unknown', `The model ${id} is gone.`);
  return found;
}

/** The models named, or all of the newest one's target, best first. */
export async function comparison(
  folder: string,
  wanted: readonly string[],
): Promise<{models: ListedModelJson[]; text: string}> {
  const models: ListedModelJson[] = [];
  const files = wanted.length > 0 ? [] : await listModels(folder);
  for (const each of wanted) {
    const file = await fileOf(folder, each);
    // Two names of one model are one.
    if (!files.some(({id}) => id === file.id)) files.push(file);
  }
  for (const file of files) models.push(await listedModel(folder, file));
  const [newest] = models.filter(each => 'target' in each);
  const shown = wanted.length > 0 ? models : models.filter(each => 'target' in each && each.target === newest?.target);
  const scoreOf = (model: ListedModelJson) =>
    ('metric' in model ? model.holdout.winner[model.metric] : null) ?? Number.POSITIVE_INFINITY;
  shown.sort((a, b) => scoreOf(a) - scoreOf(b));
  const metrics = [...new Set(shown.flatMap(each => ('holdout' in each ? Object.keys(each.holdout.winner) : [])))];
  const number = (name: string) => ({name, type: 'DOUBLE', kind: 'number' as const});
  const text = (name: string) => ({name, type: 'VARCHAR', kind: 'text' as const});
  const table: Table = {
    columns: [
      text('model'),
      text('target'),
      text('data'),
      number('held_out'),
      ...metrics.map(number),
      number('baseline'),
    ],
    rows: shown.map(each =>
      'error' in each
        ? [each.id, each.error.message, null, null, ...metrics.map(() => null), null]
        : [
            each.id,
            each.target,
            `${each.data.name} v${each.data.version}`,
            each.holdout.rows,
            ...metrics.map(name => each.holdout.winner[name] ?? null),
            each.holdout.baseline[each.metric] ?? null,
          ],
    ),
    totalRows: shown.length,
  };
  const notes = comparisonNotes(shown).map(note => printable(note));
  return {models: shown, text: [renderMarkdownTable(table, {maxRows: 50}), ...notes].join('\n')};
}

async function remove(folder: string, id: string, context: DatasetContext): Promise<void> {
  const files = await listModels(folder);
  // Only a whole id: "latest" is another model a moment later.
  if (!files.some(each => each.id === id)) {
    await modelId(folder, id);
    throw new ToolError(
      'model.unknown',
      `To remove a model give its whole id, not ${printable(id, {oneLine: true})}.`,
      {
        hint: 'ds-agent models lists them.',
      },
    );
  }
  if (!context.shared.yes && !(await confirmed(`Remove the model ${id}? This can't be undone. [y/N] `)))
    throw new DsAgentError('denied', 'model.rm_denied', `The model ${id} was not removed.`, {
      hint: 'Add --yes to remove it without being asked.',
    });
  await removeModel(folder, id);
  await print(context, {schema_version: 1, status: 'removed', id}, `Removed the model ${id}`);
}
