// The checksum inside the file of a model: what was edited or damaged after it was kept must not answer as if it were whole.

import {createHash} from 'node:crypto';

/** As it stands at the end of a file that nobody touched. */
const ownTail = /,"checksum":\{"text":"([0-9a-f]{64})","content":"[0-9a-f]{64}"\}\}$/;
const tailLength = 200;

/**
 * The JSON of `content` with a `checksum` as its last key: `text` is the SHA-256 of the JSON before that key (and its closing
 * brace), `content` that of the same with the keys of every object in order, which spaces and the order of keys don't change.
 */
export function sealed(content: object): string {
  const text = JSON.stringify(content);
  const checksum = {text: sha256(text), content: contentHash(JSON.parse(text))};
  return `${text.slice(0, -1)},"checksum":${JSON.stringify(checksum)}}`;
}

/**
 * Whether `parsed`, the JSON in `text`, says what it said when it was kept; true for one of an earlier version, which holds no
 * checksum. Only a text that was laid out anew needs to be put in order, which takes ten times as long as hashing it.
 */
export function isAsKept(text: string, parsed: unknown): boolean {
  if (typeof parsed !== 'object' || parsed === null || !('checksum' in parsed)) return true;
  const [tail, expected] = ownTail.exec(text.slice(-tailLength)) ?? [];
  if (tail !== undefined && sha256(text.slice(0, -tail.length), '}') === expected) return true;
  const {checksum, ...content} = parsed;
  return (
    typeof checksum === 'object' &&
    checksum !== null &&
    'content' in checksum &&
    checksum.content === contentHash(content)
  );
}

function contentHash(content: unknown): string {
  return sha256(JSON.stringify(ordered(content)));
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, each]) => [key, ordered(each)]));
}

function sha256(...parts: string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}
