// The columns of a workspace whose values never go to a model, kept beside the data for every later run.

import {readFile} from 'node:fs/promises';
import {z} from 'zod';
import {ConfigError} from '../core/errors.ts';
import {errorCode, writeFileAtomic} from './atomic-write.ts';
import type {Workspace} from './workspace.ts';

const fileName = 'privacy.json';
const content = z.object({never_send: z.array(z.string().min(1))});

/**
 * The patterns kept in this workspace, such as `sales.email`; empty when there are none.
 * @throws ConfigError `privacy.unreadable`: guessing "none" would send what was to stay
 */
export async function readNeverSend(workspace: Workspace): Promise<string[]> {
  const path = workspace.path(fileName);
  try {
    return content.parse(JSON.parse(await readFile(path, 'utf8'))).never_send;
  } catch (cause) {
    if (errorCode(cause) === 'ENOENT') return [];
    throw new ConfigError('privacy.unreadable', `${path} can't be read, so it is not known what must stay here.`, {
      hint: 'Repair the file ({"never_send": ["sales.email"]}) or remove it.',
      cause,
    });
  }
}

export async function writeNeverSend(workspace: Workspace, patterns: readonly string[]): Promise<void> {
  const sorted = [...new Set(patterns)].sort();
  await writeFileAtomic(workspace.path(fileName), `${JSON.stringify({never_send: sorted}, null, 2)}\n`);
}
