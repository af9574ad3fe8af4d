// The keys that answer the preview of an import, and the words that tell of them.

import type {PreviewKey} from '../core/events.ts';
import {isCtrl} from './draft.ts';
import type {InputEvent} from './input-event.ts';

export const previewWords: Record<PreviewKey, string> = {
  import: 'Enter import',
  delimiter: 'd next delimiter',
  header: 'h header on/off',
  date_order: 'o date order',
  cancel: 'n cancel',
};

const letters: Record<string, PreviewKey> = {d: 'delimiter', h: 'header', o: 'date_order', n: 'cancel'};

/** What `input` answers; null for everything else. */
export function previewKeyOf(input: InputEvent): PreviewKey | null {
  if (isCtrl(input, 'c')) return 'cancel';
  // Several letters may come in one read; the first that means something counts.
  if (input.type === 'text')
    return [...input.text.toLowerCase()].map(letter => letters[letter]).find(each => each !== undefined) ?? null;
  if (input.type !== 'key') return null;
  if (input.name === 'escape') return 'cancel';
  return input.name === 'enter' ? 'import' : null;
}
