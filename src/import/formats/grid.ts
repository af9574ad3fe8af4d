// Rows of cells that come from a grid (a sheet, a database table): the table in them is found and loaded like text.

import {formatCount} from '../../core/text.ts';
import type {Layout} from '../dialect/layout.ts';
import {findLayout} from '../dialect/layout.ts';
import type {LoadedTable, LoadJob} from '../job.ts';
import type {GridRow} from '../readers/items.ts';
import {MoreLines} from '../rejects.ts';
import type {Row} from '../rows.ts';
import {TableShaper} from '../shape.ts';
import {refuseWide} from '../too-wide.ts';
import {CellWriter} from './cell-writer.ts';
import {loadCells} from './delimited.ts';

const sampleRows = 500;
const maxSampleChars = 16 * 2 ** 20;

/** Loads a grid; `names` are given when they are known, else header rows are looked for. Null when it has no row. */
export async function loadGrid(
  job: LoadJob,
  rows: AsyncIterable<GridRow> | Iterable<GridRow>,
  label: string | null,
  names: string[] | null,
): Promise<LoadedTable | null> {
  const writer = await CellWriter.open(job.temporary('.csv'));
  try {
    const more = new MoreLines(job.temporary('.jsonl'));
    const sample: Row[] = [];
    let sink: {layout: Layout; shaper: TableShaper} | null = null;
    const start = (): {layout: Layout; shaper: TableShaper} => {
      const layout = names ? knownLayout(names) : layoutOf(sample, job);
      refuseWide(layout.width, job);
      const shaper = new TableShaper(
        {...layout, delimiter: '\t'},
        cells => writer.write(cells),
        line => more.add(line),
      );
      for (const row of sample) shaper.add(fitted(row, layout.width));
      return {layout, shaper};
    };
    let sampleChars = 0;
    for await (const {cells, line} of rows) {
      const row = gridRow(cells, line);
      if (row.blank && names === null) continue;
      if (sink) sink.shaper.add(fitted(row, sink.layout.width));
      else {
        for (const cell of cells) sampleChars += cell.length;
        if (sample.push(row) >= sampleRows || sampleChars > maxSampleChars) sink = start();
      }
      if (writer.isFull) {
        job.signal.throwIfAborted();
        await writer.drain();
      }
    }
    if (sample.length === 0 && names === null) return null;
    sink ??= start();
    sink.shaper.end();
    await writer.close();
    const relation = await loadCells(job, writer.path, sink.layout.width);
    return {...describe(sink.layout, sink.shaper, relation, label), more};
  } finally {
    await writer.close();
  }
}

function describe(layout: Layout, {report}: TableShaper, relation: string, label: string | null): LoadedTable {
  const originals = layout.names ?? Array.from({length: layout.width}, () => '');
  const columns: LoadedTable['columns'] = originals
    .slice(0, layout.width)
    .map((originalName, index) => ({source: `c${index}`, originalName}));
  if (report.hasExtra) columns.push({source: `c${layout.width}`, originalName: 'extra_cells', keepText: true});
  const {rowsIn, rowsDropped, counts, lines} = report;
  return {
    label,
    relation,
    columns,
    isText: true,
    decimalComma: null,
    dialect: null,
    encoding: null,
    rowsIn,
    rowsDropped,
    counts,
    lines,
    warnings:
      layout.preambleLines > 0 ? [`${formatCount(layout.preambleLines)} rows above the table were left out.`] : [],
  };
}

function layoutOf(sample: readonly Row[], job: LoadJob): Layout {
  // A grid has no short rows: cells at the end of a row are just empty.
  // A single row far wider than the others is a stray cell.
  const widths = sample.map(row => row.cells.length).toSorted((a, b) => b - a);
  const usual = widths[widths.length < 3 ? 0 : Math.max(1, Math.floor(widths.length * 0.1))] ?? 1;
  const header = sample.find(row => row.cells.length >= usual)?.cells.length ?? usual;
  const width = Math.max(usual, Math.min(header, usual * 2));
  refuseWide(width, job);
  const rows = sample.map(row => fitted(row, width));
  return findLayout(rows, {declaredSeparator: false, header: job.options.header});
}

function knownLayout(names: string[]): Layout {
  return {firstLine: 1, preambleLines: 0, headerRows: 0, width: names.length, names};
}

function gridRow(cells: string[], line: number): Row {
  while (cells.length > 0 && cells.at(-1) === '') cells.pop();
  return {cells, line, text: '', fault: null, blank: cells.length === 0};
}

function fitted(row: Row, width: number): Row {
  const cells = [...row.cells];
  // A single filled cell may be a note below the table: it keeps its width so that it can be told apart.
  const isNote = width >= 3 && cells.length === 1;
  while (!isNote && cells.length < width) cells.push('');
  return {...row, cells, text: row.cells.join('\t'), blank: false};
}
