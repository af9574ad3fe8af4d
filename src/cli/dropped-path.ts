// Reads a path as terminals type it when a file is dropped on them: quoted, escaped, or as a file:// address.

import {statSync} from 'node:fs';
import {homedir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';

/** The path that `text` means. Text that is no single shell word is taken as it is, so a bare path may hold blanks. */
export function pathOf(text: string): string {
  const path = shellWord(text.trim()) ?? text.trim();
  if (path.startsWith('file://')) return pathOfAddress(path);
  return path.startsWith('~/') ? join(homedir(), path.slice(2)) : path;
}

/** The file that a line consisting of nothing else names, or null. Only whole paths count, so no question is taken for one. */
export function droppedFile(line: string): string | null {
  const isWhole = (path: string) => path.startsWith('/') || /^[A-Za-z]:[\\/]/.test(path);
  for (const path of [line.trim(), pathOf(line)]) if (isWhole(path) && isFile(path)) return path;
  return null;
}

/** One word of a POSIX shell without its quotes and escapes; null when there are several, or a quote stays open. */
function shellWord(text: string): string | null {
  let word = '';
  const part = /\\([\s\S])|'([^']*)'|"((?:[^"\\]|\\[\s\S])*)"|([^\s\\'"]+)/y;
  while (part.lastIndex < text.length) {
    const found = part.exec(text);
    if (!found) return null;
    const [, escaped, single, double, plain] = found;
    word += escaped ?? single ?? double?.replaceAll(/\\(["\\$`])/g, '$1') ?? plain ?? '';
  }
  return word;
}

function pathOfAddress(address: string): string {
  try {
    return fileURLToPath(address);
  } catch {
    return address;
  }
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
