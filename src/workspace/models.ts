// Models on disk: one folder each, written once and never changed; reading one runs nothing.

import {mkdir, open, readdir, readFile, rm, rmdir, stat} from 'node:fs/promises';
import {join} from 'node:path';
import {createFileExclusive, errorCode, temporaryName} from './atomic-write.ts';

/** `id` is "<dataset>/<name>-v<n>"; `savedAt` is epoch ms. */
export type ModelFile = {id: string; sizeBytes: number; savedAt: number};
type Dated = ModelFile & {fileTime: number};

const fileName = 'model.json';
const idPattern = /^([a-z_][a-z0-9_]{0,62})\/([a-z_]+)-v([1-9]\d{0,8})$/;

/** The time of a model stands near its beginning, so that a list need not read a whole forest. */
const headBytes = 64 * 1024;
const createdAt = /"createdAt"\s*:\s*"([^"\\]+)"/;

/**
 * Newest first by the time that the model itself states: that of its file changes when a workspace is copied. The file's counts
 * where the model states none and between equals. A folder without a whole model is left out.
 */
export async function listModels(folder: string): Promise<ModelFile[]> {
  const found: Dated[] = [];
  for (const dataset of await namesIn(folder))
    for (const name of await namesIn(join(folder, dataset))) {
      const id = `${dataset}/${name}`;
      if (!idPattern.test(id)) continue;
      const dated = await datedFile(id, join(folder, dataset, name, fileName));
      if (dated) found.push(dated);
    }
  found.sort(
    (a, b) => b.savedAt - a.savedAt || b.fileTime - a.fileTime || b.id.localeCompare(a.id, undefined, {numeric: true}),
  );
  return found.map(({id, sizeBytes, savedAt}) => ({id, sizeBytes, savedAt}));
}

/** Null where there is no file; one that can't be read is dated by its file, so that a list still names it. */
async function datedFile(id: string, path: string): Promise<Dated | null> {
  const info = await stat(path).catch(() => null);
  if (!info?.isFile()) return null;
  const stated = Date.parse(createdAt.exec(await headOf(path).catch(() => ''))?.[1] ?? '');
  const fileTime = info.mtimeMs;
  return {id, sizeBytes: info.size, savedAt: Number.isNaN(stated) ? fileTime : stated, fileTime};
}

async function headOf(path: string): Promise<string> {
  const handle = await open(path, 'r');
  try {
    const {buffer, bytesRead} = await handle.read(Buffer.allocUnsafe(headBytes), 0, headBytes, 0);
    return buffer.toString('latin1', 0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** Makes what `saveModel` would make, and takes it away again. Throws what the system refuses. */
export async function requireModelFolder(folder: string, dataset: string): Promise<void> {
  const probe = join(folder, dataset, temporaryName());
  try {
    await mkdir(probe, {recursive: true, mode: 0o700});
  } finally {
    await rmdir(probe).catch(() => {});
    // Only where nothing else is in it.
    await rmdir(join(folder, dataset)).catch(() => {});
  }
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
      await rmdir(join(folder, dataset)).catch(() => {});
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
