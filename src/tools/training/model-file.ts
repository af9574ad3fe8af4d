// What a model is on disk, checked whole when it is read: nothing of the file is ever run.

import {z} from 'zod';
import {ToolError} from '../../core/errors.ts';
import {nearest, printable} from '../../core/text.ts';
import {decided, decisionSchema} from '../../models/decision.ts';
import type {Estimator, FittedModel} from '../../models/estimator.ts';
import {ESTIMATORS} from '../../models/estimators.ts';
import {recipeSchema, widthOf} from '../../models/recipe.ts';
import {splitKinds} from '../../models/training-data.ts';
import {listModels, readModel} from '../../workspace/models.ts';
import type {Catalog} from '../catalog.ts';
import {isAsKept} from './model-checksum.ts';

const metrics = z.record(z.string(), z.number().nullable());

/** Format 2 holds models learnt on a logarithm; all others are still written as 1, which older programs read. */
const version = 2;
const newerSchema = z.object({format: z.literal('ds-agent-model'), version: z.int().min(version + 1)});

const modelSchema = z.object({
  format: z.literal('ds-agent-model'),
  version: z.int().min(1).max(version),
  estimator: z.string(),
  task: z.enum(['regression', 'classification']),
  target: z.string(),
  /** The values of the classes in the order of their numbers; empty for a number. */
  classes: z.array(z.string()),
  seed: z.int(),
  settings: z.record(z.string(), z.number()).optional(),
  createdAt: z.string(),
  data: z.object({name: z.string(), version: z.int(), sha256: z.string(), rows: z.int()}),
  inputs: z.array(
    z.object({
      name: z.string(),
      column: z.string(),
      kind: z.enum(['number', 'category', 'text']),
      part: z.string().nullable(),
    }),
  ),
  recipe: recipeSchema,
  /** How probabilities become better ones, and a class. */
  decision: decisionSchema.optional(),
  split: z.enum(splitKinds).optional(),
  metric: z.enum(['rmse', 'log_loss']),
  leaderboard: z.array(z.object({estimator: z.string(), error: z.number(), sd: z.number(), baseline: z.boolean()})),
  holdout: z.object({rows: z.int(), winner: metrics, baseline: metrics}),
  importance: z.array(z.object({column: z.string(), mean: z.number(), low: z.number(), high: z.number()})),
  notes: z.array(z.string()).optional(),
  rules: z.array(z.string()).optional(),
  parameters: z.unknown(),
});

export type ModelContent = z.output<typeof modelSchema>;
/** What a file says of a model; its parameters are not yet looked at. */
export type KeptModel = {id: string; content: ModelContent};
/** `bare` is the model before its decision: its probabilities are not calibrated, its classes the likeliest. */
export type LoadedModel = KeptModel & {model: FittedModel; bare: FittedModel};

/** Only then a model hears of the tools that work on one. */
export async function isModelKept({workspace}: Catalog): Promise<boolean> {
  return (await listModels(workspace.path('models'))).length > 0;
}

/** The id of a kept model: `wanted` is one, or the name of a dataset (its newest model), or "latest". @throws ToolError */
export async function modelId(folder: string, wanted: string): Promise<string> {
  const all = (await listModels(folder)).map(({id}) => id);
  const id =
    wanted === 'latest'
      ? all[0]
      : (all.find(each => each === wanted) ?? all.find(each => each.startsWith(`${wanted}/`)));
  if (id !== undefined) return id;
  if (all.length === 0)
    throw new ToolError('model.unknown', 'No model is kept here yet.', {
      hint: 'Train one first: /train TARGET, or ds-agent train --data FILE --target COLUMN.',
    });
  const near = nearest(wanted, all);
  throw new ToolError('model.unknown', `There is no model ${printable(wanted, {oneLine: true})}.`, {
    hint: `${near.length > 0 ? 'Did you mean' : 'Models:'} ${(near.length > 0 ? near : all.slice(0, 8)).join(', ')}`,
  });
}

/**
 * What the file of a model says, checked against its own checksum and its schema.
 * @throws ToolError `model.unknown`, `model.broken`, `model.changed`, `model.newer`
 */
export async function readContent(folder: string, id: string): Promise<ModelContent> {
  const text = await readModel(folder, id);
  if (text === null) throw new ToolError('model.unknown', `The model ${id} is gone.`);
  try {
    const content: unknown = JSON.parse(text);
    const newer = newerSchema.safeParse(content);
    if (newer.success)
      throw new ToolError(
        'model.newer',
        `The model ${id} was written by a newer ds-agent (format ${newer.data.version}; this one reads ${version}).`,
        {hint: 'Update ds-agent, or train the model again.'},
      );
    if (!isAsKept(text, content))
      throw new ToolError(
        'model.changed',
        `The file of the model ${id} was changed after it was kept: its content does not fit its checksum.`,
        {hint: 'Restore the file from a copy, or train the model again.'},
      );
    return modelSchema.parse(content);
  } catch (cause) {
    throw cause instanceof ToolError ? cause : broken(id, cause);
  }
}

/** `wanted` as in `modelId`. @throws ToolError what `modelId` and `readContent` throw */
export async function keptModel(folder: string, wanted: string): Promise<KeptModel> {
  const id = await modelId(folder, wanted);
  return {id, content: await readContent(folder, id)};
}

/** `wanted` as in `modelId`. @throws ToolError what `keptModel` and `withParameters` throw */
export async function loadModel(folder: string, wanted: string): Promise<LoadedModel> {
  return withParameters(await keptModel(folder, wanted));
}

/**
 * Reads the parameters, which takes a tenth of a second for a large forest: a chat leaves that to a thread.
 * @throws ToolError `model.broken`
 */
export function withParameters({id, content}: KeptModel): LoadedModel {
  try {
    const bare = estimatorOf(content).load(content.parameters);
    requireFit(content, bare);
    return {id, content, bare, model: content.decision ? decided(bare, content.decision) : bare};
  } catch (cause) {
    throw broken(id, cause);
  }
}

/** A recipe or classes of another model would give wrong answers without a word. @throws RangeError */
function requireFit({recipe, classes, task}: ModelContent, bare: FittedModel): void {
  const features = widthOf(recipe);
  const {width} = bare;
  if (width !== undefined && width !== features)
    throw new RangeError(`the recipe makes ${features} features for a model of ${width}`);
  const outputs = bare.probabilities?.(Array.from({length: features}, () => new Float64Array(1))).length ?? 0;
  if (outputs !== classes.length || (task === 'classification') !== classes.length > 0)
    throw new RangeError(`${classes.length} classes are named for a model of ${outputs}`);
}

function broken(id: string, cause: unknown): ToolError {
  return new ToolError('model.broken', `The file of the model ${id} is damaged or of another program.`, {
    hint: 'Train the model again.',
    cause,
  });
}

function estimatorOf({estimator, task}: ModelContent): Estimator {
  const found = ESTIMATORS.find(each => each.name === estimator && each.task === task);
  if (!found) throw new RangeError(`there is no estimator ${estimator} for ${task}`);
  return found;
}
