// Files and folders whose path begins as typed, for completion; reading one folder is all it does.

import {readdirSync} from 'node:fs';
import {homedir} from 'node:os';
import {printable} from '../core/text.ts';

/**
 * `label` is the path as it is typed on; a folder ends in "/". Names with control characters are left out, and those with
 * blanks where the path is one word among others.
 */
export function pathsFrom(typed: string, place: 'word' | 'line'): {label: string; detail: string}[] {
  const slash = typed.lastIndexOf('/');
  const folder = slash < 0 ? '' : typed.slice(0, slash + 1);
  const start = typed.slice(slash + 1);
  const opened = folder.startsWith('~/') ? homedir() + folder.slice(1) : folder || '.';
  try {
    return readdirSync(opened, {withFileTypes: true})
      .filter(({name}) => name.startsWith(start) && (start !== '' || !name.startsWith('.')))
      .filter(({name}) => (place === 'line' || !/\s/.test(name)) && printable(name, {oneLine: true}) === name)
      .map(entry => ({
        label: `${folder}${entry.name}${entry.isDirectory() ? '/' : ''}`,
        detail: entry.isDirectory() ? 'folder' : 'file',
      }))
      .sort((a, b) => a.label.localeCompare(b.label));
  } catch {
    return [];
  }
}
