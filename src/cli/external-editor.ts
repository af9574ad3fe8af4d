// Lets a person write the draft in the editor of their choice.

import {spawnSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';

/** Waits for `editor` (a command as the shell takes it). Gives the text without its last line end, null when it failed. */
export function editedText(editor: string, text: string): string | null {
  const folder = mkdtempSync(join(tmpdir(), 'ds-agent-draft-'));
  const file = join(folder, 'question.md');
  try {
    writeFileSync(file, text, {mode: 0o600});
    const {status} =
      process.platform === 'win32'
        ? spawnSync(`${editor} "${file}"`, {stdio: 'inherit', shell: true})
        : spawnSync('/bin/sh', ['-c', `${editor} "$1"`, 'sh', file], {stdio: 'inherit'});
    return status === 0 ? readFileSync(file, 'utf8').replaceAll('\r\n', '\n').replace(/\n$/, '') : null;
  } catch {
    return null;
  } finally {
    rmSync(folder, {recursive: true, force: true});
  }
}
