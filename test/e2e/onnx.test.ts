// From a file to predictions in another program: train, export, and score the rows with onnxruntime as `ds-agent predict` does.

import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {z} from 'zod';
import {runOnnx} from '../support/onnxruntime.ts';
import {makePlace, type Place, runProgram} from '../support/program.ts';

const example = fileURLToPath(new URL('../../examples/bike_rentals.csv', import.meta.url));
const exported = z.object({
  inputs: z.array(z.object({name: z.string(), type: z.enum(['double', 'string']), missing: z.string().default('')})),
  outputs: z.array(z.string()),
});
const rowsSchema = z.array(z.record(z.string(), z.union([z.number(), z.string(), z.boolean(), z.null()])));
type Row = z.output<typeof rowsSchema>[number];

/** As `models export` says what its inputs are. */
const parts: Record<string, (day: Date) => number> = {
  days: day => day.getTime() / 86_400_000,
  year: day => day.getUTCFullYear(),
  month: day => day.getUTCMonth() + 1,
  weekday: day => day.getUTCDay() || 7,
};

let place: Place;
beforeAll(() => {
  place = makePlace();
});
afterAll(() => place.remove());

async function run(args: string[]): Promise<string> {
  const {code, stdout} = await runProgram(args, {place});
  expect(code, stdout).toBe(0);
  return stdout;
}

/** A number, or NaN where it is missing; a part of a date from the date. */
function numberOf(row: Row, name: string): number {
  const [, column = '', part = ''] = /^(.*) \((\w+)\)$/.exec(name) ?? [];
  const value = row[name in row ? name : column] ?? null;
  if (value === null) return Number.NaN;
  return name in row ? Number(value) : (parts[part]?.(new Date(String(value))) ?? Number.NaN);
}

describe.each([
  ['price', 'boosting', ['date', 'region', 'bike_type', 'weather', 'temperature_c', 'customer_age', 'member', 'hours']],
  ['bike_type', 'boosting', ['price', 'hours', 'date', 'rating', 'region']],
  ['bike_type', 'logistic', ['price', 'hours', 'distance_km', 'weather', 'rating']],
])('%s by %s', (target, model, features) => {
  it('is scored by onnxruntime as by ds-agent predict, in all 4,000 rows of the example', async () => {
    const how = ['--models', model, '--features', features.join(','), '--seconds', '1', '--json'];
    const trained = JSON.parse(await run(['train', '--data', example, '--target', target, ...how]));
    expect(trained.id).toContain(`/${model}-`);
    const answer = await run(['models', 'export', 'latest', '-o', 'model.onnx', '--force', '--json']);
    const {inputs, outputs} = exported.parse(JSON.parse(answer));
    await run(['predict', 'latest', example, '-o', 'scored.json', '--force']);
    const rows = rowsSchema.parse(JSON.parse(readFileSync(join(place.cwd, 'scored.json'), 'utf8')));
    const fed = inputs.map(({name, type, missing}) =>
      type === 'double'
        ? {name, type, values: Float64Array.from(rows, row => numberOf(row, name))}
        : {name, type, missing, values: rows.map(row => String(row[name] ?? missing))},
    );
    const [said] = await runOnnx([{bytes: readFileSync(join(place.cwd, 'model.onnx')), inputs: fed}]);
    if (!said?.outputs) throw new Error(said?.error);
    expect(Object.keys(said.outputs)).toEqual(outputs);
    const [predicted, probabilities] = outputs.map(name => said.outputs?.[name]?.data ?? []);
    const classes: string[] = trained.classes;
    const off = rows.map((row, i) => {
      if (classes.length === 0) return Math.abs(Number(predicted?.[i]) / Number(row.predicted) - 1);
      expect(predicted?.[i]).toBe(String(row.predicted));
      return Math.max(
        ...classes.map((name, k) =>
          Math.abs(Number(probabilities?.[i * classes.length + k]) - Number(row[`probability_${name}`])),
        ),
      );
    });
    expect(rows.length).toBe(4_000);
    expect(Math.max(...off)).toBeLessThan(1e-11);
  });
});
