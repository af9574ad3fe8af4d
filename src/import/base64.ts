// Files that come as base64 text. Only declared ones are decoded: many ordinary words are valid base64.

import {createReadStream} from 'node:fs';
import {ImportError} from '../core/errors.ts';
import type {Stored} from './store.ts';

const dataUri = /^\s*data:([^,]{0,200}),/i;

/** How the stored text is to be decoded; null when it is not declared to be encoded. */
export function declaredEncoding(stored: Stored, isDeclared: boolean): {skipBytes: number; isBase64: boolean} | null {
  const found = dataUri.exec(stored.head.toString('latin1', 0, 512));
  if (found) return {skipBytes: found[0].length, isBase64: /;base64$/i.test(found[1] ?? '')};
  return isDeclared ? {skipBytes: 0, isBase64: true} : null;
}

/**
 * The decoded bytes of a base64 text (ordinary or URL alphabet, line breaks allowed).
 * @throws ImportError `import.bad_base64` with the place of the first wrong character
 */
export async function* base64Bytes(path: string, skipBytes: number, shown: string): AsyncGenerator<Buffer> {
  let rest = '';
  let position = skipBytes;
  let isEnded = false;
  for await (const block of createReadStream(path, {start: skipBytes, highWaterMark: 1 << 20, encoding: 'latin1'})) {
    const text = String(block);
    const wrong = /[^A-Za-z0-9+/_=\s-]/.exec(text);
    if (wrong) throw badBase64(shown, `a character that is no base64 at byte ${position + wrong.index + 1}`);
    position += text.length;
    rest += text.replace(/\s+/g, '');
    if (isEnded && rest !== '') throw badBase64(shown, 'more text after its end');
    const whole = rest.length - (rest.length % 4);
    const piece = rest.slice(0, whole);
    rest = rest.slice(whole);
    if (/=[^=]/.test(piece)) throw badBase64(shown, 'more text after its end');
    isEnded = piece.endsWith('=');
    if (piece) yield Buffer.from(piece, 'base64');
  }
  if (rest.replace(/=+$/, '').length === 1)
    throw badBase64(shown, 'a length that base64 never has; it may be cut short');
  if (rest) yield Buffer.from(rest, 'base64');
}

/** The bytes of a `data:` URI that is percent-encoded. */
export async function* percentBytes(path: string, skipBytes: number, shown: string): AsyncGenerator<Buffer> {
  let text = '';
  for await (const block of createReadStream(path, {start: skipBytes, encoding: 'utf8'})) text += String(block);
  try {
    yield Buffer.from(decodeURIComponent(text));
  } catch {
    throw badBase64(shown, 'a broken percent code');
  }
}

function badBase64(shown: string, what: string): ImportError {
  return new ImportError('import.bad_base64', `${shown} is declared to be encoded, but has ${what}.`, {
    hint: 'Leave out --base64 if it is an ordinary file.',
  });
}
