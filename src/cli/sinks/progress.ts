// In a script with a terminal: one line of standard error that says how far the work is, gone when something else is said.

import type {EventSink} from '../../core/events.ts';
import {importProgressLine, importShownFromMs} from '../../core/import-progress.ts';
import {clip, printable} from '../../core/text.ts';
import type {StatusLine} from '../streams.ts';

/** Shows an import from its second second on, and what a long computation says of itself. */
export function progressSink(line: StatusLine): EventSink {
  let file: string | null = null;
  let startedAt = 0;
  return event => {
    if (event.type === 'work_progress') {
      line.show(clip(printable(event.message, {oneLine: true}), line.width()));
      return;
    }
    if (event.type !== 'import_progress') {
      line.clear();
      return;
    }
    if (event.file !== file) [file, startedAt] = [event.file, event.time];
    if (event.time - startedAt >= importShownFromMs) line.show(importProgressLine(event, line.width()));
  };
}
