// Appends JSON lines to a file in order and at once, so that a killed process loses at most the line it was writing.

import {closeSync, fsyncSync, openSync, writeSync} from 'node:fs';

export interface JsonlFile {
  append(value: unknown): void;
  /** Asks the disk to keep what was written. */
  sync(): void;
  close(): void;
}

/** Made at the first line (mode 0600), so that a run that says nothing leaves no file. */
export function openJsonlFile(path: string): JsonlFile {
  let descriptor: number | null = null;
  return {
    append(value) {
      descriptor ??= openSync(path, 'a', 0o600);
      writeSync(descriptor, `${JSON.stringify(value, jsonSafe)}\n`);
    },
    sync() {
      if (descriptor !== null) fsyncSync(descriptor);
    },
    close() {
      if (descriptor !== null) closeSync(descriptor);
      descriptor = null;
    },
  };
}

/** Makes any value storable as JSON: big integers become numbers when exact, else text; NaN and the infinities become text. */
export function jsonSafe(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  return value;
}
