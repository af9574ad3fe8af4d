// How far a running import is, as one line that the chat and scripts show alike.

import type {AgentEvent, ImportPhase} from './events.ts';
import {clip, formatBytes, printable} from './text.ts';

/** An import that is over sooner needs no line. */
export const importShownFromMs = 1_000;

const words: Record<ImportPhase, string> = {
  copy: 'copying',
  read: 'reading',
  type: 'finding types',
  describe: 'looking at columns',
};

const mostBar = 20;
const leastBar = 8;

/** "importing big.csv ██████░░░░░░ 52 % of 468 MB, reading", without the bar where there is no room; clipped to `width`. */
export function importProgressLine(
  {file, phase, readBytes, totalBytes}: Omit<Extract<AgentEvent, {type: 'import_progress'}>, 'type'>,
  width: number,
): string {
  const name = printable(file, {oneLine: true});
  // A wide character takes two cells.
  const head = `importing ${clip(name, /^[ -~]*$/.test(name) ? 24 : 12)} `;
  const share = totalBytes > 0 ? Math.min(1, readBytes / totalBytes) : null;
  const size = share === null ? formatBytes(readBytes) : `${Math.floor(100 * share)} % of ${formatBytes(totalBytes)}`;
  const tail = `${size}, ${words[phase]}`;
  const room = Math.min(mostBar, width - head.length - tail.length - 1);
  if (share === null || room < leastBar) return clip(head + tail, width);
  const filled = Math.round(share * room);
  return `${head}${'█'.repeat(filled)}${'░'.repeat(room - filled)} ${tail}`;
}
