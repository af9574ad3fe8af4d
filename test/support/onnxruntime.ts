// Runs exported models with the real onnxruntime, which `npm test` installs (scripts/onnxruntime.mjs).

import {spawn} from 'node:child_process';
import {existsSync} from 'node:fs';
import {buffer, text} from 'node:stream/consumers';
import {fileURLToPath} from 'node:url';
import {deserialize, serialize} from 'node:v8';
import {z} from 'zod';
import type {OnnxFile} from '../../src/models/onnx/export.ts';
import type {OnnxInput} from '../../src/models/onnx/features.ts';
import type {RawColumn} from '../../src/models/raw-columns.ts';

const installed = new URL('../../tools/onnxruntime/', import.meta.url);

/** All inputs have a value a row. */
export type OnnxRun = {
  bytes: Uint8Array;
  inputs: readonly (OnnxInput & {values: Float64Array | readonly string[]})[];
};

const tensor = z.object({
  data: z.union([z.instanceof(Float64Array), z.array(z.string())]),
  dims: z.array(z.int()),
});
const answer = z.object({outputs: z.record(z.string(), tensor).optional(), error: z.string().optional()});
/** The outputs by name, or why onnxruntime can not run the file. */
export type OnnxAnswer = z.output<typeof answer>;

/** @throws where onnxruntime is not installed */
export async function runOnnx(runs: readonly OnnxRun[], folder = installed): Promise<OnnxAnswer[]> {
  if (!existsSync(new URL('node_modules/onnxruntime-node', folder)))
    throw new Error('onnxruntime is not installed. Run: node scripts/onnxruntime.mjs (npm test does, too)');
  const child = spawn(process.execPath, [fileURLToPath(new URL('run.mjs', folder))]);
  child.stdin.on('error', () => {});
  child.stdin.end(serialize(runs));
  const ended = new Promise<string>((resolve, reject) => {
    child.on('error', reject).on('close', (code, signal) => resolve(`${signal ?? code}`));
  });
  const [said, complaints, end] = await Promise.all([buffer(child.stdout), text(child.stderr), ended]);
  if (end !== '0') throw new Error(`onnxruntime ended with ${end}: ${complaints}`);
  return z.array(answer).parse(deserialize(said));
}

/** The columns of the inputs as a file of ours takes them. */
export function inputsFrom({inputs}: OnnxFile, columns: readonly RawColumn[]): OnnxRun['inputs'] {
  return inputs.map(input => {
    const column = columns.find(({name}) => name === input.name);
    if (column?.kind === 'number') return {...input, values: column.values};
    if (!column || input.type === 'double') throw new Error(`there is no column for the input ${input.name}`);
    return {...input, values: Array.from(column.codes, code => column.levels[code] ?? input.missing)};
  });
}
