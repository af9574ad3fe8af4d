// In a script with a terminal: one line of standard error that says how far an import is, gone when something else is said.

import type {EventSink} from '../../core/events.ts';
import {importProgressLine, importShownFromMs} from '../../core/import-progress.ts';
import type {StatusLine} from '../streams.ts';

/** Shows an import from its second second on. */
export function progressSink(line: StatusLine): EventSink {
  let file: string | null = null;
  let startedAt = 0;
  return event => {
    if (event.type !== 'import_progress') {
      line.clear();
      return;
    }
    if (event.file !== file) [file, startedAt] = [event.file, event.time];
    if (event.time - startedAt >= importShownFromMs) line.show(importProgressLine(event, line.width()));
  };
}
