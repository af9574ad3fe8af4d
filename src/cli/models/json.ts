// What `ds-agent train`, `predict` and `models` print with --json.

import {z} from 'zod';
import {datasetRefSchema} from '../../core/event-schema.ts';
import {splitKinds} from '../../models/training-data.ts';
import {errorSchema} from '../run-result-schema.ts';

const count = z.int().min(0);
const version = z.literal(1);
const metrics = z.record(z.string(), z.number().nullable());

/** `holdout` was measured on rows that took no part in choosing the model; `leaderboard` is by cross-validation. */
const modelFacts = {
  id: z.string(),
  estimator: z.string(),
  task: z.enum(['regression', 'classification']),
  target: z.string(),
  classes: z.array(z.string()),
  features: z.array(z.string()),
  created_at: z.string(),
  bytes: count,
  data: z.strictObject({name: z.string(), version: count, sha256: z.string(), rows: count}),
  seed: count,
  /** How rows were divided, the held-out ones too; null in models of an earlier version. */
  split: z.enum(splitKinds).nullable(),
  metric: z.string(),
  leaderboard: z.array(
    z.strictObject({estimator: z.string(), error: z.number(), sd: z.number(), baseline: z.boolean()}),
  ),
  holdout: z.strictObject({rows: count, winner: metrics, baseline: metrics}),
  importance: z.array(z.strictObject({column: z.string(), mean: z.number(), low: z.number(), high: z.number()})),
};

/** Files relative to the workspace. */
const charts = z.array(z.string());

const {id: _id, bytes: _bytes, ...unkeptFacts} = modelFacts;

/** `notes` is what the training said, in words. A model that could not be kept has figures, and no id. */
export const trainedSchema = z.union([
  z.strictObject({
    schema_version: version,
    status: z.literal('trained'),
    ...modelFacts,
    charts,
    notes: z.string(),
  }),
  z.strictObject({
    schema_version: version,
    status: z.literal('not_kept'),
    ...unkeptFacts,
    charts,
    notes: z.string(),
    error: errorSchema,
  }),
]);

const brokenModel = z.strictObject({id: z.string(), bytes: count, error: errorSchema});
const listedModel = z.union([z.strictObject(modelFacts), brokenModel]);

/** A kept model on the rows of `data`; `notes` is what was found, in words. */
const judgedHead = {
  model: z.string(),
  estimator: z.string(),
  task: z.enum(['regression', 'classification']),
  target: z.string(),
  classes: z.array(z.string()),
  data: datasetRefSchema,
  charts,
  notes: z.string(),
};

/** `low` and `high` bound the 95 % bootstrap interval; `baseline` is that of the best constant. */
const estimates = z.array(
  z.strictObject({
    metric: z.string(),
    value: z.number().nullable(),
    low: z.number().nullable(),
    high: z.number().nullable(),
    baseline: z.number().nullable(),
  }),
);

export const modelsSchema = z.union([
  z.strictObject({
    schema_version: version,
    status: z.literal('listed'),
    workspace: z.string(),
    models: z.array(listedModel),
  }),
  z.strictObject({schema_version: version, status: z.literal('shown'), ...modelFacts}),
  z.strictObject({schema_version: version, status: z.literal('compared'), models: z.array(listedModel)}),
  z.strictObject({
    schema_version: version,
    status: z.literal('evaluated'),
    ...judgedHead,
    rows: count,
    metrics: estimates,
    groups: z.array(z.strictObject({group: z.string(), rows: count, metrics: estimates})),
  }),
  z.strictObject({
    schema_version: version,
    status: z.literal('explained'),
    ...judgedHead,
    /** The columns of all rows, the values of one column, or the columns of one row. */
    about: z.enum(['importance', 'column', 'row']),
    values: z.array(z.record(z.string(), z.union([z.string(), z.number(), z.null()]))),
  }),
  z.strictObject({schema_version: version, status: z.literal('removed'), id: z.string()}),
  z.strictObject({
    schema_version: version,
    status: z.literal('exported'),
    id: z.string(),
    file: z.string(),
    bytes: count,
    inputs: z.array(
      z.union([
        z.strictObject({name: z.string(), type: z.literal('double')}),
        z.strictObject({name: z.string(), type: z.literal('string'), missing: z.string()}),
      ]),
    ),
    outputs: z.array(z.string()),
  }),
]);

/** `gaps` counts rows with values that the model could not take; `example_rows` are those of `examples`, from 1. */
export const predictedSchema = z.strictObject({
  schema_version: version,
  status: z.literal('predicted'),
  model: z.string(),
  target: z.string(),
  file: z.string(),
  format: z.string(),
  bytes: count,
  rows: count,
  columns: z.array(z.string()),
  counts: z.record(z.string(), count).nullable(),
  mean: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  gaps: z.array(
    z.strictObject({
      column: z.string(),
      kind: z.enum(['unseen', 'missing', 'unreadable']),
      rows: count,
      examples: z.array(z.string()).optional(),
      example_rows: z.array(count).optional(),
    }),
  ),
  guarded_cells: count,
});

export type TrainedJson = z.infer<typeof trainedSchema>;
export type PredictedJson = z.infer<typeof predictedSchema>;
export type ModelsJson = z.infer<typeof modelsSchema>;
export type ListedModelJson = z.infer<typeof listedModel>;
