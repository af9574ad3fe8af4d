// The schema of the one object that a run prints, and of its parts that other commands print too.

import {z} from 'zod';
import {
  artifactSchema,
  cautionSchema,
  datasetRefSchema,
  errorKindSchema,
  groundingSchema,
  nextStepSchema,
  sentSchema,
} from '../core/event-schema.ts';

const count = z.int().min(0);

export const errorSchema = z.strictObject({
  code: z.string(),
  kind: errorKindSchema,
  message: z.string(),
  hint: z.string().nullable(),
  retry_after_ms: z.number().nullable(),
});

export const breakerSchema = z.strictObject({
  provider: z.string(),
  model: z.string(),
  state: z.enum(['closed', 'open', 'half_open']),
  failures: count,
  threshold: count,
  open_until: z.iso.datetime().nullable(),
  cause: z.string().nullable(),
  blocked: z.string().nullable(),
});

const attempt = z.strictObject({
  provider: z.string(),
  model: z.string(),
  attempt: count,
  outcome: z.string(),
  status: z.int().nullable(),
  request_id: z.string().nullable(),
  ms: count,
});

const imported = z.strictObject({
  name: z.string(),
  version: count,
  rows: count,
  columns: count,
  stored_file: z.string(),
  warnings: z.array(z.string()),
});

const receipt = z.strictObject({
  id: count,
  tool: z.string(),
  args: z.unknown(),
  sql: z.string().exactOptional(),
  datasets: z.array(datasetRefSchema),
  rows_read: count,
  sampled: z.boolean(),
  ms: z.number(),
});

export const runResult = {
  schema_version: z.literal(1),
  status: z.enum(['answered', 'failed', 'limit', 'aborted']),
  answer: z.string().nullable(),
  error: errorSchema.nullable(),
  provider: z.string().nullable(),
  model: z.string().nullable(),
  attempts: z.array(attempt),
  breakers: z.array(breakerSchema),
  datasets: z.array(imported),
  artifacts: z.array(artifactSchema),
  receipts: z.array(receipt),
  cautions: z.array(cautionSchema),
  grounding: groundingSchema.nullable(),
  privacy: sentSchema.nullable(),
  usage: z.strictObject({input_tokens: z.number().nullable(), output_tokens: z.number().nullable()}),
  next_steps: z.array(nextStepSchema),
  session: z.string().nullable(),
  duration_ms: count,
};
