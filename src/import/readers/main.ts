// The reader process: opens one file whose format can be a trap and sends what is in it, one piece for each request.

import {DsAgentError} from '../../core/errors.ts';
import type {ReadAnswer, ReadItem, ReadRequest} from './items.ts';

let items: AsyncGenerator<ReadItem> | null = null;

// Ctrl-C reaches every process of the terminal; the importing process decides when this one ends.
process.on('SIGINT', () => {});
process.on('disconnect', () => process.exit());
process.on('message', (message: ReadRequest | 'next') => {
  if (message === 'next') void answer().then(given => process.send?.(given));
  else items = read(message);
});

async function answer(): Promise<ReadAnswer> {
  try {
    const next = await items?.next();
    return next && !next.done ? {kind: 'item', item: next.value} : {kind: 'done'};
  } catch (error) {
    if (error instanceof DsAgentError)
      return {kind: 'refused', code: error.code, message: error.message, hint: error.hint};
    return {kind: 'failed', message: error instanceof Error ? error.message : String(error)};
  }
}

async function* read(request: ReadRequest): AsyncGenerator<ReadItem> {
  switch (request.reader) {
    case 'zip':
      yield* (await import('./zip-entry.ts')).zipItems(request);
      break;
    case 'xlsx':
      yield* (await import('./xlsx.ts')).xlsxItems(request);
      break;
    case 'sqlite':
      yield* (await import('./sqlite.ts')).sqliteItems(request);
      break;
    case 'arrow':
      yield* (await import('./arrow.ts')).arrowItems(request);
  }
}
