// Packed uploads: the one table inside is unpacked beside the upload, counted against a cap; the upload stays as it was.

import {createReadStream} from 'node:fs';
import {open} from 'node:fs/promises';
import {basename, extname} from 'node:path';
import * as zlib from 'node:zlib';
import {ImportError} from '../core/errors.ts';
import {printable} from '../core/text.ts';
import type {Workspace} from '../workspace/workspace.ts';
import {emptyFile} from './source.ts';
import type {Stored} from './store.ts';
import {storeUpload} from './store.ts';
import type {ZipEntry} from './zip.ts';
import {cappedBytes, zipEntries, zipEntryBytes} from './zip.ts';

/** How many times the size limit a packed file may unpack to. */
const unpackedFactor = 20;

export type UnpackJob = {
  workspace: Workspace;
  signal: AbortSignal;
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
    const handle = await open(stored.path);
    try {
      const entry = chooseEntry(await zipEntries(handle, job.shown), job);
      const unpacked = await store(zipEntryBytes(handle, entry, cap));
      return {stored: unpacked, extension: extensionOf(entry.name)};
    } finally {
      await handle.close();
    }
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

const tabular = new Set('csv tsv psv txt tab dat json ndjson jsonl parquet pq xlsx xlsm sqlite sqlite3 db'.split(' '));

function chooseEntry(entries: readonly ZipEntry[], {shown, entry: wanted}: UnpackJob): ZipEntry {
  const files = entries.filter(({name}) => !name.endsWith('/') && !/(?:^|\/)(?:__MACOSX\/|\.[^./])/.test(name));
  if (files.length === 0) throw emptyFile(shown);
  const names = files.map(({name}) => printable(name, {oneLine: true}));
  if (wanted !== undefined) {
    const found = files.find(({name}) => name === wanted || basename(name) === wanted);
    if (found) return found;
    throw new ImportError('import.no_entry', `${shown} holds no file called "${printable(wanted, {oneLine: true})}".`, {
      hint: `It holds ${names.slice(0, 10).join(', ')}.`,
    });
  }
  const tables = files.filter(({name}) => tabular.has(extensionOf(name)));
  const [first, second] = tables.length > 0 ? tables : files;
  if (first && !second) return refuseNested(first, shown);
  throw new ImportError(
    'import.many_entries',
    `${shown} holds ${files.length} files; it is not clear which one to import.`,
    {
      hint: `Choose one with --sheet: ${names.slice(0, 10).join(', ')}${names.length > 10 ? ', …' : ''}.`,
    },
  );
}

function refuseNested(entry: ZipEntry, shown: string): ZipEntry {
  if (!/\.(?:zip|gz|zst|tar|7z|rar)$/i.test(entry.name)) return entry;
  throw new ImportError('import.unsupported', `${shown} holds another archive.`, {
    hint: 'Unpack it and import the file inside.',
  });
}

function extensionOf(name: string): string {
  return extname(name).slice(1).toLowerCase();
}
