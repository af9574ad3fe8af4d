// Keeps every path of a workspace inside its root, also when links or `..` point elsewhere.

import {lstatSync, realpathSync} from 'node:fs';
import {basename, dirname, isAbsolute, join, relative, resolve, sep} from 'node:path';
import {DsAgentError} from '../core/errors.ts';
import {printable} from '../core/text.ts';

/**
 * The absolute path of `parts` under `root` (itself a real path). The path need not exist; what exists of it is
 * followed through links.
 * @throws DsAgentError `workspace.path_outside` when it would leave the root
 */
export function pathInside(root: string, parts: readonly string[]): string {
  const wanted = resolve(root, ...parts);
  if (parts.some(part => part.includes('\0')) || !isInside(root, wanted) || !isInside(root, realPathOf(wanted))) {
    throw new DsAgentError(
      'denied',
      'workspace.path_outside',
      `${printable(parts.join('/'))} is outside the workspace.`,
      {
        hint: 'Only files inside the workspace folder can be used here.',
      },
    );
  }
  return wanted;
}

/** True when `path` is `root` or lies under it; both absolute. */
export function isInside(root: string, path: string): boolean {
  const way = relative(root, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

function realPathOf(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    // A dangling link would be followed by a write: judge it by where it points, which is not inside anything.
    if (isLink(path)) throw error;
    const parent = dirname(path);
    return parent === path ? path : join(realPathOf(parent), basename(path));
  }
}

function isLink(path: string): boolean {
  try {
    return lstatSync(path).isSymbolicLink();
  } catch {
    return false;
  }
}
