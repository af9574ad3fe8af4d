// Files that are either whole or absent: written beside their place under a marked name, synced, then moved.

import {randomBytes} from 'node:crypto';
import {constants} from 'node:fs';
import {copyFile, link, open, rename, rm, unlink} from 'node:fs/promises';
import {basename, dirname, join} from 'node:path';

const marker = /^\.tmp-(\d+)-[0-9a-f]{12}/;

/** A name for a half-made file; it carries our process id so that a later start can tell whether its maker still lives. */
export function temporaryName(suffix = ''): string {
  return `.tmp-${process.pid}-${randomBytes(6).toString('hex')}${suffix}`;
}

/** The process id in a name made by `temporaryName`, or null for any other name. */
export function temporaryOwner(name: string): number | null {
  const found = marker.exec(basename(name));
  return found ? Number(found[1]) : null;
}

/** Replaces `path` with `content` (mode 0600); readers see the old text or the new one, never a part. */
export async function writeFileAtomic(path: string, content: string | Uint8Array): Promise<void> {
  const temporary = join(dirname(path), temporaryName());
  try {
    await writeSynced(temporary, content);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, {force: true});
    throw error;
  }
  await syncDirectory(dirname(path));
}

/** Creates `path` with `content`, whole at once. Gives false, and changes nothing, when it exists already. */
export async function createFileExclusive(path: string, content: string): Promise<boolean> {
  const temporary = join(dirname(path), temporaryName());
  try {
    await writeSynced(temporary, content);
    const created = await linkExclusive(temporary, path);
    if (created) await syncDirectory(dirname(path));
    return created;
  } finally {
    await rm(temporary, {force: true});
  }
}

/** Gives the file `from` the second name `to`; false when `to` exists. Copies where there are no hard links, as between two file systems. */
export async function linkExclusive(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    if (!['EPERM', 'EXDEV', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(errorCode(error) ?? '')) throw error;
  }
  try {
    await copyFile(from, to, constants.COPYFILE_EXCL);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    await unlink(to).catch(() => {});
    throw error;
  }
}

/** Makes what was written to `path` survive a power cut. */
export async function syncFile(path: string): Promise<void> {
  const handle = await open(path, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes names created or moved in a folder survive a power cut, where the file system can do that. */
export async function syncDirectory(path: string): Promise<void> {
  const handle = await open(path, 'r').catch(() => null);
  if (!handle) return;
  try {
    await handle.sync();
  } catch {
    // Some file systems refuse to sync a folder; the rename is atomic without it.
  } finally {
    await handle.close();
  }
}

/** The `code` of a system error such as ENOENT, if it is one. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

async function writeSynced(path: string, content: string | Uint8Array): Promise<void> {
  const handle = await open(path, 'wx', 0o600);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
