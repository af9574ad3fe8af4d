// `ds-agent train`: trains models on a dataset, keeps the best, and says how good it is beside the baseline.

import type {Dataset} from '../../core/dataset.ts';
import {DsAgentError, toDsAgentError, UsageError} from '../../core/errors.ts';
import {printable} from '../../core/text.ts';
import {trainTarget} from '../../tools/train-model.ts';
import {guessTargets} from '../../tools/training/guess-target.ts';
import {readContent} from '../../tools/training/model-file.ts';
import {listModels} from '../../workspace/models.ts';
import type {DatasetContext} from '../dataset-commands.ts';
import {jsonText} from '../json-result.ts';
import {errorJson, errorText, exitCodeOf} from '../outcome.ts';
import {chartLines} from '../slash/run-tool.ts';
import {chartFiles, factsOf, type ModelFacts, unkeptFactsOf} from './facts.ts';
import type {TrainedJson} from './json.ts';
import {withModelBench} from './open.ts';

export type TrainRequest = {
  /** Null asks which columns are the likeliest. */
  target: string | null;
  features: string[];
  models: string[];
  balanced: boolean;
  where: string | null;
  group: string | null;
  time: string | null;
  seconds: number | null;
  seed: number | null;
};

/**
 * The exit code is that of the stop where training was stopped and the best so far kept, and that of the refusal where the
 * model could not be kept: its figures are told all the same.
 * @throws UsageError `usage.no_dataset`, `usage.target`; whatever `train_model` reports
 */
export async function runTrain(request: TrainRequest, context: DatasetContext): Promise<number> {
  const {shared, output, signal} = context;
  return withModelBench(context, async ({workspace, catalog, imported, context: toolContext}) => {
    const dataset = shared.dataset ?? imported ?? (await catalog.active());
    if (dataset === undefined)
      throw new UsageError('usage.no_dataset', 'There is no dataset to learn from.', {
        hint: 'Give one: ds-agent train --data FILE --target COLUMN',
      });
    const {target, features, models, balanced, where, group, time, seconds, seed} = request;
    if (target === null) throw missingTarget(await catalog.dataset(dataset));
    // As wide as what else goes to a script.
    const charts = {workspace, terminalWidth: () => 80, pictures: false};
    const {id, refusal, content, outcome} = await trainTarget(
      {
        dataset,
        target,
        features,
        models,
        balanced,
        ...(where !== null && {where}),
        ...(group !== null && {group}),
        ...(time !== null && {time}),
        ...(seconds !== null && {seconds}),
        ...(seed !== null && {seed}),
      },
      {catalog, charts, context: toolContext},
    );
    const summary = printable(outcome.summary);
    if (shared.format === 'text') await output.out(`${[...chartLines(outcome.artifacts), summary].join('\n')}\n`);
    else {
      const files = {charts: chartFiles(outcome.artifacts), notes: summary};
      const trained: TrainedJson = refusal
        ? {schema_version: 1, status: 'not_kept', ...unkeptFactsOf(content), ...files, error: errorJson(refusal)}
        : {schema_version: 1, status: 'trained', ...(await keptFacts(workspace.path('models'), id)), ...files};
      await output.out(jsonText(trained));
    }
    if (refusal) output.err(errorText(refusal));
    // What was stopped is told of and kept, but it did not end as it was asked to.
    return exitCodeOf(signal.aborted ? toDsAgentError(signal.reason) : refusal);
  });
}

function missingTarget(dataset: Dataset): UsageError {
  const guesses = guessTargets(dataset);
  const likeliest = guesses.map(({column, reasons}) => `${column.name} (${reasons.join(', ')})`);
  const [first] = guesses;
  const message = first
    ? `The column to predict is missing. The likeliest of ${dataset.name}: ${likeliest.join('; ')}.`
    : `The column to predict is missing, and none of ${dataset.name} is likely: a number, or 2 to 20 classes.`;
  return new UsageError('usage.target', message, {
    hint: `ds-agent train --dataset ${dataset.name} --target ${first ? typed(first.column.name) : 'COLUMN'}`,
  });
}

/** As a shell takes it for one word. */
const typed = (name: string) => (/^[\p{L}\p{N}_.-]+$/u.test(name) ? name : `'${name.replaceAll("'", "'\\''")}'`);

async function keptFacts(folder: string, id: string): Promise<ModelFacts> {
  const file = (await listModels(folder)).find(each => each.id === id);
  if (!file) throw new DsAgentError('tool', 'model.unknown', 'The model that was trained is gone already.');
  return factsOf(file, await readContent(folder, id));
}
