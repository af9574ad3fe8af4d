// Trees as text for a file: the least that tells them, compressed. What is read back can only be whole trees.

import {deflateRawSync, inflateRawSync} from 'node:zlib';
import {z} from 'zod';
import {assembleTrees, leaf, splitCode, type Trees} from './tree.ts';

/** Far more than any forest that is grown here has; such trees take 0.6 GB. */
const mostNodes = 20_000_000;
const mostFeatures = 1_000_000;
/** A list of more would be as long as the numbers themselves, and slow to look up. */
const mostDifferent = 100_000;

/** Each text is base64 of deflated bytes: numbers of 64 bits, or whole numbers of seven bits a byte, lowest first. */
const packedTrees = z.object({
  outputs: z.int().min(1).max(10_000),
  featureCount: z.int().min(0).max(mostFeatures),
  /** A whole number a node in the order of a walk: 0 a leaf, else 1 + 2 · feature + (missing goes left ? 1 : 0). */
  splits: z.string(),
  /** The different thresholds, covers and values in ascending order, and which of them comes next. */
  thresholds: z.tuple([z.string(), z.string()]),
  covers: z.tuple([z.string(), z.string()]),
  values: z.tuple([z.string(), z.string()]),
});
export type PackedTrees = z.output<typeof packedTrees>;

export function packTrees({outputs, feature, threshold, missingLeft, cover, values}: Trees, featureCount: number) {
  const isLeaf = (node: number) => feature[node] === leaf;
  const packed: PackedTrees = {
    outputs,
    featureCount,
    splits: textOf(wholeBytes(feature.map((j, node) => (j === leaf ? 0 : splitCode(j, missingLeft[node] === 1))))),
    thresholds: packDoubles(threshold.filter((_, node) => !isLeaf(node))),
    covers: packDoubles(cover.filter((_, node) => isLeaf(node))),
    values: packDoubles(values.filter((_, at) => isLeaf(Math.floor(at / outputs)))),
  };
  return packed;
}

/** @throws {ZodError | RangeError | Error} when it is not what `packTrees` made: nothing of it is trusted or run */
export function unpackTrees(parameters: unknown): {trees: Trees; featureCount: number} {
  const {outputs, featureCount, ...packed} = packedTrees.parse(parameters);
  const splits = wholeNumbers(bytesOf(packed.splits), mostNodes);
  const widest = splits.reduce((most, split) => Math.max(most, split), 0);
  if (widest > 2 * featureCount) throw new RangeError(`a node asks for a feature beyond the ${featureCount} there are`);
  const thresholds = unpackDoubles(packed.thresholds);
  const covers = unpackDoubles(packed.covers);
  const values = unpackDoubles(packed.values);
  if (thresholds.some(Number.isNaN)) throw new RangeError('a threshold is not a number');
  if (!values.every(Number.isFinite)) throw new RangeError('a value is not finite');
  if (!covers.every(cover => cover >= 0 && cover <= Number.MAX_SAFE_INTEGER))
    throw new RangeError('a weight is not a number from 0');
  return {trees: assembleTrees({outputs, splits, thresholds, covers, values}), featureCount};
}

/** Where many numbers are different, the first text holds them as they come and the second is empty. */
function packDoubles(numbers: Float64Array): [string, string] {
  const different = new Map<number, number>();
  for (const value of numbers) {
    different.set(value, 0);
    if (different.size > mostDifferent) break;
  }
  if (different.size > Math.min(mostDifferent, numbers.length / 2)) return [textOf(bytesIn(numbers)), ''];
  const sorted = Float64Array.from(different.keys()).sort();
  sorted.forEach((value, i) => {
    different.set(value, i);
  });
  const places = new Uint32Array(numbers.length);
  for (let i = 0; i < places.length; i++) places[i] = different.get(numbers[i] ?? 0) ?? 0;
  return [textOf(bytesIn(sorted)), textOf(wholeBytes(places))];
}

function unpackDoubles([first, second]: readonly [string, string]): Float64Array {
  const bytes = bytesOf(first);
  if (bytes.length % 8 !== 0) throw new RangeError(`${bytes.length} bytes are no whole number of 8-byte values`);
  const numbers = new Float64Array(new Uint8Array(bytes).buffer);
  if (second === '') return numbers;
  const places = wholeNumbers(bytesOf(second), mostNodes);
  const last = places.reduce((most, place) => Math.max(most, place), 0);
  // Trees of one leaf each have no thresholds at all.
  if (places.length > 0 && last >= numbers.length)
    throw new RangeError(`there is no value ${last} of ${numbers.length}`);
  return Float64Array.from(places, place => numbers[place] ?? 0);
}

function bytesIn(numbers: Float64Array): Uint8Array {
  return new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
}

function wholeBytes(numbers: Uint32Array | Int32Array): Uint8Array {
  const bytes = new Uint8Array(5 * numbers.length);
  let length = 0;
  for (const number of numbers) {
    let rest = number;
    for (; rest >= 128; rest >>>= 7) bytes[length++] = (rest & 127) | 128;
    bytes[length++] = rest;
  }
  return bytes.subarray(0, length);
}

function wholeNumbers(bytes: Uint8Array, most: number): Uint32Array {
  let count = 0;
  for (const byte of bytes) if (byte < 128) count++;
  if (count > most) throw new RangeError(`${count} nodes are more than the ${most} that are read`);
  if ((bytes.at(-1) ?? 0) >= 128) throw new RangeError('a number ends before its last byte');
  const numbers = new Uint32Array(count);
  let [at, factor] = [0, 1];
  for (const byte of bytes) {
    numbers[at] = (numbers[at] ?? 0) + (byte & 127) * factor;
    factor *= 128;
    if (byte < 128) [at, factor] = [at + 1, 1];
    else if (factor > 2 ** 28) throw new RangeError('a number has more than 32 bits');
  }
  return numbers;
}

function textOf(bytes: Uint8Array): string {
  // The quickest level: it takes most of what a better one would.
  return deflateRawSync(bytes, {level: 1}).toString('base64');
}

function bytesOf(text: string): Buffer {
  // A short text can hold a great many zeros.
  return text === '' ? Buffer.alloc(0) : inflateRawSync(Buffer.from(text, 'base64'), {maxOutputLength: 8 * mostNodes});
}
