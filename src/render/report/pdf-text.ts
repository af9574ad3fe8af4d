// Text of a PDF: made printable, in runs of the fonts that have its characters.

import type {Content, ContentText, Style} from 'pdfmake/interfaces';
import {printable} from '../../core/text.ts';
import type {Typeface, Typesetter} from './pdf-fonts.ts';
import type {Mark} from './pdf-tags.ts';

export const ink = {
  text: '#1c1e21',
  soft: '#555b63',
  line: '#c9ced4',
  tint: '#f1f3f5',
  warn: '#8a4b00',
  warnTint: '#fff4e2',
};

export type TextOptions = Style & {style?: string; link?: string; oneLine?: boolean; wanted?: Typeface; mark?: Mark};

export function text(content: string, type: Typesetter, options: TextOptions = {}): ContentText {
  const {oneLine = true, wanted = 'Roboto', mark, ...style} = options;
  const shown = printable(oneLine ? content.replaceAll(/\s+/g, ' ') : content, {oneLine});
  // pdfmake keeps what it does not know with each piece of the text.
  const runs = type.runs(shown, wanted).map(run => ({...run, ...(mark && {mark})}));
  return {text: runs, ...style};
}

/** Points between the margins of a page. */
export const pageWidth = 499;

/**
 * A part of a block with its height in points, estimated from above. pdfmake loses what does not fit on one page when it
 * is told to keep it whole, so only low parts may be kept whole. `breaks` may go over pages without harm.
 */
export type Piece = {content: Content; height: number; breaks?: boolean};

/** From above: letters are narrower than 0.55 of their size in nearly every text. */
export function heightOf(content: string, size: number, width = pageWidth): number {
  const letters = Math.max(1, Math.floor(width / (size * 0.55)));
  const lines = content.split('\n').reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / letters)), 0);
  return lines * size * 1.45;
}
