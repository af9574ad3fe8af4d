// Sessions on disk: one JSONL file each, only ever appended to, so that a killed run loses at most its last line.

import {readdir, readFile, stat} from 'node:fs/promises';
import {join} from 'node:path';
import {UsageError} from '../core/errors.ts';
import {printable} from '../core/text.ts';
import {errorCode} from './atomic-write.ts';

/** `updatedAt` is epoch ms. */
export type SessionFile = {id: string; sizeBytes: number; updatedAt: number};

/** `brokenLines` counts the lines that are no JSON: what a killed run was just writing. */
export type SessionLines = {lines: unknown[]; brokenLines: number};

const suffix = '.jsonl';

/** Newest first. */
export async function listSessions(folder: string): Promise<SessionFile[]> {
  const found: SessionFile[] = [];
  for (const name of await readdir(folder).catch(() => [])) {
    if (!name.endsWith(suffix)) continue;
    const info = await stat(join(folder, name)).catch(() => null);
    if (info?.isFile()) {
      found.push({id: name.slice(0, -suffix.length), sizeBytes: info.size, updatedAt: info.mtimeMs});
    }
  }
  return found.sort((a, b) => b.updatedAt - a.updatedAt || a.id.localeCompare(b.id));
}

/** All whole lines in order; null for an unknown id. */
export async function readSession(folder: string, id: string): Promise<SessionLines | null> {
  let text: string;
  try {
    text = await readFile(sessionPath(folder, id), 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
  const lines: unknown[] = [];
  let brokenLines = 0;
  for (const line of text.split('\n')) {
    if (!line) continue;
    try {
      lines.push(JSON.parse(line));
    } catch {
      brokenLines += 1;
    }
  }
  return {lines, brokenLines};
}

/** Where the session lies. @throws UsageError `session.bad_id` */
export function sessionPath(folder: string, id: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$/.test(id)) {
    throw new UsageError('session.bad_id', `"${printable(id, {oneLine: true})}" can't be the name of a session.`, {
      hint: 'Names hold letters, digits, "-", "_" and "."; ds-agent sessions lists those there are.',
    });
  }
  return join(folder, `${id}${suffix}`);
}
