import {createRequire} from 'node:module';
import {describe, expect, it} from 'vitest';
import {fontCoverage} from '../../../src/render/report/font-coverage.ts';
import {createTypesetter, missingBox} from '../../../src/render/report/pdf-fonts.ts';
import {reportFonts} from '../../support/report-fonts.ts';

const fonts = reportFonts();
const letters = {Latin: 'ÄßŁęőñÇŵ', Greek: 'αΩβμσ', Cyrillic: 'ЖяђЇўЩ'};

describe('the fonts of a PDF report', () => {
  it.each(Object.entries(letters))('Roboto has the letters of %s', (_, text) => {
    const has = fontCoverage(fonts.regular.bytes);
    expect([...text].filter(each => !has(each.codePointAt(0) ?? 0))).toEqual([]);
  });

  it('what fontkit finds in a font is found, and nothing else', () => {
    const fontkit: {openSync(path: string): {characterSet: number[]}} = createRequire(import.meta.url)('fontkit');
    for (const {path, bytes} of [fonts.regular, fonts.wide, fonts.mono]) {
      const known = new Set(fontkit.openSync(path).characterSet);
      const has = fontCoverage(bytes);
      const wrong = Array.from({length: 0x20000}, (_, code) => code).filter(code => has(code) !== known.has(code));
      // U+FFFF ends a table and is no character.
      expect(wrong.filter(code => code !== 0xffff)).toEqual([]);
    }
  });

  it('text goes in runs of the font that has it, with a box for what none has', () => {
    const type = createTypesetter(fonts);
    expect(type.runs('α → 中', 'Roboto')).toEqual([
      {text: 'α ', font: 'Roboto'},
      {text: '→', font: 'DejaVu Sans'},
      {text: ' ', font: 'Roboto'},
      {text: missingBox, font: 'DejaVu Sans', actual: '中'},
    ]);
    expect(type.missing()).toBe(1);
  });
});
