// What a PDF report holds once it is laid out: nothing is lost, headings stay with what they head, tables repeat theirs.

import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {afterAll, describe, expect, it} from 'vitest';
import type {Block, Outline, SourceRef} from '../../../src/render/report/outline.ts';
import {pdfReport} from '../../../src/render/report/pdf.ts';
import {missingPdfPrograms, output} from '../../support/poppler.ts';
import {reportFonts} from '../../support/report-fonts.ts';

const folder = mkdtempSync(join(tmpdir(), 'ds-agent-pdf-'));
afterAll(() => rmSync(folder, {recursive: true, force: true}));

const fonts = reportFonts();
const source: SourceRef = {kind: 'result', id: 1};

const outlineOf = (...blocks: Block[]): Outline => ({
  title: 'Überschrift Ωμέγα Жизнь',
  about: [],
  createdAt: '2026-01-01T00:00:00.000Z',
  sections: [
    {id: 'a', title: 'First part', blocks},
    {id: 'b', title: 'Last part', blocks: [prose('The very end.')]},
  ],
});
const prose = (text: string): Block => ({type: 'prose', spans: [{text}]});
const heading = (text: string): Block => ({type: 'heading', text, source});

/** The text of each page. */
async function pagesOf(outline: Outline, name: string): Promise<string[]> {
  const file = join(folder, `${name}.pdf`);
  writeFileSync(file, await pdfReport(outline, fonts));
  expect(await output('qpdf', ['--check', file])).toContain('No syntax or stream encoding errors');
  return (await output('pdftotext', ['-layout', file, '-'])).split('\f').slice(0, -1);
}

const tableOf = (columns: number, rows: number, name = (at: number) => `c${at}`) => ({
  columns: Array.from({length: columns}, (_, at) => ({
    name: name(at),
    type: '',
    kind: at === 0 ? ('text' as const) : ('number' as const),
  })),
  rows: Array.from({length: rows}, (_, row) =>
    Array.from({length: columns}, (_c, at) => (at === 0 ? `row${row}x` : row * 100 + at)),
  ),
  totalRows: rows,
});

const tableBlock = (name: string): Block => ({
  type: 'table',
  caption: name,
  table: tableOf(2, 3, at => `${name}${at}`),
  source,
});

const words = (count: number, mark: string) => Array.from({length: count}, (_, k) => `${mark}${k}x`).join(' ');

