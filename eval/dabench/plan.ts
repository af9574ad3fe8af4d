// What a plan file holds: the tool calls that answer one question, and where in their results each answer stands.

import {readdir, readFile} from 'node:fs/promises';
import path from 'node:path';
import {z} from 'zod';

/** The dataset that every question's table is imported as. */
export const datasetName = 'data';

const rowSchema = z.union([z.int().min(0), z.record(z.string(), z.union([z.string(), z.number()]))]);

/** One cell: of call `call` (default the first), in row `row` (a number, or the first row where these columns hold these values). */
const cellSchema = z.strictObject({
  call: z.int().min(0).optional(),
  row: rowSchema.optional(),
  column: z.string(),
  /** Decimals; without it the cell's own text. */
  digits: z.int().min(0).max(12).optional(),
});
export type CellAnswer = z.infer<typeof cellSchema>;

/** All rows of a column, joined by ", " (or `join`) and put between `open` and `close`. */
const listSchema = z.strictObject({
  call: z.int().min(0).optional(),
  list: z.string(),
  digits: z.int().min(0).max(12).optional(),
  join: z.string().optional(),
  open: z.string().optional(),
  close: z.string().optional(),
});
export type ListAnswer = z.infer<typeof listSchema>;

/** All rows as the text of a Python dict: `key` and `value` are columns. */
const dictSchema = z.strictObject({
  call: z.int().min(0).optional(),
  key: z.string(),
  value: z.string(),
  digits: z.int().min(0).max(12).optional(),
});
export type DictAnswer = z.infer<typeof dictSchema>;

const conditionSchema = cellSchema.extend({
  below: z.number().optional(),
  atLeast: z.number().optional(),
  above: z.number().optional(),
  atMost: z.number().optional(),
  /** Compares the size and not the sign. */
  absolute: z.boolean().optional(),
});
export type Condition = z.infer<typeof conditionSchema>;

/** The first choice all of whose conditions hold; a choice without conditions always holds. */
const choiceSchema = z.strictObject({
  choose: z.array(z.strictObject({when: z.array(conditionSchema), say: z.string()})).min(2),
});
export type ChoiceAnswer = z.infer<typeof choiceSchema>;

/** Several cells in one answer. */
const partsSchema = z.strictObject({parts: z.array(cellSchema).min(1), join: z.string().optional()});
export type PartsAnswer = z.infer<typeof partsSchema>;

const answerSchema = z.union([cellSchema, listSchema, dictSchema, choiceSchema, partsSchema]);
export type Answer = z.infer<typeof answerSchema>;

const planSchema = z.strictObject({
  /** What a user would pass to the import by hand. */
  import: z.strictObject({header: z.union([z.boolean(), z.int()])}).optional(),
  calls: z.array(z.strictObject({tool: z.string(), args: z.record(z.string(), z.unknown())})).min(1),
  answers: z.record(z.string(), answerSchema),
});
export type Plan = z.infer<typeof planSchema>;

/** @throws ZodError when the text is no plan; so a label or a comment can't slip in */
export function parsePlan(text: string): Plan {
  return planSchema.parse(JSON.parse(text));
}

/** The plans of a folder by question id, from files named <id>.json. */
export async function readPlans(directory: string): Promise<Map<number, Plan>> {
  const plans = new Map<number, Plan>();
  for (const name of (await readdir(directory)).sort()) {
    const id = /^(\d+)\.json$/.exec(name)?.[1];
    if (id === undefined) continue;
    const text = await readFile(path.join(directory, name), 'utf8');
    try {
      plans.set(Number(id), parsePlan(text));
    } catch (cause) {
      throw new Error(`${name} is no plan`, {cause});
    }
  }
  return plans;
}
