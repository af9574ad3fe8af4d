// The fonts of a PDF report: Roboto for text, DejaVu for what Roboto lacks and for code, a box for what neither has.

import {fontCoverage} from './font-coverage.ts';

/** A font file; it is read by its path, and embedded with the characters that are used. */
export type FontFile = {path: string; bytes: Uint8Array};

export type ReportFonts = Record<'regular' | 'bold' | 'italic' | 'wide' | 'wideBold' | 'mono', FontFile>;

export type Typeface = 'Roboto' | 'DejaVu Sans' | 'DejaVu Sans Mono';

/** `actual` is the character that a box stands for. */
export type Run = {text: string; font: Typeface; actual?: string};

/** What stands for a character that no font has. */
export const missingBox = '\u25a1';

export interface Typesetter {
  /** The text in runs of one font each. */
  runs(text: string, wanted: Typeface): Run[];
  /** The text with boxes for what the wide font does not have either. */
  boxed(text: string): string;
  /** True when `font` has all of it. */
  covers(text: string, font: Typeface): boolean;
  /** How many characters were replaced by a box. */
  missing(): number;
}

export function createTypesetter(fonts: ReportFonts): Typesetter {
  const has = {
    Roboto: fontCoverage(fonts.regular.bytes),
    'DejaVu Sans': fontCoverage(fonts.wide.bytes),
    'DejaVu Sans Mono': fontCoverage(fonts.mono.bytes),
  };
  let missing = 0;
  const place = (character: string, wanted: Typeface): Run => {
    const code = character.codePointAt(0) ?? 0;
    if (character === '\n' || has[wanted](code)) return {text: character, font: wanted};
    if (has['DejaVu Sans'](code)) return {text: character, font: 'DejaVu Sans'};
    missing += 1;
    return {text: missingBox, font: 'DejaVu Sans', actual: character};
  };
  return {
    runs(text, wanted) {
      const runs: Run[] = [];
      for (const character of text) {
        const next = place(character, wanted);
        const last = runs.at(-1);
        if (last?.font === next.font && last.actual === undefined && next.actual === undefined) last.text += next.text;
        else runs.push(next);
      }
      return runs;
    },
    boxed: text => [...text].map(each => place(each, 'DejaVu Sans').text).join(''),
    covers: (text, font) => [...text].every(each => each === '\n' || has[font](each.codePointAt(0) ?? 0)),
    missing: () => missing,
  };
}
