// Appends JSON lines to a file in order and at once, so that a killed process loses at most the line it was writing.

import {closeSync, fstatSync, fsyncSync, openSync, readSync, writeSync} from 'node:fs';
import {dirname} from 'node:path';

export interface JsonlFile {
  append(value: unknown): void;
  /** Asks the disk to keep what was written. */
  sync(): void;
  close(): void;
}

/** Made at the first line (mode 0600), so that a run that says nothing leaves no file. */
export function openJsonlFile(path: string): JsonlFile {
  let descriptor: number | null = null;
  let isNamed = false;
  const open = () => {
    const opened = openSync(path, 'a+', 0o600);
    // The half line of a killed process must not swallow the first of ours.
    if (!endsWithNewline(opened)) writeSync(opened, '\n');
    return opened;
  };
  return {
    append(value) {
      descriptor ??= open();
      writeSync(descriptor, `${JSON.stringify(value, jsonSafe)}\n`);
    },
    sync() {
      if (descriptor === null) return;
      fsyncSync(descriptor);
      if (!isNamed) syncFolder(dirname(path));
      isNamed = true;
    },
    close() {
      if (descriptor !== null) closeSync(descriptor);
      descriptor = null;
    },
  };
}

/** True for an empty file too. */
function endsWithNewline(descriptor: number): boolean {
  const {size} = fstatSync(descriptor);
  const last = Buffer.alloc(1);
  return size === 0 || (readSync(descriptor, last, 0, 1, size - 1) === 1 && last[0] === 0x0a);
}

/** A new name survives a power cut only when its folder is synced too, where the file system can do that. */
function syncFolder(path: string): void {
  try {
    const folder = openSync(path, 'r');
    try {
      fsyncSync(folder);
    } finally {
      closeSync(folder);
    }
  } catch {
    // Some file systems refuse; the lines themselves are on the disk.
  }
}

/** Makes any value storable as JSON: big integers become numbers when exact, else text; NaN and the infinities become text. */
export function jsonSafe(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  return value;
}
