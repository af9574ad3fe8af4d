// Writes a file that a user named, outside the workspace: whole or not at all, and never over another one unasked.

import {constants, createReadStream} from 'node:fs';
import {copyFile, lstat, open, rename, rm, stat, writeFile} from 'node:fs/promises';
import {basename, dirname, join, resolve} from 'node:path';
import {ImportError} from '../core/errors.ts';
import {printable} from '../core/text.ts';
import {temporaryName} from './atomic-write.ts';
import type {Workspace} from './workspace.ts';

/** @throws ImportError `export.no_folder`, `export.exists` */
export async function checkTarget(path: string, shown: string, force: boolean): Promise<void> {
  const folder = await stat(dirname(path)).catch(() => null);
  if (!folder?.isDirectory())
    throw new ImportError('export.no_folder', `The folder of ${shown} does not exist.`, {
      hint: 'Make it first (mkdir -p).',
    });
  const there = await lstat(path).catch(() => null);
  if (there && !there.isFile())
    throw new ImportError('export.exists', `${shown} is there and is no ordinary file.`, {
      hint: 'Choose another name.',
    });
  if (there && !force) throw exists(shown);
}

/** Copies beside the target first, so that the target is never half written. @throws ImportError `export.not_writable` */
export async function placeFile(source: string, path: string, shown: string, force: boolean): Promise<void> {
  const beside = join(dirname(path), temporaryName());
  try {
    if (force) {
      await copyFile(source, beside, constants.COPYFILE_EXCL);
      await rename(beside, path);
    } else {
      await copyNew(source, path);
    }
  } catch (error) {
    await rm(beside, {force: true});
    const code = error instanceof Error && 'code' in error ? error.code : '';
    if (code === 'EEXIST') throw exists(shown);
    throw new ImportError('export.not_writable', `${basename(shown)} can't be written (${code || 'unknown error'}).`, {
      hint: 'Check the permissions of its folder and the space on the disk.',
      cause: error,
    });
  }
}

/** Writes `content` to `output` and gives the absolute path. Same errors. */
export async function writeFileWhole(
  output: string,
  content: string | Uint8Array,
  {workspace, force}: {workspace: Workspace; force: boolean},
): Promise<string> {
  const path = resolve(output);
  const shown = printable(output, {oneLine: true});
  await checkTarget(path, shown, force);
  // Where the workspace can't be written, the file still can.
  const draft = workspace.unwritable ? join(dirname(path), temporaryName()) : workspace.temporaryPath('reports');
  try {
    await writeFile(draft, content, {flag: 'wx', mode: 0o600});
    await placeFile(draft, path, shown, force);
  } finally {
    await rm(draft, {force: true});
  }
  return path;
}

function exists(shown: string): ImportError {
  return new ImportError('export.exists', `${shown} exists already.`, {
    hint: 'Use --force to replace it, or choose another name.',
  });
}

async function copyNew(source: string, path: string): Promise<void> {
  const handle = await open(path, 'wx', 0o644);
  try {
    for await (const block of createReadStream(source)) await handle.write(block);
    await handle.sync();
    await handle.close();
  } catch (error) {
    await handle.close().catch(() => {});
    await rm(path, {force: true});
    throw error;
  }
}
