// Measures, cuts and pads text by the columns it takes on a terminal, where 漢 takes two and a combining mark none.

import stringWidth from 'string-width';

const plainAscii = /^[\x20-\x7e]*$/;
const graphemes = new Intl.Segmenter('en', {granularity: 'grapheme'});

/** Terminal columns that one line of printable text takes. */
export function textWidth(text: string): number {
  return plainAscii.test(text) ? text.length : stringWidth(text);
}

/** At most `width` columns, ending in `…` when cut; a character with its marks is never split. */
export function clipToWidth(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  if (width < 1) return '';
  let kept = '';
  let used = 0;
  for (const {segment} of graphemes.segment(text)) {
    const segmentWidth = textWidth(segment);
    if (used + segmentWidth > width - 1) break;
    kept += segment;
    used += segmentWidth;
  }
  return `${kept}…`;
}

/** Exactly `width` columns: cut when longer, blanks on the other side of `align` when shorter. */
export function fitToWidth(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const clipped = clipToWidth(text, width);
  const blanks = ' '.repeat(Math.max(0, width - textWidth(clipped)));
  return align === 'left' ? clipped + blanks : blanks + clipped;
}

/** The parts on lines of at most `width` columns, `between` those of a line; one that is wider alone is clipped. */
export function wrapped(parts: readonly string[], width: number, between = '  '): string[] {
  const lines: string[] = [];
  for (const part of parts.map(each => clipToWidth(each, Math.max(1, width)))) {
    const last = lines.at(-1);
    if (last !== undefined && textWidth(last) + textWidth(between) + textWidth(part) <= width)
      lines[lines.length - 1] = last + between + part;
    else lines.push(part);
  }
  return lines;
}
