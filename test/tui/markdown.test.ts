import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {emptyProse, endProse, feedProse, pendingLines} from '../../src/tui/markdown.ts';

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

describe('streamed prose', () => {
  it('finishes a line when its end arrives and keeps the rest pending', () => {
    const fed = feedProse(emptyProse, 'one\ntw');
    expect(fed.lines.map(line => line.text)).toEqual(['one']);
    expect(pendingLines(fed.prose)).toEqual([{kind: 'text', text: 'tw'}]);
  });

  it('holds a table until it ends and gives it as one block', () => {
    const table = '| region | price |\n|---|---|\n| north | 1,200 |\n| s | 7 |\n';
    const held = feedProse(emptyProse, table);
    expect(held.lines).toEqual([]);
    expect(pendingLines(held.prose)).toHaveLength(4);
    expect(lines(`${table}after`)).toEqual([
      {kind: 'table', text: table.trimEnd()},
      {kind: 'text', text: 'after'},
    ]);
  });

  it('leaves the inside of a code fence alone', () => {
    expect(lines('```sql\n# not a heading\n| not | a table |\n```\n# heading').map(line => line.kind)).toEqual([
      'fence',
      'code',
      'code',
      'fence',
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
});
