// Sessions on disk: one JSONL file each, only ever appended to, so that a killed run loses at most its last line.

import {open, readdir, readFile, stat} from 'node:fs/promises';
import {join} from 'node:path';
import {UsageError} from '../core/errors.ts';
import {printable} from '../core/text.ts';
import {errorCode} from './atomic-write.ts';

/** `updatedAt` is epoch ms. */
export type SessionFile = {id: string; sizeBytes: number; updatedAt: number};

const suffix = '.jsonl';

/** Appends one JSON value as a line; each line is one write, so several processes may append to the same session. */
export async function appendSession(folder: string, id: string, line: unknown): Promise<void> {
  const handle = await open(sessionPath(folder, id), 'a', 0o600);
  try {
    await handle.appendFile(`${JSON.stringify(line)}\n`);
  } finally {
    await handle.close();
  }
}

/** Newest first. */
export async function listSessions(folder: string): Promise<SessionFile[]> {
  const found: SessionFile[] = [];
  for (const name of await readdir(folder)) {
    if (!name.endsWith(suffix)) continue;
    const info = await stat(join(folder, name)).catch(() => null);
    if (info?.isFile()) {
      found.push({id: name.slice(0, -suffix.length), sizeBytes: info.size, updatedAt: info.mtimeMs});
    }
  }
  return found.sort((a, b) => b.updatedAt - a.updatedAt || a.id.localeCompare(b.id));
}

/** All whole lines in order; a torn last line (the process was killed) is left out. Empty for an unknown id. */
export async function readSession(folder: string, id: string): Promise<unknown[]> {
  let text: string;
  try {
    text = await readFile(sessionPath(folder, id), 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
  return text.split('\n').flatMap(line => {
    if (!line) return [];
    try {
      return [JSON.parse(line) as unknown];
    } catch {
      return [];
    }
  });
}

function sessionPath(folder: string, id: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$/.test(id)) {
    throw new UsageError('session.bad_id', `"${printable(id, {oneLine: true})}" is not a session id.`, {
      hint: 'Ids hold letters, digits, "-", "_" and "."; list the sessions to see them.',
    });
  }
  return join(folder, `${id}${suffix}`);
}
