// Writes one table as an Excel workbook: numbers, dates and booleans as such, everything else as text.

import type {Cell, Column} from '../../core/dataset.ts';
import {ImportError} from '../../core/errors.ts';
import {formatCount} from '../../core/text.ts';
import type {ImportEngine} from '../../engine/import-engine.ts';
import {escapeXml} from '../readers/xml.ts';
import {ZipWriter} from '../zip-writer.ts';

const pageRows = 20_000;
const header = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const packaging = 'http://schemas.openxmlformats.org/package/2006';

/** Cell styles: 0 general, 1 date, 2 date and time, 3 time. */
const styles =
  `<styleSheet xmlns="${main}"><numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/>` +
  '<numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/></numFmts><fonts count="1"><font/></fonts>' +
  '<fills count="1"><fill/></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>' +
  '<cellXfs count="4"><xf numFmtId="0"/><xf numFmtId="164" applyNumberFormat="1"/>' +
  '<xf numFmtId="165" applyNumberFormat="1"/><xf numFmtId="21" applyNumberFormat="1"/></cellXfs></styleSheet>';

const parts: [name: string, content: string][] = [
  [
    '[Content_Types].xml',
    `<Types xmlns="${packaging}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
      ['workbook.xml|sheet.main', 'worksheets/sheet1.xml|worksheet', 'styles.xml|styles']
        .map(part => part.split('|'))
        .map(
          ([name, type]) =>
            `<Override PartName="/xl/${name}" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.${type}+xml"/>`,
        )
        .join('') +
      '</Types>',
  ],
  ['_rels/.rels', relations(['officeDocument', 'xl/workbook.xml'])],
  ['xl/_rels/workbook.xml.rels', relations(['worksheet', 'worksheets/sheet1.xml'], ['styles', 'styles.xml'])],
  [
    'xl/workbook.xml',
    `<workbook xmlns="${main}" xmlns:r="${office}"><sheets><sheet name="data" sheetId="1" r:id="rId1"/></sheets></workbook>`,
  ],
  ['xl/styles.xml', styles],
];

/** @throws ImportError `export.too_many_rows` when the table does not fit into a sheet */
export async function writeXlsx(table: {
  engine: ImportEngine;
  relation: string;
  columns: readonly Column[];
  target: string;
  rows: number;
  signal: AbortSignal;
}): Promise<void> {
  const {engine, relation, columns, target, rows, signal} = table;
  if (rows >= 1_048_576 || columns.length > 16_384) {
    throw new ImportError(
      'export.too_many_rows',
      `${formatCount(rows)} rows and ${formatCount(columns.length)} columns do not fit into a sheet.`,
      {
        hint: 'A sheet holds 1,048,575 rows and 16,384 columns; write .csv or .parquet instead.',
      },
    );
  }
  const zip = await ZipWriter.open(target);
  try {
    for (const [name, content] of parts) await zip.add(name, [header + content]);
    await zip.add('xl/worksheets/sheet1.xml', sheet());
    await zip.finish();
  } finally {
    await zip.close();
  }

  async function* sheet(): AsyncGenerator<string> {
    const names = (await engine.run(`SELECT * FROM ${relation} LIMIT 0`, signal)).columns.map(column => column.name);
    yield `${header}<worksheet xmlns="${main}"><sheetData><row>${names.map(textCell).join('')}</row>`;
    for (let from = 0; from < rows; from += pageRows) {
      const page = await engine.run(`SELECT * FROM ${relation} LIMIT ${pageRows} OFFSET ${from}`, signal);
      const types = page.columns.map(column => column.type);
      yield page.rows
        .map(row => `<row>${row.map((cell, index) => cellXml(cell, types[index] ?? '')).join('')}</row>`)
        .join('');
    }
    yield '</sheetData></worksheet>';
  }
}

function cellXml(cell: Cell, type: string): string {
  if (cell === null) return '<c/>';
  if (typeof cell === 'boolean') return `<c t="b"><v>${cell ? 1 : 0}</v></c>`;
  if (typeof cell === 'number') return Number.isFinite(cell) ? `<c><v>${cell}</v></c>` : textCell(String(cell));
  if (typeof cell === 'bigint') return textCell(cell.toString());
  // A sheet knows no time zones.
  if (type === 'TIMESTAMP WITH TIME ZONE') return textCell(cell);
  const serial = type === 'DATE' || type === 'TIME' || type.startsWith('TIMESTAMP') ? serialOf(cell, type) : null;
  return serial === null
    ? textCell(cell)
    : `<c s="${type === 'DATE' ? 1 : type === 'TIME' ? 3 : 2}"><v>${serial}</v></c>`;
}

function textCell(text: string): string {
  // Excel takes at most 32,767 characters; what XML can't hold at all is written the way Excel does.
  const safe = text
    .slice(0, 32_767)
    .replace(/_x[0-9A-F]{4}_/g, match => `_x005F${match}`)
    .replace(
      /[^\t\n\r -\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu,
      mark => `_x${mark.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`,
    );
  return `<c t="inlineStr"><is><t xml:space="preserve">${escapeXml(safe)}</t></is></c>`;
}

/** Days since 1899-12-30; null before 1900-03-01, where Excel counts a day that never was, and for what is no moment. */
function serialOf(text: string, type: string): number | null {
  if (type === 'TIME') {
    const [hours = 0, minutes = 0, seconds = 0] = text.split(':').map(Number);
    return (hours * 3600 + minutes * 60 + seconds) / 86_400;
  }
  const time = Date.parse(text.endsWith('Z') || type === 'DATE' ? text : `${text}Z`);
  if (Number.isNaN(time)) return null;
  const serial = time / 86_400_000 + 25_569;
  return serial >= 61 && serial < 2_958_466 ? serial : null;
}

function relations(...targets: [type: string, target: string][]): string {
  const list = targets.map(
    ([type, target], index) => `<Relationship Id="rId${index + 1}" Type="${office}/${type}" Target="${target}"/>`,
  );
  return `<Relationships xmlns="${packaging}/relationships">${list.join('')}</Relationships>`;
}
