import {describe, expect, it} from 'vitest';
import {looksLikeTable} from '../../src/tui/pasted-table.ts';

describe('a paste', () => {
  it.each([
    ['commas', 'a,b\n1,2\n3,4\n'],
    ['tabs, as from a spreadsheet', 'name\tsum\nAnn Lee\t1\nBo\t\n'],
    ['semicolons and decimal commas', 'a;b\n1,5;2\n3;4,25'],
    ['delimiters in quotes', 'a,b\n"x, y",2\nz,"1,000"'],
  ])('of lines with %s is a table', (_title, text) => expect(looksLikeTable(text)).toBe(true));

  it.each([
    ['two lines', 'a,b\n1,2'],
    ['lines of one value', 'a\nb\nc\nd'],
    ['lines of different widths', 'a,b\n1,2,3\n4,5'],
    ['SQL', 'SELECT a, b\nFROM x, y\nWHERE a, b'],
    ['SQL statements', 'drop table a;\ndrop table b;\ndrop table c;'],
    ['code', 'f(a, b) {\ng(a, b) {\nh(a, b) {'],
    [
      'prose',
      'We went there in the morning, and it was rather cold.\nThen we came back home again, which took an hour.\n' +
        'Nobody had been there before us, as far as we know.',
    ],
  ])('of %s is none', (_title, text) => expect(looksLikeTable(text)).toBe(false));
});
