// Looks over JSON before anything parses it: what is nested too deeply would overflow the engine's stack, and names by the
// ten thousand its time.

import {open} from 'node:fs/promises';
import {ImportError} from '../../core/errors.ts';
import {formatCount} from '../../core/text.ts';
import type {LoadJob} from '../job.ts';

const maxDepth = 256;
const maxNames = 10_000;
const blockBytes = 1 << 20;

/**
 * Reads the bytes of UTF-8 JSON at `path`; `lines` says that each line is a value of its own. Invalid JSON is let pass.
 * @throws ImportError `import.too_deep`, `import.too_wide`
 */
export async function refuseUnreadable(job: LoadJob, path: string, lines: boolean): Promise<void> {
  const shape = new JsonShape(lines);
  const file = await open(path);
  try {
    const buffer = Buffer.allocUnsafe(blockBytes);
    for (;;) {
      job.signal.throwIfAborted();
      const {bytesRead} = await file.read(buffer, 0, blockBytes, null);
      if (bytesRead === 0) return;
      const found = shape.feed(buffer.subarray(0, bytesRead));
      if (found === 'deep')
        throw new ImportError('import.too_deep', `${job.shown} is nested more than ${maxDepth} levels deep.`, {
          hint: 'A table is a list of objects: [{"a": 1}, {"a": 2}].',
        });
      if (found === 'wide')
        throw new ImportError(
          'import.too_wide',
          `${job.shown} has more than ${formatCount(maxNames)} different names, which would be columns.`,
          {hint: 'Write what the names stand for as values: [{"id": "a", "value": 1}, …].'},
        );
    }
  } finally {
    await file.close();
  }
}

/** Follows strings and brackets from byte to byte. */
export class JsonShape {
  readonly #lines: boolean;
  /** Hashes of the names met at each depth. */
  readonly #names: Set<number>[] = [];
  #depth = 0;
  #inString = false;
  #escaped = false;
  #hash = 0;

  constructor(lines: boolean) {
    this.#lines = lines;
  }

  feed(bytes: Uint8Array): 'deep' | 'wide' | null {
    let inString = this.#inString;
    let escaped = this.#escaped;
    let depth = this.#depth;
    let hash = this.#hash;
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at] ?? 0;
      if (byte === 0x0a) {
        // No string reaches over a line: a broken one ends here.
        inString = false;
        escaped = false;
        if (this.#lines) depth = 0;
      } else if (inString) {
        if (escaped) escaped = false;
        else if (byte === 0x5c) escaped = true;
        else if (byte === 0x22) inString = false;
        hash = Math.imul(hash ^ byte, 0x01000193);
      } else if (byte === 0x22) {
        inString = true;
        hash = 0x811c9dc5 | 0;
      } else if (byte === 0x7b || byte === 0x5b) {
        depth++;
        if (depth > maxDepth) return 'deep';
      } else if (byte === 0x7d || byte === 0x5d) {
        if (depth > 0) depth--;
      } else if (byte === 0x3a) {
        let names = this.#names[depth];
        if (!names) {
          names = new Set();
          this.#names[depth] = names;
        }
        names.add(hash);
        if (names.size > maxNames) return 'wide';
      }
    }
    this.#inString = inString;
    this.#escaped = escaped;
    this.#depth = depth;
    this.#hash = hash;
    return null;
  }
}
