// The end of a resumed conversation, as the chat shows it above its first prompt.

import {answerOf, type Entry} from '../../agent/transcript.ts';
import {clip, printable} from '../../core/text.ts';

const shownEntries = 2;
const shownLines = 12;

/** Printable lines: the last questions or commands, each with the beginning of its answer. */
export function transcriptTail(entries: readonly Entry[]): string[] {
  const left = Math.max(0, entries.length - shownEntries);
  const above = left > 0 ? [`… ${left} earlier ${left === 1 ? 'entry' : 'entries'}; /export writes all of it`] : [];
  return [...above, ...entries.slice(left).flatMap(entryLines)];
}

function entryLines(entry: Entry): string[] {
  const [asked, answer] =
    entry.kind === 'turn' ? [entry.prompt, answerOf(entry) ?? entry.error?.message] : [entry.line ?? '', entry.text];
  const lines = printable(answer ?? '(stopped without an answer)')
    .trim()
    .split('\n');
  const cut = lines.length > shownLines ? [`… ${lines.length - shownLines} more lines`] : [];
  return [`› ${clip(printable(asked, {oneLine: true}), 300)}`, ...lines.slice(0, shownLines), ...cut];
}
