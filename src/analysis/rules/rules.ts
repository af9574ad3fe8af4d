// What a rules file may say, checked whole: every problem is told at once with its place.

import {z} from 'zod';

const name = z.string().min(1);
const names = z.union([name, z.array(name).min(1)]).transform(value => (Array.isArray(value) ? value : [value]));
const bound = z.union([z.number(), z.string().min(1)]);
const count = z.number().int().min(0);

/** `where` is a SQL condition on the rows that the rule is about. A rule of severity warn never fails a run by itself. */
const shared = {
  name: name.optional(),
  dataset: name.optional(),
  severity: z.enum(['error', 'warn']).default('error'),
  where: name.optional(),
};

const atLeastOne = (fields: readonly string[]) => (rule: object) =>
  fields.some(
    field =>
      Object.hasOwn(rule, field) && Object.entries(rule).some(([key, value]) => key === field && value !== undefined),
  );

const kinds = [
  z.strictObject({check: z.literal('not_null'), columns: names, ...shared}),
  z.strictObject({check: z.literal('unique'), columns: names, ...shared}),
  z
    .strictObject({check: z.literal('range'), column: name, min: bound.optional(), max: bound.optional(), ...shared})
    .refine(atLeastOne(['min', 'max']), 'needs min or max'),
  z.strictObject({
    check: z.literal('set'),
    column: name,
    values: z.array(z.union([z.string(), z.number(), z.boolean()])).min(1),
    ...shared,
  }),
  z.strictObject({check: z.literal('regex'), column: name, pattern: name, ...shared}),
  z.strictObject({
    check: z.literal('foreign_key'),
    columns: names,
    references: z.strictObject({dataset: name, columns: names}),
    ...shared,
  }),
  z
    .strictObject({check: z.literal('row_count'), min: count.optional(), max: count.optional(), ...shared})
    .refine(atLeastOne(['min', 'max']), 'needs min or max'),
  z.strictObject({check: z.literal('type'), column: name, type: name, ...shared}),
  z.strictObject({
    check: z.literal('freshness'),
    column: name,
    max_age: z.string().regex(/^\d+ (minute|hour|day|week|month)s?$/, 'is written like "2 days"'),
    ...shared,
  }),
  z.strictObject({check: z.literal('sql'), condition: name, ...shared}),
] as const;

const ruleSchema = z.discriminatedUnion('check', kinds);
const fileSchema = z.strictObject({dataset: name.optional(), rules: z.array(ruleSchema).min(1)});

export type Rule = z.infer<typeof ruleSchema>;
export type RulesFile = z.infer<typeof fileSchema>;

/** The rules, or every problem as "rules[2].min: …". `value` is what the file's YAML or JSON says. */
export function parseRules(value: unknown): {rules: RulesFile} | {problems: string[]} {
  const parsed = fileSchema.safeParse(value);
  if (parsed.success) return {rules: parsed.data};
  return {problems: parsed.error.issues.map(({path, message}) => `${placeOf(path)}: ${message}`)};
}

function placeOf(path: readonly PropertyKey[]): string {
  const text = path.map(part => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
  return text.replace(/^\./, '') || 'the file';
}
