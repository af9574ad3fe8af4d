// JSON Schemas as zod writes them, cut down to what Gemini accepts.

import {describe, expect, it} from 'vitest';
import {z} from 'zod';
import {geminiParameters} from '../../src/providers/gemini-schema.ts';

const converted = (schema: z.ZodType) => geminiParameters(z.toJSONSchema(schema) as Record<string, unknown>);

const refused = [
  '$schema',
  '$ref',
  '$defs',
  'additionalProperties',
  'default',
  'const',
  'oneOf',
  'exclusiveMinimum',
  'pattern',
];

describe('conversion', () => {
  it('a function without parameters gets none', () => {
    expect(converted(z.object({}))).toBeUndefined();
  });

  it('keeps descriptions, required names and small bounds, and drops the rest', () => {
    const schema = z.strictObject({
      dataset: z
        .string()
        .describe('its name')
        .regex(/^[a-z]+$/),
      max_rows: z.int().positive().optional(),
      share: z.number().min(0).max(1).default(0.5),
    });
    expect(converted(schema)).toEqual({
      type: 'object',
      required: ['dataset', 'share'],
      properties: {
        dataset: {type: 'string', description: 'its name'},
        max_rows: {type: 'integer'},
        share: {type: 'number', minimum: 0, maximum: 1},
      },
    });
  });

  it.each<[string, z.ZodType, unknown]>([
    ['an enum', z.enum(['bar', 'line']), {type: 'string', format: 'enum', enum: ['bar', 'line']}],
    ['a literal', z.literal('bar'), {type: 'string', format: 'enum', enum: ['bar']}],
    ['numbers to choose from', z.literal([1, 2]), {type: 'number', description: 'One of: 1, 2.'}],
    ['a nullable', z.string().nullable(), {type: 'string', nullable: true}],
    ['a list', z.array(z.string()).min(1), {type: 'array', minItems: 1, items: {type: 'string'}}],
    ['a union', z.union([z.string(), z.number()]), {anyOf: [{type: 'string'}, {type: 'number'}]}],
  ])('%s', (_, field, expected) => {
    expect(converted(z.object({field}))?.properties).toEqual({field: expected});
  });

  it('a shared part is written out, a recursive one ends', () => {
    type Tree = {name: string; children: Tree[]};
    const tree: z.ZodType<Tree> = z.object({name: z.string(), children: z.array(z.lazy(() => tree))});
    const text = JSON.stringify(converted(z.object({tree})));
    for (const word of refused) expect(text).not.toContain(`"${word}"`);
    expect(text.length).toBeLessThan(2000);
  });
});
