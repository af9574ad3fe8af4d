// `ds-agent train`: trains models on a dataset, keeps the best, and says how good it is beside the baseline.

import {DsAgentError, UsageError} from '../../core/errors.ts';
import {printable} from '../../core/text.ts';
import {trainModel} from '../../tools/train-model.ts';
import {readContent} from '../../tools/training/model-file.ts';
import {listModels} from '../../workspace/models.ts';
import type {DatasetContext} from '../dataset-commands.ts';
import {jsonText} from '../json-result.ts';
import {factsOf} from './facts.ts';
import type {TrainedJson} from './json.ts';
import {withModelBench} from './open.ts';

export type TrainRequest = {
  target: string;
  features: string[];
  where: string | null;
  seconds: number | null;
  seed: number | null;
};

/** @throws UsageError `usage.no_dataset`; whatever `train_model` reports */
export async function runTrain(request: TrainRequest, context: DatasetContext): Promise<number> {
  const {shared, output} = context;
  return withModelBench(context, async ({workspace, catalog, imported, context: toolContext}) => {
    const dataset = shared.dataset ?? imported ?? (await catalog.active());
    if (dataset === undefined)
      throw new UsageError('usage.no_dataset', 'There is no dataset to learn from.', {
        hint: 'Give one: ds-agent train --data FILE --target COLUMN',
      });
    const {target, features, where, seconds, seed} = request;
    const tool = trainModel(catalog);
    const asked = tool.args.parse({
      dataset,
      target,
      ...(features.length > 0 && {features}),
      ...(where !== null && {where}),
      ...(seconds !== null && {seconds}),
      ...(seed !== null && {seed}),
    });
    const outcome = await tool.run(asked, toolContext);
    if (!outcome.ok)
      throw new DsAgentError(
        outcome.kind ?? 'tool',
        outcome.code,
        outcome.message,
        outcome.hint ? {hint: outcome.hint} : {},
      );
    const summary = printable(outcome.summary);
    if (shared.format === 'text') {
      await output.out(`${summary}\n`);
      return 0;
    }
    const folder = workspace.path('models');
    const id = /Kept as model ([a-z0-9_]+\/[a-z_]+-v\d+)/.exec(outcome.summary)?.[1];
    const file = (await listModels(folder)).find(each => each.id === id);
    if (!file) throw new DsAgentError('tool', 'model.unknown', 'The model that was trained is gone already.');
    const facts = factsOf(file, await readContent(folder, file.id));
    const trained: TrainedJson = {schema_version: 1, status: 'trained', ...facts, notes: summary};
    await output.out(jsonText(trained));
    return 0;
  });
}