describe.skipIf(missingPdfPrograms.length > 0)(
  `a PDF${missingPdfPrograms.length > 0 ? ` (skipped: no ${missingPdfPrograms.join(', ')})` : ''}`,
  () => {
    it.each<[string, Block, string[]]>([
      ['a paragraph longer than a page', prose(words(3_000, 'w')), ['w0x', 'w1500x', 'w2999x']],
      [
        'a list longer than a page',
        {type: 'list', items: Array.from({length: 200}, (_, k) => [{text: `item${k}x and some words`}])},
        Array.from({length: 200}, (_, k) => `item${k}x`),
      ],
      [
        'a list whose first item is longer than a page',
        {type: 'list', items: [[{text: words(2_500, 'i')}], [{text: 'second'}]]},
        ['i0x', 'i2499x', 'second'],
      ],
      [
        'a table of a hundred rows',
        {type: 'table', caption: 'T', table: tableOf(4, 100), source},
        Array.from({length: 100}, (_, k) => `row${k}x`),
      ],
      [
        'a table of sixty columns with long names',
        {
          type: 'table',
          caption: 'T',
          table: tableOf(60, 3, at => `name${at}z_of_a_column_that_does_not_end_soon`),
          source,
        },
        Array.from({length: 60}, (_, k) => `name${k}z`),
      ],
      [
        'cells as long as they come',
        {
          type: 'table',
          caption: 'T',
          table: {...tableOf(3, 1), rows: [[words(60, 'cell'), 1, 2]], columns: tableOf(3, 1).columns},
          source,
        },
        ['cell0x', 'cell40x'],
      ],
      [
        'a drawing in letters longer than a page',
        {
          type: 'chart',
          title: 'C',
          titled: false,
          svg: null,
          preview: words(150, 'line').replaceAll(' ', '\n'),
          summary: 'said',
          source,
        },
        ['line0x', 'line149x', 'said'],
      ],
      [
        'a receipt with SQL of many pages',
        {
          type: 'receipt',
          question: 'why',
          views: [],
          runs: false,
          receipt: {
            id: 7,
            tool: 'run_sql',
            args: {long: words(900, 'arg')},
            sql: words(400, 'sql').replaceAll(' ', ',\n  '),
            datasets: [{name: 'd', version: 1, sha256: 'a'.repeat(64)}],
            rowsRead: 3,
            sampled: false,
            ms: 1,
          },
        },
        ['arg0x', 'arg899x', 'sql0x', 'sql399x'],
      ],
    ])('loses nothing of %s', async (name, block, marks) => {
      const text = (
        await pagesOf(outlineOf(heading('Above'), block, prose('behind')), name.replaceAll(/\W/g, '-'))
      ).join('\n');
      const solid = text.replaceAll(/\s+/g, '');
      expect(marks.filter(mark => !solid.includes(mark))).toEqual([]);
      expect(text).toContain('Above');
      expect(text).toContain('behind');
      expect(text).toContain('The very end.');
    });

    it('keeps each heading on the page of its chart, its list and its table, wherever on the page it falls', async () => {
      const svg = readFileSync(fileURLToPath(new URL('../../fixtures/charts/histogram.svg', import.meta.url)), 'utf8');
      const blocks = Array.from({length: 30}, (_, k): Block[] => {
        const kinds: Block[] = [
          {type: 'chart', title: 'C', titled: true, svg, preview: '', summary: `said${k}x`, source},
          {type: 'list', items: [[{text: `said${k}x`}], [{text: 'more'}]]},
          {type: 'table', caption: `said${k}x`, table: tableOf(3, 8), source},
          {type: 'table', caption: `said${k}x`, table: tableOf(3, 60), source},
        ];
        return [prose(words(k * 5, 'fill')), heading(`Heading ${k}y`), kinds[k % kinds.length] ?? prose('')];
      }).flat();
      const pages = await pagesOf(outlineOf(...blocks), 'headings');
      const apart = Array.from({length: 30}, (_, k) => k).filter(
        k => !pages.some(page => page.includes(`Heading ${k}y`) && page.includes(`said${k}x`)),
      );
      expect(apart).toEqual([]);
    });

    it('begins a long table near the foot of a page on the next one, with its heading', async () => {
      const blocks = Array.from({length: 24}, (_, k): Block[] => [
        prose(words(20 + k * 18, 'fill')),
        heading(`Heading ${k}y`),
        {type: 'table', caption: `T${k}`, table: tableOf(2, 30, at => `head${k}c${at}`), source},
      ]).flat();
      const pages = await pagesOf(outlineOf(...blocks), 'long-tables');
      const rowsBelow = Array.from({length: 24}, (_, k) => {
        const page = pages.find(each => each.includes(`Heading ${k}y`)) ?? '';
        return page.slice(page.indexOf(`Heading ${k}y`)).match(/row\d+x/g)?.length ?? 0;
      });
      expect(rowsBelow.filter(rows => rows < 5)).toEqual([]);
    });

    it('repeats the header of a table on every page it goes on to', async () => {
      const table = tableOf(3, 100, at => (at === 0 ? 'HEADER' : `h${at}`));
      const pages = await pagesOf(outlineOf({type: 'table', caption: 'T', table, source}), 'headers');
      const withRows = pages.filter(page => /row\d+x/.test(page));
      expect(withRows.length).toBeGreaterThan(1);
      expect(withRows.filter(page => !page.includes('HEADER'))).toEqual([]);
    });

    it('has the letters of Latin, Greek and Cyrillic as text, and says what it shows as a box', async () => {
      const text = (await pagesOf(outlineOf(prose('Größe αβγ Жизнь → ∅ 漢字')), 'letters')).join('\n');
      expect(text).toContain('Größe αβγ Жизнь → ∅ 漢字');
      expect(text).toContain('Überschrift Ωμέγα Жизнь');
      expect(text).toContain('shown as a box (□)');
      expect((await pagesOf(outlineOf(prose('Größe')), 'plain')).join('\n')).not.toContain('□');
    });

    it('draws charts as vectors with their text, and reads no picture that one of them names', async () => {
      const svg = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 300 100"><text x="5" y="20" font-family="Roboto, sans-serif" font-size="12">Axis of 漢 things</text><image href="file:///etc/passwd" width="10" height="10"/><image xlink:href="http://127.0.0.1:9/x.png" width="10" height="10"/></svg>`;
      const chart: Block = {type: 'chart', title: 'C', titled: true, svg, preview: '', summary: '', source};
      const text = (await pagesOf(outlineOf(heading('A chart'), chart), 'vectors')).join('\n');
      expect(text).toContain('Axis of □ things');
      expect(await output('pdfimages', ['-list', join(folder, 'vectors.pdf')])).not.toMatch(/^\s+\d+\s+\d+ image/m);
    });

    it('is the same file for the same report', async () => {
      const [a, b] = [await pdfReport(outlineOf(prose('x')), fonts), await pdfReport(outlineOf(prose('x')), fonts)];
      expect(Buffer.compare(Buffer.from(a), Buffer.from(b))).toBe(0);
    });

    it('is tagged: headings, lists, tables with headers read once, drawings in words, and no footer or contents among the text', async () => {
      const svg =
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 60"><path d="M0 0L90 60" stroke="#000"/></svg>';
      const outline = outlineOf(
        heading('What was found'),
        {type: 'list', items: [[{text: 'first item'}], [{text: 'second item'}]]},
        {type: 'table', caption: 'Many rows', table: tableOf(3, 90, at => `head${at}x`), source},
        {type: 'chart', title: 'Price by year', titled: true, svg, preview: '', summary: 'It rose.', source},
      );
      const pages = await pagesOf(outline, 'tagged');
      expect(pages.filter(page => page.includes('head1x')).length).toBeGreaterThan(1);
      const told = (await output('pdfinfo', ['-struct-text', join(folder, 'tagged.pdf')])).replaceAll(/\s+/g, ' ');
      expect(told).toContain('Document H1 (block) "Überschrift Ωμέγα Жизнь"');
      expect(told).toContain('H2 (block) "First part" H3 (block) "What was found (#1)"');
      expect(told).toContain('L (block) LI (block) LBody (block) "first item" LI (block) LBody (block) "second item"');
      expect(told).toMatch(/Table \(block\) Caption "Many rows \(#1\)" TR TH: \/Scope \/Column "head0x"/);
      expect(told.match(/"head1x"/g)).toHaveLength(1);
      expect(told.match(/ TR /g)).toHaveLength(91);
      expect(told).toContain('TR TD "row89x" TD "8901"');
      expect(told).not.toMatch(/"1 \/ \d/);
      const objects = await output('qpdf', ['--qdf', '--object-streams=disable', join(folder, 'tagged.pdf'), '-']);
      expect(objects).toMatch(/\/Alt \(Price by year\. It rose\.\)[\s\S]{0,200}\/S \/Figure/);
    });

    it('shows a box for what no font has, and still is found by it and has it in its title', async () => {
      const outline = {
        ...outlineOf(prose('The rent in 東京 is 50 (札幌: 20).'), tableBlock('都市')),
        title: '都市 report',
      };
      const text = (await pagesOf(outline, 'boxes')).join(' ').replaceAll(/\s+/g, ' ');
      expect(text).toContain('The rent in 東京 is 50 (札幌: 20).');
      expect(text).toContain('都市 report');
      expect(text).toMatch(/shown as a box \(□\)/);
      expect(await output('pdfinfo', [join(folder, 'boxes.pdf')])).toMatch(/^Title: +都市 report$/m);
      const told = (await output('pdfinfo', ['-struct-text', join(folder, 'boxes.pdf')])).replaceAll(/\s+/g, ' ');
      expect(told).toContain('P (block) "The rent in " Span (inline) "□□" " is 50 (" Span (inline) "□□" ": 20)."');
    });
  },
);
