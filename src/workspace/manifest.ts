// The files that say what a dataset is: one immutable manifest per version and an optional pointer to an older one.

import {readdir, readFile} from 'node:fs/promises';
import {join} from 'node:path';
import type {Dataset, DatasetVersion} from '../core/dataset.ts';
import {errorCode} from './atomic-write.ts';

/** Written by undo: `version` is current as long as `highest` is still the newest one. */
export type CurrentPointer = {version: number; highest: number};

export const pointerName = 'current.json';

const manifestName = /^v([1-9]\d{0,8})\.json$/;

export const datasetName = /^[a-z_][a-z0-9_]{0,62}$/;

/** The numbers of all versions in a dataset folder, ascending; empty when there is no such folder. */
export async function versionNumbers(folder: string): Promise<number[]> {
  let names: string[];
  try {
    names = await readdir(folder);
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return [];
    throw error;
  }
  return names
    .flatMap(name => manifestName.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
}

/** Reads a dataset folder; versions that can't be read are left out and told to `warn`. Null when none is left. */
export async function readDataset(
  folder: string,
  name: string,
  warn: (message: string) => void,
): Promise<Dataset | null> {
  const numbers = await versionNumbers(folder);
  const versions: DatasetVersion[] = [];
  for (const number of numbers) {
    try {
      versions.push(parseManifest(await readFile(join(folder, `v${number}.json`), 'utf8'), number));
    } catch (error) {
      // Another process may just have removed the dataset.
      if (errorCode(error) === 'ENOENT') continue;
      warn(`data/${name}/v${number}.json can't be read (${reason(error)}); this version of ${name} is left out.`);
    }
  }
  const newest = versions.at(-1);
  if (!newest) return null;
  const pointer = await readPointer(join(folder, pointerName));
  const chosen = pointer && pointer.highest === newest.version ? pointer.version : newest.version;
  return {name, versions, current: versions.some(v => v.version === chosen) ? chosen : newest.version};
}

async function readPointer(path: string): Promise<CurrentPointer | null> {
  try {
    const value: unknown = JSON.parse(await readFile(path, 'utf8'));
    if (!isRecord(value) || typeof value.version !== 'number' || typeof value.highest !== 'number') return null;
    return {version: value.version, highest: value.highest};
  } catch {
    return null;
  }
}

function parseManifest(text: string, number: number): DatasetVersion {
  const value: unknown = JSON.parse(text, reviveNumber);
  if (!isVersion(value) || value.version !== number) throw new Error('not a dataset manifest');
  return value;
}

/** JSON for a manifest; whole numbers beyond 2^53 and the non-finite ones keep their value. */
export function manifestText(version: DatasetVersion): string {
  return `${JSON.stringify(version, plainNumber, 2)}\n`;
}

function plainNumber(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return {$bigint: value.toString()};
  if (typeof value === 'number' && !Number.isFinite(value)) return {$number: String(value)};
  return value;
}

function reviveNumber(_key: string, value: unknown): unknown {
  if (!isRecord(value)) return value;
  if (typeof value.$bigint === 'string') return BigInt(value.$bigint);
  if (typeof value.$number === 'string') return Number(value.$number);
  return value;
}

function isVersion(value: unknown): value is DatasetVersion {
  return (
    isRecord(value) &&
    Number.isSafeInteger(value.version) &&
    typeof value.createdAt === 'string' &&
    typeof value.parquet === 'string' &&
    typeof value.sha256 === 'string' &&
    Number.isSafeInteger(value.rows) &&
    Array.isArray(value.columns) &&
    value.columns.every(isColumn) &&
    isRecord(value.source) &&
    (value.source.kind === 'file' || value.source.kind === 'query') &&
    Array.isArray(value.warnings)
  );
}

function isColumn(value: unknown): boolean {
  return (
    isRecord(value) &&
    typeof value.name === 'string' &&
    typeof value.type === 'string' &&
    typeof value.kind === 'string' &&
    Array.isArray(value.topValues) &&
    Array.isArray(value.notes)
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function reason(error: unknown): string {
  return error instanceof SyntaxError ? 'it is not valid JSON' : error instanceof Error ? error.message : 'unknown';
}
