import {Chalk} from 'chalk';
import {describe, expect, it} from 'vitest';
import {spansOf} from '../../src/tui/inline.ts';
import {emptyProse, endProse, feedProse, pendingLines} from '../../src/tui/markdown.ts';
import {stylePending, styleProse} from '../../src/tui/prose-text.ts';
import {wrapStyled} from '../../src/tui/styled-text.ts';
import {cellWidth} from '../../src/tui/text-width.ts';

const colour = new Chalk({level: 1});
const plain = new Chalk({level: 0});
// biome-ignore lint/suspicious/noControlCharactersInRegex: colour codes start with a control character
const bare = (text: string) => text.replaceAll(/\x1b\[[\d;]*m/g, '');

function blocks(text: string) {
  const fed = feedProse(emptyProse, text);
  return [...fed.lines, ...endProse(fed.prose)];
}
const shown = (text: string, {style = colour, width = 80, links = false} = {}) =>
  blocks(text)
    .map(line => styleProse(line, {style, width, links}))
    .join('\n');

describe('finished prose', () => {
  it.each([
    ['a **bold** `code` word', `a ${colour.bold('bold')} ${colour.cyan('code')} word`],
    ['*it* _it_ ~~no~~', `${colour.italic('it')} ${colour.italic('it')} ${colour.strikethrough('no')}`],
    ['**a `b` c**', colour.bold('a ') + colour.bold(colour.cyan('b')) + colour.bold(' c')],
    ['price_per_unit is 2 * 3 * 4, a*b*c', 'price_per_unit is 2 * 3 * 4, a*b*c'],
    ['`**not bold**`', colour.cyan('**not bold**')],
    ['# Title', colour.bold.underline('Title')],
    ['## Part', colour.bold('Part')],
    ['- one\n  - two\n    1. three', '• one\n  • two\n    1. three'],
    ['- [x] done', '• ☑ done'],
    ['> said', `${colour.dim('│ ')}${colour.italic('said')}`],
    ['---', colour.dim('───')],
    ['5\\*3', '5*3'],
    ['[docs](https://a.example/x)', `${colour.underline('docs')} (https://a.example/x)`],
    ['[run](javascript:alert(1))', '[run](javascript:alert(1))'],
  ])('%j is shown without its marks', (text, expected) => {
    expect(shown(text)).toBe(expected);
  });

  it('makes links of the terminal where it has them', () => {
    expect(shown('[docs](https://a.example)', {links: true})).toBe(
      `\x1b]8;;https://a.example\x1b\\${colour.underline('docs')}\x1b]8;;\x1b\\`,
    );
  });

  it('without colour leaves everything as the model wrote it', () => {
    const text = '# T\n- a **b** `c` [d](https://e.example)\n```sql\nSELECT 1\n```';
    expect(shown(text, {style: plain})).toBe(text);
  });

  it('colours words, strings, numbers and comments of code and changes no character', () => {
    const code = "SELECT 'a--b', 1.5 FROM t -- end";
    const text = shown(`\`\`\`sql\n${code}\n\`\`\``).split('\n');
    expect(bare(text[1] ?? '')).toBe(code);
    expect(text[1]).toContain(colour.cyan('SELECT'));
    expect(text[1]).toContain(colour.green("'a--b'"));
    expect(text[1]).toContain(colour.dim('-- end'));
    expect(bare(shown('```\nx = **1**\n```'))).toBe('```\nx = **1**\n```');
  });
});

describe('a table', () => {
  const table = '| region | price | note |\n|---|---|---|\n| north | 1,200 | a |\n| s | 7.5 | **b** |';
  it('has its columns aligned, numbers to the right, marks not counted', () => {
    expect(bare(shown(table))).toBe(
      [
        '| region | price | note |',
        '| ------ | ----: | ---- |',
        '| north  | 1,200 | a    |',
        '| s      |   7.5 | b    |',
      ].join('\n'),
    );
  });

  it('that is too wide wraps the texts in their cells, and every line fits', () => {
    const wide = `| name | n | remark |\n|---|--:|---|\n| north | 1200 | ${'many words in a row '.repeat(5)}|\n| s | 7 | short |`;
    const lines = bare(shown(wide, {width: 44})).split('\n');
    for (const line of lines) expect(cellWidth(line)).toBeLessThanOrEqual(44);
    expect(lines.join(' ').match(/many/g)).toHaveLength(5);
    expect(lines.some(line => line.includes('1200'))).toBe(true);
  });

  it('with more columns than fit becomes records that lose nothing', () => {
    const names = Array.from({length: 12}, (_, index) => `col${index}`);
    const row = (cells: string[]) => `| ${cells.join(' | ')} |`;
    const wide = [row(names), row(names.map(() => '---')), row(names.map((_, index) => String(index * 1000)))].join(
      '\n',
    );
    const lines = bare(shown(wide, {width: 40})).split('\n');
    expect(lines[11]).toBe('col11: 11000');
    expect(lines).toHaveLength(12);
  });

  it('without titles or with uneven rows is still a table', () => {
    expect(bare(shown('| a | b |\n| c |'))).toBe('| a   | b   |\n| c   |     |');
  });
});

describe('prose that is being written', () => {
  const pending = (text: string) => {
    const {prose} = feedProse(emptyProse, text);
    return pendingLines(prose).map(line => stylePending(line, {style: colour, width: 80, links: false}));
  };

  it.each(['a **bold** and `code` [here](https://a.example/b) *it* end', '- **x**: `y_z` is *so*', '## A **b** c'])(
    'never shows a mark that the finished line %j will not show',
    text => {
      const final = bare(shown(text));
      for (let end = 1; end <= text.length; end++) {
        const now = bare(pending(text.slice(0, end)).join('')).replace(' (https://a.example/b)', '');
        expect(now.replaceAll(/[^*`[\]]/g, ''), `after ${JSON.stringify(text.slice(0, end))}`).toBe('');
        // A beginning of the final text, but for an address that follows its words.
        expect(
          final.replace(' (https://a.example/b)', '').startsWith(
            now
              .trimEnd()
              .replace(/^-$/, '•')
              .replace(/^#+.*$/, ''),
          ),
        ).toBe(true);
      }
    },
  );

  it('wraps where the terminal will wrap, each row with its own colours', () => {
    expect(wrapStyled(`ab${colour.bold('cdef')}g`, 4)).toEqual([`ab\x1b[1mcd\x1b[m`, `\x1b[1mef\x1b[mg`]);
    expect(wrapStyled('日本語', 4)).toEqual(['日本', '語']);
  });
});

describe('marks inside a line', () => {
  it('take linear time on hostile text', () => {
    const started = performance.now();
    for (const text of ['*'.repeat(5000), '`'.repeat(5000), '['.repeat(5000), '_a'.repeat(5000), '**a '.repeat(2000)])
      spansOf(text, true);
    expect(performance.now() - started).toBeLessThan(3000);
  });
});
