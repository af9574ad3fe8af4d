// Packed uploads: the one table inside is unpacked beside the upload, counted against a cap; the upload stays as it was.

import {createReadStream} from 'node:fs';
import {extname} from 'node:path';
import * as zlib from 'node:zlib';
import type {Clock} from '../core/clock.ts';
import {ImportError} from '../core/errors.ts';
import type {Workspace} from '../workspace/workspace.ts';
import {readApart} from './read-apart.ts';
import type {Stored} from './store.ts';
import {storeUpload} from './store.ts';
import {cappedBytes} from './zip.ts';

/** How many times the size limit a packed file may unpack to. */
const unpackedFactor = 20;

export type UnpackJob = {
  workspace: Workspace;
  signal: AbortSignal;
  clock: Clock;
  limitBytes: number;
  shown: string;
  /** Name of the entry the user asked for. */
  entry: string | undefined;
};

/** The unpacked file in uploads/ (half-made, the caller removes it) and the extension its name has. */
export type Unpacked = {stored: Stored; extension: string};

export function isPacked(kind: string): kind is 'gzip' | 'zstd' | 'zip' {
  return kind === 'gzip' || kind === 'zstd' || kind === 'zip';
}

/** Inflated bytes may be this many in all. */
export function unpackedLimit(limitBytes: number): number {
  return limitBytes * unpackedFactor;
}

export async function unpack(
  stored: Stored,
  kind: 'gzip' | 'zstd' | 'zip',
  fileName: string,
  job: UnpackJob,
): Promise<Unpacked> {
  const maxBytes = unpackedLimit(job.limitBytes);
  const cap = {shown: job.shown, maxBytes};
  const store = (bytes: AsyncIterable<Uint8Array>) =>
    storeUpload(bytes, {...job, limitBytes: maxBytes + 1, onProgress: () => {}});
  if (kind === 'zip') {
    const {shown, entry: choice, signal, clock} = job;
    const request = {reader: 'zip' as const, path: stored.path, shown, choice, maxBytes};
    let name = '';
    const bytes = async function* () {
      for await (const item of readApart(request, {signal, clock, sizeBytes: stored.sizeBytes})) {
        if (item.kind === 'entry') name = item.name;
        else if (item.kind === 'bytes') yield item.bytes;
      }
    };
    const unpacked = await store(bytes());
    return {stored: unpacked, extension: extensionOf(name)};
  }
  const unpacker = kind === 'gzip' ? zlib.createGunzip() : zstd(job.shown);
  const source = createReadStream(stored.path);
  source.on('error', error => unpacker.destroy(error));
  const unpacked = await store(cappedBytes(source.pipe(unpacker), cap));
  return {stored: unpacked, extension: extensionOf(fileName.replace(/\.(?:gz|gzip|zst|zstd)$/i, ''))};
}

function zstd(shown: string): zlib.Gunzip | zlib.ZstdDecompress {
  if (typeof zlib.createZstdDecompress === 'function') return zlib.createZstdDecompress();
  throw new ImportError('import.unsupported', `${shown} is packed with zstd, which this version of Node can't read.`, {
    hint: 'Use Node 22.15 or newer, or unpack it first: unzstd FILE',
  });
}

function extensionOf(name: string): string {
  return extname(name).slice(1).toLowerCase();
}
