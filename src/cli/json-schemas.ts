// The JSON that commands print, as schemas. The files in schemas/ are made from them (npm run schemas), and the code that
// prints is held to their types, so neither can change alone.

import {z} from 'zod';
import {datasetRefSchema, eventSchema} from '../core/event-schema.ts';
import {modelsSchema, predictedSchema, trainedSchema} from './models/json.ts';
import {reportSchema} from './report-json.ts';
import {breakerSchema, errorSchema, runResult} from './run-result-schema.ts';
import {validationSchema} from './validate-json.ts';

const count = z.int().min(0);
const version = z.literal(1);
const instant = z.iso.datetime();
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const resultSchema = z.strictObject(runResult);

const uploadedFile = z.strictObject({
  file: z.string(),
  status: z.enum(['imported', 'already_known']),
  dataset: z.string(),
  version: count,
  format: z.string(),
  rows: count,
  columns: z.array(
    z.strictObject({
      name: z.string(),
      original_name: z.string(),
      type: z.string(),
      null_count: count,
      distinct_count: count,
      notes: z.array(z.string()),
      evidence: z
        .strictObject({
          filled: count,
          missing: count,
          placeholders: count,
          misfits: count,
          misfitExample: z.string().nullable(),
        })
        .nullable(),
    }),
  ),
  rows_in: count,
  rows_out: count,
  rows_dropped: count,
  dialect: z
    .strictObject({
      delimiter: z.string().nullable(),
      quote: z.string().nullable(),
      escape: z.string().nullable(),
      header_rows: count,
      preamble_rows: count,
      decimal: z.enum(['.', ',']),
      encoding: z.string().nullable(),
      confidence: z.number(),
      runner_up: z.string().nullable(),
    })
    .nullable(),
  encoding: z.strictObject({name: z.string(), confidence: z.number(), bad_characters: count}).nullable(),
  line_counts: z.record(z.string(), count),
  lines: z.array(z.strictObject({line: count, kind: z.string(), text: z.string()})),
  renamed_columns: z.array(z.strictObject({from: z.string(), to: z.string()})),
  warnings: z.array(z.string()),
  sha256,
  bytes: count,
  stored_file: z.string(),
  rejects_file: z.string().nullable(),
  ms: count,
});

const source = z.union([
  z.strictObject({
    kind: z.literal('file'),
    originalName: z.string(),
    originalPath: z.string(),
    storedName: z.string(),
    format: z.string(),
    sizeBytes: count,
    sha256,
  }),
  z.strictObject({kind: z.literal('query'), sql: z.string(), parents: z.array(datasetRefSchema)}),
]);

const dataset = {
  name: z.string(),
  version: count,
  versions: z.array(count),
  rows: count,
  columns: count,
  sha256,
  created_at: z.string(),
  source,
  warnings: z.array(z.string()),
};

const datasetsSchema = z.strictObject({
  schema_version: version,
  workspace: z.string(),
  datasets: z.array(z.strictObject(dataset)),
});
const removedSchema = z.strictObject({schema_version: version, status: z.literal('removed'), dataset: z.string()});
const movedSchema = z.strictObject({schema_version: version, status: z.literal('moved'), ...dataset});
const exportedSchema = z.strictObject({
  schema_version: version,
  status: z.literal('exported'),
  dataset: z.string(),
  version: count,
  file: z.string(),
  format: z.string(),
  rows: count,
  bytes: count,
  guarded_cells: count,
});

const uploadSchema = z.strictObject({
  schema_version: version,
  status: z.enum(['imported', 'failed', 'aborted']),
  files: z.array(
    z.union([uploadedFile, z.strictObject({file: z.string(), status: z.literal('rejected'), error: errorSchema})]),
  ),
  error: errorSchema.nullable(),
});

const doctorSchema = z.strictObject({
  schema_version: version,
  checks: z.array(z.strictObject({name: z.string(), state: z.enum(['ok', 'warn', 'fail']), detail: z.string()})),
  breakers: z.array(breakerSchema),
});

const configSchema = z.strictObject({
  schema_version: version,
  providers: z.array(z.enum(['openai', 'gemini', 'offline'])),
  settings: z.array(
    z.strictObject({
      variable: z.string(),
      value: z.string().nullable(),
      origin: z.enum(['default', 'user file', 'project file', 'environment', 'flag']),
    }),
  ),
  warnings: z.array(z.string()),
});

