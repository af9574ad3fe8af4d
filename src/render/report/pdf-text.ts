// Text of a PDF: made printable, in runs of the fonts that have its characters.

import type {ContentText, Style} from 'pdfmake/interfaces';
import {printable} from '../../core/text.ts';
import type {Typeface, Typesetter} from './pdf-fonts.ts';

export const ink = {
  text: '#1c1e21',
  soft: '#555b63',
  line: '#c9ced4',
  tint: '#f1f3f5',
  warn: '#8a4b00',
  warnTint: '#fff4e2',
};

export type TextOptions = Style & {style?: string; link?: string; oneLine?: boolean; wanted?: Typeface};

export function text(content: string, type: Typesetter, options: TextOptions = {}): ContentText {
  const {oneLine = true, wanted = 'Roboto', ...style} = options;
  const shown = printable(oneLine ? content.replaceAll(/\s+/g, ' ') : content, {oneLine});
  return {text: type.runs(shown, wanted).map(({text: part, font}) => ({text: part, font})), ...style};
}
