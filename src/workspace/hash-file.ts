// The SHA-256 of a file, in hexadecimal, read in blocks.

import {createHash} from 'node:crypto';
import {createReadStream} from 'node:fs';

export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const block of createReadStream(path, {highWaterMark: 1 << 20})) hash.update(block);
  return hash.digest('hex');
}
