// Models on disk: one folder each, written once and never changed; reading one runs nothing.

import {mkdir, readdir, readFile, rm, rmdir, stat} from 'node:fs/promises';
import {join} from 'node:path';
import {createFileExclusive, errorCode} from './atomic-write.ts';

/** `id` is "<dataset>/<name>-v<n>"; `savedAt` is epoch ms. */
export type ModelFile = {id: string; sizeBytes: number; savedAt: number};

const fileName = 'model.json';
const idPattern = /^([a-z_][a-z0-9_]{0,62})\/([a-z_]+)-v([1-9]\d{0,8})$/;

/** Newest first; a folder without a whole model is left out. */
export async function listModels(folder: string): Promise<ModelFile[]> {
  const found: ModelFile[] = [];
  for (const dataset of await namesIn(folder))
    for (const name of await namesIn(join(folder, dataset))) {
      const id = `${dataset}/${name}`;
      if (!idPattern.test(id)) continue;
      const info = await stat(join(folder, dataset, name, fileName)).catch(() => null);
      if (info?.isFile()) found.push({id, sizeBytes: info.size, savedAt: info.mtimeMs});
    }
  return found.sort((a, b) => b.savedAt - a.savedAt || b.id.localeCompare(a.id, undefined, {numeric: true}));
}

/** Keeps the text as the next version of this name, whole or not at all, and gives its id. */
export async function saveModel(folder: string, {dataset, name, text}: {dataset: string; name: string; text: string}) {
  const before = (await namesIn(join(folder, dataset))).flatMap(each => {
    const [, , found, version] = idPattern.exec(`${dataset}/${each}`) ?? [];
    return found === name ? [Number(version)] : [];
  });
  for (let version = Math.max(0, ...before) + 1; ; version++) {
    const id = `${dataset}/${name}-v${version}`;
    await mkdir(join(folder, id), {recursive: true, mode: 0o700});
    try {
      // Another process may take the same number at the same moment: the exclusive file decides who got it.
      if (await createFileExclusive(join(folder, id, fileName), text)) return id;
    } catch (error) {
      // A full disk leaves no folder of a model that isn't there; one that another process filled stays.
      await rmdir(join(folder, id)).catch(() => {});
      throw error;
    }
  }
}

/** The text of a model; null when there is none of this id. */
export async function readModel(folder: string, id: string): Promise<string | null> {
  if (!idPattern.test(id)) return null;
  try {
    return await readFile(join(folder, id, fileName), 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return null;
    throw error;
  }
}

export async function removeModel(folder: string, id: string): Promise<void> {
  if (idPattern.test(id)) await rm(join(folder, id), {recursive: true, force: true});
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return [];
    throw error;
  }
}
