import {describe, expect, it} from 'vitest';
import {markdownReport} from '../../../src/render/report/markdown.ts';
import {notebookReport} from '../../../src/render/report/notebook.ts';
import type {Block, Outline} from '../../../src/render/report/outline.ts';

const source = {kind: 'result', id: 1} as const;
const outlineOf = (...blocks: Block[]): Outline => ({
  title: 'T',
  about: [],
  createdAt: '2026-01-01T00:00:00.000Z',
  sections: [{id: 's', title: 'S', blocks}],
});
const prose = (text: string): string => {
  const lines = markdownReport(outlineOf({type: 'prose', spans: [{text}]}))
    .trimEnd()
    .split('\n');
  return lines.at(-1) ?? '';
};

describe('text in a Markdown report', () => {
  it.each([
    ['a <script>alert(1)</script> b', 'a &lt;script>alert(1)&lt;/script> b'],
    ['p < 0.05 & so on', 'p < 0.05 & so on'],
    ['&lt; is an entity', '&amp;lt; is an entity'],
    ['[x](javascript:alert(1))', '[x\\](javascript:alert(1))'],
    ['**bold** and `code` and $\\frac{1}{2}$', '\\*\\*bold\\*\\* and \\`code\\` and \\$\\\\frac{1}{2}$'],
    ['snake_case stays, _this_ is no emphasis', 'snake_case stays, \\_this\\_ is no emphasis'],
    ['# no heading', '\\# no heading'],
    ['1. no list', '1\\. no list'],
    ['- no item', '\\- no item'],
    ['two\nlines\u001b[2J', 'two lines\\\\x1b[2J'],
  ])('%s', (text, wanted) => {
    expect(prose(text)).toBe(wanted);
  });

  it('a cell makes no column, link or tag of its own', () => {
    const table = {
      columns: [{name: 'a|b <i>', type: '', kind: 'text' as const}],
      rows: [['x | y <img src=x> [l](http://e.example)']],
      totalRows: 1,
    };
    const text = markdownReport(outlineOf({type: 'table', caption: 'C', table, source}));
    expect(text).toContain('| a\\|b &lt;i> |');
    expect(text).toContain('| x \\| y &lt;img src=x> [l]\\(http://e.example) |');
  });

  it('a drawing or a statement cannot end its fence', () => {
    const chart: Block = {
      type: 'chart',
      title: 'C',
      titled: false,
      svg: null,
      preview: '```\n# out',
      summary: '',
      source,
    };
    expect(markdownReport(outlineOf(chart))).toContain('````\n```\n# out\n````');
  });
});

describe('a notebook', () => {
  it('holds SQL that ends in quotes or has three of them as a Python text', () => {
    const receipt = (sql: string): Block => ({
      type: 'receipt',
      question: '',
      views: ['CREATE VIEW v AS SELECT 1'],
      runs: true,
      receipt: {id: 1, tool: 'run_sql', args: {sql}, sql, datasets: [], rowsRead: 1, sampled: false, ms: 1},
    });
    const statements = ['SELECT "a"', 'SELECT \'"""\'', 'SELECT 1\nFROM v', "SELECT '\\n'"];
    const notebook = JSON.parse(notebookReport(outlineOf(...statements.map(receipt))));
    const code: string[] = notebook.cells
      .filter((cell: {cell_type: string}) => cell.cell_type === 'code')
      .map((cell: {source: string[]}) => cell.source.join(''));
    expect(code.filter(text => text.includes('CREATE VIEW'))).toHaveLength(1);
    expect(code[1]).toContain('con.sql("SELECT \\"a\\"").df()');
    expect(code[2]).toContain('con.sql("SELECT \'\\"\\"\\"\'").df()');
    expect(code[3]).toContain('con.sql("""\nSELECT 1\nFROM v\n""").df()');
    expect(code[4]).toContain(String.raw`con.sql("SELECT '\\n'").df()`);
  });

  it('a chart is named in its cell as it is, on one line: a comment of Python is no Markdown', () => {
    const title = 'total price_eur *by*\nimport os';
    const chart: Block = {type: 'chart', title, titled: true, svg: '<svg></svg>', preview: '', summary: '', source};
    const notebook = JSON.parse(notebookReport(outlineOf(chart)));
    const [cell] = notebook.cells.filter((each: {cell_type: string}) => each.cell_type === 'code');
    expect(cell.source).toEqual(['# total price_eur *by* import os']);
  });
});
