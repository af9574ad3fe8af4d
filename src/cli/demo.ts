// `ds-agent demo`: the main job on the example data, without a key. In a terminal it opens the chat instead.

import {fileURLToPath} from 'node:url';
import type {Shared} from './invocation.ts';
import type {ScriptContext} from './script.ts';
import {runScript} from './script.ts';

/** The example data set that ships with the program. */
export const exampleFile = fileURLToPath(new URL('../examples/bike_rentals.csv', import.meta.url));

export const demoQuestions = [
  'describe bike_rentals',
  'average price by region where quantity >= 2',
  'total revenue by month in 2024',
  'correlation of temperature_c and hours',
] as const;

/** Imports the example, prints its profile and the computed answers to three questions. */
export async function runDemo(shared: Shared, context: ScriptContext): Promise<number> {
  const example = {...shared, dataFiles: [exampleFile], stdin: false};
  return runScript({shared: example, prompts: demoQuestions, batch: false, echo: true}, context);
}
