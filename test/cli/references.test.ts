import {describe, expect, it} from 'vitest';
import {
  anywhere,
  checkColumns,
  type Reference,
  referenceSql,
  referencesIn,
  referenceText,
} from '../../src/cli/references.ts';

const plain: Reference = {of: 'sales', first: 10, last: 20, columns: [], sort: null, filter: null};
const odd: Reference = {
  of: 'sales',
  first: 1,
  last: 1,
  columns: ['unit price', 'by', 'a"b'],
  sort: {column: 'sold on', descending: true},
  filter: "name = ']' and x[1] = 2",
};

describe('rows named in a question', () => {
  it.each([
    plain,
    odd,
    {...plain, columns: ['price', 'region']},
    {...plain, sort: {column: 'price', descending: false}},
    {...plain, of: '7', filter: 'price > 5'},
  ])('are read back as they were written: %j', reference => {
    const text = `compare ${referenceText(reference)} with the rest`;
    const [found] = referencesIn(text);
    expect(found).toMatchObject(reference);
    expect(text.slice(found?.index, (found?.index ?? 0) + (found?.text.length ?? 0))).toBe(referenceText(reference));
  });

  it('are written plainly', () => {
    expect(referenceText({...plain, columns: ['price']})).toBe('@sales[rows 10-20, price]');
    expect(referenceText({...plain, last: 10, sort: {column: 'price', descending: true}})).toBe(
      '@sales[row 10 by price desc]',
    );
  });

  it.each(['@sales[rows x]', '@sales[price]', '@sales[rows 5-2]', '@sales[rows 0-2]', '@sales[rows 1-2', '@sales[]'])(
    '%s is refused with how to write it',
    text => {
      expect(() => referencesIn(text)).toThrow(expect.objectContaining({code: 'reference.unreadable'}));
    },
  );

  it('are at most 10,000', () => {
    expect(() => referencesIn('@sales[rows 1-10001]')).toThrow(expect.objectContaining({code: 'reference.too_long'}));
    expect(referencesIn('@sales[rows 1-10000]')).toHaveLength(1);
  });

  it('are none in an address, a dataset alone or a column', () => {
    expect(referencesIn('mail a@sales[rows 1-2] about @sales and @sales.price')).toEqual([]);
  });

  it('become one SELECT', () => {
    expect(referenceSql({...plain, columns: ['price']}, '"sales"')).toBe(
      'SELECT "price" FROM "sales" LIMIT 11 OFFSET 9',
    );
    expect(referenceSql({...plain, filter: 'price > 5'}, '"sales"')).toBe(
      'SELECT * FROM "sales" WHERE (price > 5) LIMIT 11 OFFSET 9',
    );
    expect(referenceSql(odd, '"sales"')).toContain('ORDER BY "sold on" DESC NULLS LAST, "row of data"');
  });

  it('name columns that exist, or the nearest are said', () => {
    expect(() => checkColumns({...plain, columns: ['prise']}, ['price', 'region'])).toThrow(
      expect.objectContaining({hint: expect.stringContaining('price')}),
    );
    checkColumns({...plain, columns: ['price'], sort: {column: 'region', descending: false}}, ['price', 'region']);
  });

  it('words are looked for as they are', () => {
    expect(anywhere("50%_o'x", ['a'])).toBe(`CAST("a" AS VARCHAR) ILIKE '%50\\%\\_o''x%' ESCAPE '\\'`);
  });
});
