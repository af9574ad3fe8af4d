// The one file of a zip archive that is a table, or the one the user named.

import {open} from 'node:fs/promises';
import {basename, extname} from 'node:path';
import {ImportError} from '../../core/errors.ts';
import {printable} from '../../core/text.ts';
import {emptyFile} from '../source.ts';
import type {ZipEntry} from '../zip.ts';
import {zipEntries, zipEntryBytes} from '../zip.ts';
import type {ReadItem, ReadRequest} from './items.ts';

const blockBytes = 1 << 19;

/** First the name of the entry, then its bytes. */
export async function* zipItems(request: ReadRequest): AsyncGenerator<ReadItem> {
  const handle = await open(request.path);
  try {
    const entry = chooseEntry(await zipEntries(handle, request.shown), request);
    yield {kind: 'entry', name: entry.name};
    let blocks: Buffer[] = [];
    let size = 0;
    for await (const block of zipEntryBytes(handle, entry, request)) {
      blocks.push(block);
      size += block.length;
      if (size < blockBytes) continue;
      yield {kind: 'bytes', bytes: Buffer.concat(blocks)};
      blocks = [];
      size = 0;
    }
    if (size > 0) yield {kind: 'bytes', bytes: Buffer.concat(blocks)};
  } finally {
    await handle.close();
  }
}

const tabular = new Set(
  'csv tsv psv txt tab dat json ndjson jsonl parquet pq xlsx xlsm arrow feather ipc sqlite sqlite3 db'.split(' '),
);

function chooseEntry(entries: readonly ZipEntry[], {shown, choice: wanted}: ReadRequest): ZipEntry {
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