const sessionsSchema = z.strictObject({
  schema_version: version,
  workspace: z.string(),
  sessions: z.array(
    z.strictObject({
      id: z.string(),
      kind: z.enum(['chat', 'script']).nullable(),
      started_at: instant,
      updated_at: instant,
      first_question: z.string().nullable(),
      turns: count,
      datasets: z.array(z.string()),
    }),
  ),
});

const sessionExportedSchema = z.strictObject({
  schema_version: version,
  status: z.literal('exported'),
  session: z.string(),
  file: z.string(),
  format: z.enum(['md', 'ipynb', 'sql']),
  bytes: count,
});

const cell = z.union([z.null(), z.boolean(), z.number(), z.string()]);
const replaySchema = z.strictObject({
  schema_version: version,
  status: z.enum(['same', 'changed', 'failed']),
  session: z.string(),
  counts: z.strictObject({same: count, changed: count, failed: count}),
  calls: z.array(
    z.strictObject({
      id: count,
      tool: z.string(),
      question: z.string(),
      status: z.enum(['same', 'changed', 'failed']),
      changes: z.array(z.strictObject({where: z.string(), column: z.string().nullable(), before: cell, after: cell})),
      message: z.string().nullable(),
    }),
  ),
});

/** By the name of its file: `schemas/<name>.schema.json`. A command that fails prints `result` instead of its own. */
export const jsonSchemas = {
  result: {title: 'ds-agent --json', schema: resultSchema},
  event: {title: 'One line of ds-agent --output-format stream-json but the last', schema: eventSchema},
  'stream-result': {
    title: 'The last line of ds-agent --output-format stream-json',
    schema: z.strictObject({type: z.literal('result'), ...runResult}),
  },
  upload: {title: 'ds-agent upload --json', schema: uploadSchema},
  datasets: {title: 'ds-agent datasets --json', schema: z.union([datasetsSchema, removedSchema])},
  export: {title: 'ds-agent export --json', schema: exportedSchema},
  undo: {title: 'ds-agent undo --json', schema: movedSchema},
  sessions: {title: 'ds-agent sessions --json', schema: z.union([sessionsSchema, sessionExportedSchema])},
  replay: {title: 'ds-agent replay --json', schema: replaySchema},
  report: {title: 'ds-agent report --json', schema: reportSchema},
  validate: {title: 'ds-agent validate --json', schema: validationSchema},
  train: {title: 'ds-agent train --json', schema: trainedSchema},
  predict: {title: 'ds-agent predict --json', schema: predictedSchema},
  models: {title: 'ds-agent models --json', schema: modelsSchema},
  doctor: {title: 'ds-agent doctor --json', schema: doctorSchema},
  config: {title: 'ds-agent config --json', schema: configSchema},
} satisfies Record<string, {title: string; schema: z.ZodType}>;

export type SchemaName = keyof typeof jsonSchemas;

/** What the code may give to `jsonText` for a command. */
export type ResultJson = z.infer<typeof resultSchema>;
export type UploadedFileJson = z.infer<typeof uploadedFile>;
export type UploadJson = z.infer<typeof uploadSchema>;
export type DatasetsJson = z.infer<typeof datasetsSchema>;
export type DatasetJson = DatasetsJson['datasets'][number];
export type RemovedJson = z.infer<typeof removedSchema>;
export type MovedJson = z.infer<typeof movedSchema>;
export type ExportedJson = z.infer<typeof exportedSchema>;
export type SessionsJson = z.infer<typeof sessionsSchema>;
export type SessionExportedJson = z.infer<typeof sessionExportedSchema>;
export type ReplayJson = z.infer<typeof replaySchema>;
export type DoctorJson = z.infer<typeof doctorSchema>;
export type ConfigJson = z.infer<typeof configSchema>;
export type BreakerJson = z.infer<typeof breakerSchema>;
export type ErrorJson = z.infer<typeof errorSchema>;

/** The text of a schema file. */
export function schemaText(name: SchemaName): string {
  const {title, schema} = jsonSchemas[name];
  const {$schema, ...body} = z.toJSONSchema(schema, {io: 'output'});
  const $id = `ds-agent/${name}.schema.json`;
  return `${JSON.stringify({$schema, $id, title, ...body}, null, 2)}\n`;
}
