// Removes what a killed run left half-made. Never touches anything whose maker may still be working on it.

import {readdir, rm, stat} from 'node:fs/promises';
import {basename, join} from 'node:path';
import {temporaryOwner} from './atomic-write.ts';
import {datasetName, readDataset, versionNumbers} from './manifest.ts';

const dayMs = 24 * 60 * 60 * 1000;

/** Cleans a whole workspace; `folders` are the names of those at its top. */
export async function sweepWorkspace(root: string, folders: readonly string[], now: number): Promise<void> {
  for (const folder of folders) await sweepTemporary(join(root, folder), now);
  const uploads = new Set<string>();
  let isAllKnown = true;
  for (const name of await readdir(join(root, 'data'))) {
    if (!datasetName.test(name)) continue;
    const folder = join(root, 'data', name);
    await sweepTemporary(folder, now);
    const versions = (await readDataset(folder, name, () => {}))?.versions ?? [];
    for (const {source} of versions) if (source.kind === 'file') uploads.add(source.storedName);
    // A manifest that can't be read may name any of the files, so then nothing is removed.
    if (versions.length !== (await versionNumbers(folder)).length) isAllKnown = false;
    else {
      const kept = versions.flatMap(each => [each.parquet, each.rejects ?? '']).map(each => basename(each));
      await sweepOrphans(folder, /\.(?:parquet|jsonl)$/, new Set(kept), now);
    }
  }
  if (isAllKnown) await sweepOrphans(join(root, 'uploads'), /^uploaded_/, uploads, now);
}

/** Removes marked files and folders in `folder` (not deeper) whose process is dead or which are older than a day. */
async function sweepTemporary(folder: string, now: number): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const owner = temporaryOwner(name);
    if (owner === null) continue;
    const path = join(folder, name);
    if (isAlive(owner) && now - (await modifiedAt(path, now)) < dayMs) continue;
    await rm(path, {recursive: true, force: true}).catch(() => {});
  }
}

/** Removes files of `folder` called like `pattern` that no manifest names (`kept`) and that are at least a day old. */
async function sweepOrphans(folder: string, pattern: RegExp, kept: ReadonlySet<string>, now: number): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    if (!pattern.test(name) || kept.has(name)) continue;
    const path = join(folder, name);
    if (now - (await modifiedAt(path, now)) >= dayMs) await rm(path, {force: true}).catch(() => {});
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

async function modifiedAt(path: string, fallback: number): Promise<number> {
  return stat(path).then(
    found => found.mtimeMs,
    () => fallback,
  );
}
