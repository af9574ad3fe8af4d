// The shortest bytes that turn one row of the live region into another: a countdown changes a digit, not the bar.

import {type Part, partsOf, styledText} from './styled-text.ts';

const eraseRight = '\x1b[K';

/** What to write, from the start of the row, so that `before` becomes `after`; rows are never wider than the screen. */
export function rowChange(before: string, after: string): string {
  const old = partsOf(before);
  const parts = partsOf(after);
  const isSame = (a: Part | undefined, b: Part | undefined) => a?.text === b?.text && a?.style === b?.style;
  let start = 0;
  while (start < parts.length && isSame(old[start], parts[start])) start++;
  let end = parts.length;
  let oldEnd = old.length;
  while (end > start && oldEnd > start && isSame(old[oldEnd - 1], parts[end - 1])) {
    end--;
    oldEnd--;
  }
  const width = (list: readonly Part[]) => list.reduce((sum, part) => sum + part.width, 0);
  const changed = parts.slice(start, end);
  const sameWidth = width(changed) === width(old.slice(start, oldEnd));
  const written = sameWidth ? changed : parts.slice(start);
  const skip = width(parts.slice(0, start));
  const shorter = !sameWidth && width(parts) < width(old);
  return `${skip > 0 ? `\x1b[${skip}C` : ''}${styledText(written)}${shorter ? eraseRight : ''}`;
}
