import {describe, expect, it} from 'vitest';
import {qualityBlocks, qualitySentence} from '../../../src/cli/report/quality-words.ts';
import type {Result} from '../../../src/cli/report/result-blocks.ts';

const result = (summary: string): Result => ({
  ok: true,
  summary,
  receipt: {id: 2, tool: 'check_quality', args: {}, datasets: [], rowsRead: 0, sampled: false, ms: 1},
});
const missing = Array.from({length: 14}, (_, n) => `- missing: c${n}: ${100 + ((n * 5) % 14)} (10 %) of 1,000 rows`);
const wide = result(
  [
    'wide v1: 1,000 rows × 60 columns. 100 things to look at:',
    ...missing,
    '- outliers: c3: 4 (0.4 %) 4 beyond 1.5 IQR',
    'Showing 15 of 100 findings.',
  ].join('\n'),
);
const from = {kind: 'result', id: 2} as const;

describe('quality in a report', () => {
  it('is summed up by the largest doubt of each kind', () => {
    expect(qualitySentence('wide', wide)).toBe(
      'Quality of wide: 100 things to look at; the largest: c11 is missing in 113 rows (10 %); 4 outliers in c3 (0.4 %).',
    );
    const empty = ['a', 'b'].map(name => `- missing: ${name}: 50 (100 %) of 50 rows`);
    expect(qualitySentence('t', result(['t v1: 50 rows × 3 columns. 2 things to look at:', ...empty].join('\n')))).toBe(
      'Quality of t: 2 things to look at; the largest: no value at all in a, b.',
    );
    expect(qualitySentence('t', result('t v1: 5 rows × 2 columns. Nothing doubtful was found.'))).toBe(
      'Quality of t: Nothing doubtful was found.',
    );
  });

  it('announces nothing where nothing was found', () => {
    const [intro] = qualityBlocks('t', result('t v1: 5 rows × 2 columns. Nothing doubtful was found.'), from);
    expect(intro).toMatchObject({spans: [{text: 'Nothing doubtful was found.'}]});
  });

  it('shows the ten largest of a kind, so that another kind is not crowded out, and counts the rest', () => {
    const blocks = qualityBlocks('wide', wide, from);
    const [list] = blocks.flatMap(block => (block.type === 'list' ? [block.items.map(([span]) => span?.text)] : []));
    expect(list).toHaveLength(11);
    expect(list).toContain('outliers: c3: 4 (0.4 %) 4 beyond 1.5 IQR');
    expect(list).toContain('missing: c11: 113 (10 %) of 1,000 rows');
    expect(list).not.toContain('missing: c0: 100 (10 %) of 1,000 rows');
    const said = blocks.flatMap(block => (block.type === 'prose' ? block.spans.map(({text}) => text) : []));
    expect(said).toEqual([
      '100 things to look at:',
      'The largest of each kind are shown; 89 more are listed by /quality wide.',
    ]);
  });
});
