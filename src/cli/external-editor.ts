// Lets a person write the draft in the editor of their choice.

import {type SpawnOptions, spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';

/**
 * Waits for `editor` (a command as the shell takes it), which has the terminal meanwhile; `signal` ends it. Gives the text
 * without its last line end, null when the editor could not be started, failed or was killed.
 */
export async function editedText(editor: string, text: string, signal: AbortSignal): Promise<string | null> {
  const folder = await mkdtemp(join(tmpdir(), 'ds-agent-draft-')).catch(() => null);
  if (folder === null) return null;
  const file = join(folder, 'question.md');
  try {
    await writeFile(file, text, {mode: 0o600});
    const options: SpawnOptions = {stdio: 'inherit'};
    const child =
      process.platform === 'win32'
        ? spawn(`${editor} "${file}"`, {...options, shell: true})
        : spawn('/bin/sh', ['-c', `${editor} "$1"`, 'sh', file], options);
    // Waited for all the same: it has to give the terminal back.
    signal.addEventListener('abort', () => child.kill(), {once: true});
    const [status] = await once(child, 'exit');
    return status === 0 ? (await readFile(file, 'utf8')).replaceAll('\r\n', '\n').replace(/\n$/, '') : null;
  } catch {
    return null;
  } finally {
    await rm(folder, {recursive: true, force: true});
  }
}
