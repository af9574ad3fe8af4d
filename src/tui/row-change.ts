// The shortest bytes that turn one row of the live region into another: a countdown changes a digit, not the bar.

import {cellWidth, graphemes} from './text-width.ts';

/** One grapheme and the colour codes that stand before it in its row. */
type Part = {style: string; text: string; width: number};

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
  return `${skip > 0 ? `\x1b[${skip}C` : ''}${styled(written)}${shorter ? eraseRight : ''}`;
}

function styled(parts: readonly Part[]): string {
  let style = '';
  let text = '';
  for (const part of parts) {
    if (part.style !== style) text += (style === '' ? '' : '\x1b[m') + part.style;
    style = part.style;
    text += part.text;
  }
  return text + (style === '' ? '' : '\x1b[m');
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: colour codes start with a control character
const colour = /(\x1b\[[\d;]*m)/;
/** The codes that end a style of chalk, with those they end. */
const ends: Record<string, RegExp> = {
  // biome-ignore-start lint/suspicious/noControlCharactersInRegex: as above
  '22': /\x1b\[[12]m/g,
  '24': /\x1b\[4m/g,
  '23': /\x1b\[3m/g,
  '27': /\x1b\[7m/g,
  '39': /\x1b\[(3[0-7]|9[0-7])m/g,
  // biome-ignore-end lint/suspicious/noControlCharactersInRegex: as above
};

function partsOf(row: string): Part[] {
  let style = '';
  const parts: Part[] = [];
  for (const [index, piece] of row.split(colour).entries()) {
    if (index % 2 === 0) {
      for (const text of graphemes(piece)) parts.push({style, text, width: cellWidth(text)});
      continue;
    }
    const code = piece.slice(2, -1);
    const ended = ends[code];
    if (ended) style = style.replace(ended, '');
    else style = code === '' || code === '0' ? '' : style + piece;
  }
  return parts;
}
