// Text with colour codes, grapheme by grapheme: to compare, cut and wrap it without losing its colours.

import {cellWidth, graphemes} from './text-width.ts';

/** One grapheme and the colour codes that hold for it. */
export type Part = {style: string; text: string; width: number};

/** `text` as rows of at most `width` cells, broken where the terminal would break it; each row ends its own colours. */
export function wrapStyled(text: string, width: number): string[] {
  const rows: Part[][] = [[]];
  let used = 0;
  for (const part of partsOf(text)) {
    const shown = part.text === '\t' ? {...part, text: '  ', width: 2} : part;
    if (used + shown.width > width) {
      rows.push([]);
      used = 0;
    }
    rows.at(-1)?.push(shown);
    used += shown.width;
  }
  return rows.map(styledText);
}

/** The parts as text, with as few colour codes as they need. */
export function styledText(parts: readonly Part[]): string {
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
  '29': /\x1b\[9m/g,
  '27': /\x1b\[7m/g,
  '39': /\x1b\[(3[0-7]|9[0-7])m/g,
  // biome-ignore-end lint/suspicious/noControlCharactersInRegex: as above
};

/** The graphemes of a row that may hold colour codes as chalk writes them. */
export function partsOf(row: string): Part[] {
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
