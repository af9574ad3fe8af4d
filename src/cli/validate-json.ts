// What `ds-agent validate --json` prints.

import {z} from 'zod';

const count = z.int().min(0);
const cell = z.union([z.null(), z.boolean(), z.number(), z.string()]);

export const validationSchema = z.strictObject({
  schema_version: z.literal(1),
  status: z.enum(['passed', 'warned', 'failed']),
  file: z.string(),
  rules: count,
  failed: count,
  warned: count,
  results: z.array(
    z.strictObject({
      dataset: z.string(),
      title: z.string(),
      check: z.string(),
      severity: z.enum(['error', 'warn']),
      status: z.enum(['passed', 'failed', 'not_checked']),
      failing: count.nullable(),
      rows: count.nullable(),
      detail: z.string(),
      examples: z.array(z.record(z.string(), cell)),
      error: z.strictObject({code: z.string(), message: z.string(), hint: z.string().nullable()}).nullable(),
      sql: z.string(),
    }),
  ),
});

export type ValidationJson = z.infer<typeof validationSchema>;
