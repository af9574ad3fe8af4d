// Makes the folders of a workspace, and finds out whether it can be written.

import {mkdir, readdir, realpath, rm, writeFile} from 'node:fs/promises';
import {dirname, join, resolve} from 'node:path';
import {ConfigError} from '../core/errors.ts';
import {printable} from '../core/text.ts';
import {errorCode, temporaryName} from './atomic-write.ts';

export const folders = ['uploads', 'data', 'charts', 'models', 'reports', 'sessions', 'logs'] as const;

/** `root` is the real path; `unwritable` says why nothing can be kept there. */
export type Prepared = {root: string; unwritable: ConfigError | null};

/**
 * Makes what is missing. Where that fails, a workspace that is there can still be read.
 * @throws ConfigError `workspace.not_writable` when there is none to read either
 */
export async function prepareFolders(given: string): Promise<Prepared> {
  try {
    await makeFolders(resolve(given));
    const root = await realpath(given);
    for (const folder of folders) await mkdir(join(root, folder), {mode: 0o700, recursive: true});
    const probe = join(root, 'data', temporaryName());
    await writeFile(probe, '', {flag: 'wx', mode: 0o600});
    await rm(probe);
    return {root, unwritable: null};
  } catch (error) {
    const reason = writeRefusal(error);
    if (reason === null) throw error;
    const unwritable = new ConfigError(
      'workspace.not_writable',
      `The workspace ${printable(given)} can't be written: ${reason}.`,
      {hint: 'Choose another folder with --workspace or DS_AGENT_WORKSPACE.', cause: error},
    );
    const root = await realpath(given).catch(() => null);
    const isReadable = root !== null && (await readdir(join(root, 'data')).catch(() => null)) !== null;
    if (!isReadable) throw unwritable;
    return {root, unwritable};
  }
}

/** Level by level: Node's own recursive mkdir never ends where a file system answers ENOENT for a folder it can't make. */
async function makeFolders(path: string): Promise<void> {
  try {
    await mkdir(path, {mode: 0o700});
  } catch (error) {
    const code = errorCode(error);
    if (code === 'EEXIST') return;
    if (code !== 'ENOENT' || dirname(path) === path) throw error;
    await makeFolders(dirname(path));
    await mkdir(path, {mode: 0o700}).catch(reason => {
      if (errorCode(reason) !== 'EEXIST') throw reason;
    });
  }
}

/** What a failed write says to a person; null for an error that is not one of the system. */
export function writeRefusal(error: unknown): string | null {
  const code = errorCode(error);
  return code === undefined ? null : (reasons[code] ?? code);
}

const reasons: Record<string, string> = {
  ENOENT: 'the folder can not be made there',
  EACCES: 'no permission',
  EPERM: 'no permission',
  EROFS: 'the file system is read-only',
  ENOTDIR: 'a part of the path is a file',
  EEXIST: 'a file has this name',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  ENAMETOOLONG: 'the name is too long',
  ELOOP: 'the links in the path go round in a circle',
};
