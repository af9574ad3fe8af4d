import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {detectDialect} from '../../src/import/dialect/detect.ts';
import {RowRepair} from '../../src/import/repair-row.ts';
import type {Row} from '../../src/import/rows.ts';
import {parseRows, RowParser} from '../../src/import/rows.ts';
import {TableShaper} from '../../src/import/shape.ts';
import {Importing} from './importing.ts';

const cell = fc.oneof(
  {weight: 6, arbitrary: fc.constantFrom('1', '2.5', 'abc', 'New York', '', '2024-01-01', 'NA', '-3', 'x y z', '1,5')},
  {
    weight: 2,
    arbitrary: fc.constantFrom('"', '""', 'a"b', '"q"', '"open', "it's", '\\"', '"a\nb"', '"a,b"', '#', '=1+1'),
  },
  {weight: 1, arbitrary: fc.string({maxLength: 12})},
  {weight: 1, arbitrary: fc.string({unit: 'grapheme', maxLength: 6})},
);

/** Texts that look like tables with everything that can be wrong with them. */
const messyText = fc
  .record({
    delimiter: fc.constantFrom(',', ';', '\t', '|', ':', ' ', '||', '~'),
    ends: fc.array(fc.constantFrom('\n', '\r\n', '\r'), {minLength: 1, maxLength: 3}),
    preamble: fc.array(fc.constantFrom('Title', '# note', '', 'a: b'), {maxLength: 3}),
    headers: fc.array(fc.array(fc.constantFrom('id', 'name', 'Wert', '2024', 'x'), {minLength: 1, maxLength: 6}), {
      maxLength: 3,
    }),
    rows: fc.array(fc.array(cell, {minLength: 0, maxLength: 7}), {maxLength: 30}),
    footer: fc.array(fc.constantFrom('', 'Total: 5', 'Source: us', 'k,v'), {maxLength: 4}),
    final: fc.boolean(),
    bom: fc.boolean(),
  })
  .map(({delimiter, ends, preamble, headers, rows, footer, final, bom}) => {
    const lines = [...preamble, ...[...headers, ...rows].map(cells => cells.join(delimiter)), ...footer];
    const text = lines.map((line, index) => line + (ends[index % ends.length] ?? '\n')).join('');
    return (bom ? '\ufeff' : '') + (final ? text : text.replace(/[\r\n]+$/, ''));
  });

function shape(text: string) {
  const dialect = detectDialect(text, true);
  const rows: Row[] = parseRows(text, dialect);
  const out: string[][] = [];
  const repairs = new RowRepair(dialect, dialect.profile);
  const shaper = new TableShaper(
    dialect,
    cells => out.push(cells),
    () => {},
    row => repairs.repair(row),
  );
  for (const row of rows) shaper.add(row);
  shaper.end();
  return {dialect, rows, out, report: shaper.report};
}

describe('no row is lost', () => {
  it('in 10,000 messy texts, rows in = rows out + rows reported, every row as wide as the table', () => {
    fc.assert(
      fc.property(messyText, text => {
        const {dialect, rows, out, report} = shape(text);
        expect(report.rowsIn).toBe(report.rowsOut + report.rowsDropped);
        expect(out).toHaveLength(report.rowsOut);
        for (const cells of out) expect(cells).toHaveLength(dialect.width + 1);
        const reported = Object.entries(report.counts).filter(([kind]) =>
          /footer|second_table|repeated_header/.test(kind),
        );
        expect(reported.reduce((sum, [, count]) => sum + count, 0)).toBe(report.rowsDropped);
        // Header and preamble aside, every line with something on it is a row.
        const data = rows.filter(row => row.line >= dialect.firstLine && (!row.blank || dialect.width === 1));
        expect(report.rowsIn).toBe(Math.max(0, data.length - dialect.headerRows));
      }),
      {numRuns: 10_000, seed: 20_240_101},
    );
  });

  it('the parser keeps every character outside quotes and line ends, however the text is cut into pieces', () => {
    const rules = {delimiter: ',', quote: '"', escape: '"', skipSpace: false, width: 3};
    fc.assert(
      fc.property(messyText, fc.array(fc.nat(40), {minLength: 1, maxLength: 20}), (text, sizes) => {
        const whole = parseRows(text, rules);
        const pieces: Row[] = [];
        const parser = new RowParser(rules, row => pieces.push(row));
        for (let at = 0, index = 0; at < text.length; index++) {
          const size = (sizes[index % sizes.length] ?? 0) + 1;
          parser.push(text.slice(at, at + size));
          at += size;
        }
        parser.end();
        expect(pieces).toEqual(whole);
        const lines = (joined: string) => joined.replace(/[\r\n]+/g, '');
        expect(lines(whole.map(row => row.text).join(''))).toBe(lines(text));
      }),
      {numRuns: 3_000, seed: 7},
    );
  });

  it('line numbers of rows are those of the file', () => {
    fc.assert(
      fc.property(messyText, text => {
        const rows = parseRows(text, {delimiter: ',', quote: null, escape: null, skipSpace: false, width: null});
        expect(rows.map(row => row.line)).toEqual(rows.map((_, index) => index + 1));
      }),
      {numRuns: 1_000, seed: 8},
    );
  });

  it('64 KiB of quotes and delimiters are read within a second', () => {
    for (const unit of ['"', ',"', '"\n', '"a,', ',"\n"', '"a"b', '\r', '""","', `${'x'.repeat(60)},"\n`]) {
      const text = unit.repeat(Math.ceil(65_536 / unit.length));
      const started = performance.now();
      const {report} = shape(text);
      expect(report.rowsIn).toBe(report.rowsOut + report.rowsDropped);
      expect(performance.now() - started, JSON.stringify(unit)).toBeLessThan(3000);
    }
  });
});

/** The text in one encoding after the other; what one does not know becomes other characters. */
function encoded(text: string, index: number): Buffer {
  if (index % 3 === 1) return Buffer.from(text.startsWith('\ufeff') ? text : `\ufeff${text}`, 'utf16le');
  return Buffer.from(text, index % 3 === 2 ? 'latin1' : 'utf8');
}

describe('through the whole import', () => {
  it('messy files end as a dataset of all their rows or as a refusal that leaves nothing', async () => {
    const texts = fc.sample(messyText, {numRuns: 60, seed: 99});
    for (const [index, text] of texts.entries()) {
      const importing = await Importing.start();
      try {
        const result = await importing.text(encoded(text, index), {}, `f${index}.csv`).catch((error: unknown) => error);
        if (result instanceof Error) {
          expect(result, JSON.stringify(text)).toMatchObject({
            kind: 'input',
            code: expect.stringMatching(/^import\.(empty|blank|unsupported)$/),
          });
          expect(importing.left()).toEqual([]);
          continue;
        }
        expect(result).toMatchObject({report: {rowsIn: expect.any(Number)}});
        const hasRejects = importing.left().some(name => name.endsWith('-rejects.jsonl'));
        expect(importing.left()).toHaveLength(hasRejects ? 4 : 3);
      } finally {
        importing.stop();
      }
    }
  }, 120_000);
});
