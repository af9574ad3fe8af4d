// The door of a report: a number gets through with a source that holds it, and in no other way.

import {describe, expect, it} from 'vitest';
import {sourcedBlocks} from '../../../src/cli/report/sourced-prose.ts';
import {createSources, sealOutline} from '../../../src/cli/report/sources.ts';
import type {ToolResult} from '../../../src/core/tool.ts';
import type {Block, Outline, SourceRef} from '../../../src/render/report/outline.ts';

const result = (id: number, summary: string): ToolResult => ({
  ok: true,
  summary,
  receipt: {id, tool: 'run_sql', args: {}, datasets: [], rowsRead: 3, sampled: false, ms: 1},
});
const sources = createSources({
  results: new Map([
    [1, result(1, 'mean 17.25, n = 1,204')],
    [2, result(2, 'median 9.5')],
  ]),
  datasets: [],
  models: new Map(),
  questions: ['which prices are over 300'],
});
const one: SourceRef = {kind: 'result', id: 1};
const two: SourceRef = {kind: 'result', id: 2};
const all: SourceRef[] = [one, two, {kind: 'asked'}];

const outlineOf = (...blocks: Block[]): Outline => ({
  title: 'T',
  about: [],
  createdAt: '2026-01-01T00:00:00.000Z',
  sections: [{id: 's', title: 'S', blocks}],
});
const prose = (text: string, ...from: SourceRef[]): Block => ({type: 'prose', spans: [{text, from}]});
const sealed = (block: Block) => sealOutline(outlineOf(block), sources);

describe('what passes', () => {
  it.each([
    ['The mean is 17.25.', [one]],
    ['The mean is about 17.', [one]],
    ['Over 1,204 rows the median is 9.5.', [one, two]],
    ['No number at all.', []],
    ['Prices over 300 were asked for.', [{kind: 'asked'}]],
  ] as [string, SourceRef[]][])('%s', (text, from) => {
    const {outline, refused} = sealed(prose(text, ...from));
    expect([outline.sections[0]?.blocks.length, refused]).toEqual([1, []]);
  });
});

describe('what is refused', () => {
  it.each([
    ['a number without a source', prose('The mean is 17.25.'), ['17.25']],
    ['a number of another result', prose('The median is 9.5.', one), ['9.5']],
    ['a number of nothing', prose('Sales rose by 42 %.', one, two), ['42 %']],
    ['a list item', {type: 'list', items: [[{text: 'It is 999.', from: [one]}]]}, ['999']],
    ['a heading', {type: 'heading', text: 'The 77 best', source: one}, ['77']],
    [
      'a cell of a table',
      {
        type: 'table',
        caption: 'T',
        table: {columns: [{name: 'x', type: '', kind: 'number'}], rows: [[123.456]], totalRows: 1},
        source: one,
      },
      ['123.456'],
    ],
    [
      'the words of a chart',
      {type: 'chart', title: 'T', titled: false, svg: null, preview: '', summary: 'up to 88', source: one},
      ['88'],
    ],
  ] as [string, Block, string[]][])('%s', (_, block, figures) => {
    const {outline, refused} = sealed(block);
    expect([outline.sections[0]?.blocks, refused]).toEqual([[], figures]);
  });

  it('what two known numbers would give together: a report computes nothing', () => {
    expect(sealed(prose('Together that is 26.75.', one, two)).refused).toHaveLength(1);
  });

  it('only the item that is wrong, not its list', () => {
    const items = [[{text: 'It is 17.25.', from: [one]}], [{text: 'It is 5,555.', from: [one]}]];
    const {outline} = sealed({type: 'list', items});
    expect(outline.sections[0]?.blocks).toEqual([{type: 'list', items: [items[0]]}]);
  });
});

describe('prose of a model', () => {
  it('each sentence gets the fewest sources that hold its numbers', () => {
    const {blocks, refused} = sourcedBlocks(
      'The mean is 17.25. The median is 9.5.\n\n- Prices over 300.',
      all,
      sources,
    );
    expect(refused).toEqual([]);
    expect(blocks).toEqual([
      {
        type: 'prose',
        spans: [
          {text: 'The mean is 17.25. ', from: [one]},
          {text: 'The median is 9.5.', from: [two]},
        ],
      },
      {type: 'list', items: [[{text: 'Prices over 300.', from: [{kind: 'asked'}]}]]},
    ]);
  });

  it('a sentence with a number of its own goes, and is told; the others stay', () => {
    const {blocks, refused} = sourcedBlocks('The mean is 17.25. Sales will rise to 812. Good.', all, sources);
    expect(JSON.stringify(blocks)).not.toContain('812');
    expect(JSON.stringify(blocks)).toContain('Good.');
    expect(refused).toEqual(['812']);
  });

  it('a place for a value that no result has is refused with its sentence', () => {
    expect(sourcedBlocks('It is {{9:1:price}} now.', all, sources)).toEqual({blocks: [], refused: ['{{9:1:price}}']});
  });

  it('headings, tables, code and marks of Markdown are no prose', () => {
    const text =
      '## Summary\n**Good** and `fine`.\n| a | b |\n| --- | --- |\n```\n1 2 3\n```\n[A link](https://x.example/1)';
    expect(sourcedBlocks(text, all, sources).blocks).toEqual([
      {type: 'prose', spans: [{text: 'Good and fine.'}]},
      {type: 'prose', spans: [{text: 'A link'}]},
    ]);
  });
});
