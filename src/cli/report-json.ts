// What `ds-agent report --json` prints.

import {z} from 'zod';

const count = z.int().min(0);

export const reportSchema = z.strictObject({
  schema_version: z.literal(1),
  status: z.literal('written'),
  file: z.string(),
  format: z.enum(['pdf', 'html', 'md', 'ipynb']),
  bytes: count,
  session: z.string(),
  receipts: count,
  standard_analysis: z.boolean(),
  written_by: z.string(),
  refused_numbers: z.array(z.string()),
});

export type ReportJson = z.infer<typeof reportSchema>;
