import {Chalk} from 'chalk';
import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {emptyProse, endProse, feedProse, pendingLines, styleProse} from '../../src/tui/markdown.ts';

function lines(text: string, size = text.length) {
  let prose = emptyProse;
  const done = [];
  for (let start = 0; start < text.length; start += size) {
    const fed = feedProse(prose, text.slice(start, start + size));
    prose = fed.prose;
    done.push(...fed.lines);
  }
  return [...done, ...endProse(prose)];
}
const texts = (text: string) => lines(text).map(line => line.text);

describe('streamed prose', () => {
  it('finishes a line when its end arrives and keeps the rest pending', () => {
    const fed = feedProse(emptyProse, 'one\ntw');
    expect(fed.lines.map(line => line.text)).toEqual(['one']);
    expect(pendingLines(fed.prose)).toEqual(['tw']);
  });

  it('holds a table until it ends and aligns its columns, numbers to the right', () => {
    const table = '| region | price |\n|---|---|\n| north | 1,200 |\n| s | 7 |\n';
    const held = feedProse(emptyProse, table);
    expect(held.lines).toEqual([]);
    expect(pendingLines(held.prose)).toHaveLength(4);
    expect(texts(`${table}after`)).toEqual([
      '| region | price |',
      '| ------ | ----: |',
      '| north  | 1,200 |',
      '| s      |     7 |',
      'after',
    ]);
  });

  it('leaves the inside of a code fence alone', () => {
    expect(lines('```sql\n# not a heading\n| not | a table |\n```\n# heading').map(line => line.kind)).toEqual([
      'code',
      'code',
      'code',
      'code',
      'heading',
    ]);
  });

  it('gives the same lines however the text is cut', () => {
    const text = '# T\n\n- a\n- **b** `c`\n\n| x | y |\n|---|---|\n| 1 | 2 |\n\n```\ncode\n```\nend';
    fc.assert(
      fc.property(fc.integer({min: 1, max: 12}), size => {
        expect(lines(text, size)).toEqual(lines(text));
      }),
      {seed: 7},
    );
  });

  it('styles with colour, and without colour leaves the text as the model wrote it', () => {
    const line = {kind: 'text', text: 'a **bold** `code` word'} as const;
    expect(styleProse(line, new Chalk({level: 0}))).toBe('a **bold** `code` word');
    expect(styleProse(line, new Chalk({level: 1}))).toBe('a \x1b[1mbold\x1b[22m \x1b[36m`code`\x1b[39m word');
  });
});
