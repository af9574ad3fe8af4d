// Writes SVG elements as text: everything from outside is escaped here, and nowhere else.

import {printable} from '../../core/text.ts';

export type Attributes = Readonly<Record<string, string | number | undefined>>;

/** An element; `children` are elements already written. A plain loop: a chart of thousands of points is made of these. */
export function el(name: string, attributes: Attributes, ...children: string[]): string {
  let written = '';
  for (const key in attributes) {
    const value = attributes[key];
    if (value !== undefined) written += ` ${key}="${typeof value === 'number' ? num(value) : value}"`;
  }
  return children.length === 0 ? `<${name}${written}/>` : `<${name}${written}>${children.join('')}</${name}>`;
}

/** Two decimals are a tenth of what a screen can show. */
export function num(value: number): string {
  const rounded = Math.round(value * 100) / 100;
  return String(Object.is(rounded, -0) ? 0 : rounded);
}

/** The size in px that a drawing says it has; NaN where it does not say. */
export function svgSize(svg: string): {width: number; height: number} {
  const [, width, height] = /viewBox="[\d.-]+ [\d.-]+ ([\d.]+) ([\d.]+)"/.exec(svg) ?? [];
  return {width: Number(width), height: Number(height)};
}

const entities: Record<string, string> = {'&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;'};

const harmless = /^[\w .,:;()[\]/+*=%–-]*$/;

/** Text from outside as it may stand between tags and in quoted attributes of SVG and HTML. */
export function escapeText(text: string): string {
  if (harmless.test(text)) return text;
  return printable(text, {oneLine: true})
    .replace(/[\ufffe\uffff]/g, '\ufffd')
    .replace(/[&<>"']/g, character => entities[character] ?? '');
}

export type TextOptions = {
  class: string;
  x: number;
  y: number;
  anchor?: 'start' | 'middle' | 'end';
  transform?: string;
};

export function textEl(content: string, {class: name, x, y, anchor, transform}: TextOptions): string {
  const place = {class: name, x, y, 'text-anchor': anchor === 'start' ? undefined : anchor, transform};
  return el('text', place, escapeText(content));
}

// Widths of DejaVu Sans in thousandths of its size, rounded up in classes; a wide font, so others fit too.
const narrow = /[ijl|.,:;'!I ]/;
const wide = /[mwMW@%—]/;
const full =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6]|[\u{1f000}-\u{1faff}\u{20000}-\u{3fffd}]/u;

/** About how wide `text` is at `size` px. */
export function widthOf(text: string, size: number): number {
  let thousandths = 0;
  for (const character of text) {
    if (full.test(character)) thousandths += 1000;
    else if (narrow.test(character)) thousandths += 340;
    else if (wide.test(character)) thousandths += 950;
    else thousandths += /[A-Z&]/.test(character) ? 690 : 620;
  }
  return (thousandths * size) / 1000;
}

/** `text` on one line of at most `width` px, ending in `…` when cut. */
export function clipTo(text: string, width: number, size: number): string {
  const shown = printable(text, {oneLine: true});
  if (widthOf(shown, size) <= width) return shown;
  let kept = '';
  for (const character of shown) {
    if (widthOf(`${kept}${character}…`, size) > width) break;
    kept += character;
  }
  return `${kept}…`;
}

/** The words of `text` on lines of at most `width` px; what the last line can't hold is cut. */
export function wrapTo(text: string, width: number, {size, lines}: {size: number; lines: number}): string[] {
  const wrapped: string[] = [];
  let line = '';
  for (const word of printable(text, {oneLine: true}).split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && wrapped.length < lines - 1 && widthOf(longer, size) > width) {
      wrapped.push(clipTo(line, width, size));
      line = word;
    } else line = longer;
  }
  return [...wrapped, clipTo(line, width, size)];
}
