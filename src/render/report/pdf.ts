// A report as PDF: real text, contents, page numbers, tables that repeat their headers, charts as vectors.

import pdfmake from 'pdfmake';
import type {Content, TDocumentDefinitions} from 'pdfmake/interfaces';
import {printable} from '../../core/text.ts';
import type {Outline} from './outline.ts';
import {blockPieces} from './pdf-blocks.ts';
import {type MayMove, moveLowBeginnings} from './pdf-breaks.ts';
import {createTypesetter, type ReportFonts, type Typesetter} from './pdf-fonts.ts';
import {tagEverything} from './pdf-tags.ts';
import {ink, type Piece, text} from './pdf-text.ts';

/** Points that are kept in one piece at most; a page has 733. */
const mostWhole = 600;

/** The whole file. Nothing is read but the fonts, and nothing is fetched. */
export async function pdfReport(outline: Outline, fonts: ReportFonts): Promise<Uint8Array> {
  tagEverything();
  moveLowBeginnings();
  const type = createTypesetter(fonts);
  const paths = new Set(Object.values(fonts).map(({path}) => path));
  pdfmake.setUrlAccessPolicy(() => false);
  pdfmake.setLocalAccessPolicy(path => paths.has(path));
  const {regular, bold, italic, wide, wideBold, mono} = fonts;
  pdfmake.setFonts({
    Roboto: {normal: regular.path, bold: bold.path, italics: italic.path, bolditalics: italic.path},
    'DejaVu Sans': {normal: wide.path, bold: wideBold.path, italics: wide.path, bolditalics: wideBold.path},
    'DejaVu Sans Mono': {normal: mono.path, bold: mono.path, italics: mono.path, bolditalics: mono.path},
  });
  return pdfmake.createPdf(definitionOf(outline, type)).getBuffer();
}

function definitionOf(outline: Outline, type: Typesetter): TDocumentDefinitions {
  const {title, createdAt} = outline;
  const content = [...frontPage(outline, type), ...sectionsOf(outline, type)];
  if (type.missing() > 0)
    content.push(
      text(
        'Characters that no font of this file has are shown as a box (□). They can be searched and copied; the HTML report shows them.',
        type,
        {style: 'soft', mark: {kind: 'P'}},
      ),
    );
  return {
    version: '1.7',
    language: 'en',
    tagged: true,
    displayTitle: true,
    compress: true,
    info: {
      title: printable(title, {oneLine: true}),
      creator: 'ds-agent',
      producer: 'ds-agent',
      creationDate: new Date(createdAt),
      modDate: new Date(createdAt),
    },
    pageSize: 'A4',
    pageMargins: [48, 52, 48, 56],
    content,
    footer: (page: number, pages: number): Content => ({
      columns: [
        {...text(title, type), noWrap: true, width: '*', color: ink.soft},
        {text: `${page} / ${pages}`, alignment: 'right', width: 60, color: ink.soft},
      ],
      fontSize: 8,
      margin: [48, 20, 48, 0],
    }),
    defaultStyle: {font: 'Roboto', fontSize: 10, lineHeight: 1.2, color: ink.text},
    styles: {
      title: {fontSize: 22, bold: true, margin: [0, 0, 0, 6]},
      section: {fontSize: 15, bold: true, margin: [0, 18, 0, 6]},
      heading: {fontSize: 11.5, bold: true, margin: [0, 12, 0, 4]},
      caption: {fontSize: 9, bold: true, margin: [0, 6, 0, 3]},
      soft: {fontSize: 9, color: ink.soft},
      code: {fontSize: 7.2, lineHeight: 1.25, margin: [0, 2, 0, 2]},
    },
  };
}

function frontPage({title, about, createdAt}: Outline, type: Typesetter): Content[] {
  return [
    text(title, type, {style: 'title', mark: {kind: 'H1'}}),
    ...about.map(spans => text(spans.map(each => each.text).join(''), type, {margin: [0, 0, 0, 2], mark: {kind: 'P'}})),
    text(`${createdAt.slice(0, 16).replace('T', ' ')} UTC`, type, {
      style: 'soft',
      margin: [0, 0, 0, 10],
      mark: {kind: 'P'},
    }),
    {toc: {title: text('Contents', type, {style: 'heading', mark: {kind: 'P'}}), numberStyle: {color: ink.soft}}},
  ];
}

/** A heading stands in one piece with what follows it, or goes to the next page with what may break. */
function sectionsOf({sections}: Outline, type: Typesetter): Content[] {
  return sections.flatMap(({title, blocks}) => {
    const out: Content[] = [];
    let waiting: Piece[] = [
      {content: {...text(title, type, {style: 'section', mark: {kind: 'H2'}}), tocItem: true}, height: 50},
    ];
    for (const block of blocks) {
      const pieces = blockPieces(block, type);
      if (block.type === 'heading') {
        waiting.push(...pieces);
        continue;
      }
      const [first, ...rest] = pieces;
      if (first === undefined) continue;
      out.push(...together([...waiting, first]), ...rest.flatMap(piece => together([piece])));
      waiting = [];
    }
    return [...out, ...waiting.map(({content}) => content)];
  });
}

/** Whole where that fits on a page for sure; else what may break begins where there is room for some of it. */
function together(pieces: readonly Piece[]): Content[] {
  const height = pieces.reduce((sum, piece) => sum + piece.height, 0);
  const stack = pieces.map(({content}) => content);
  if (height < mostWhole && !pieces.some(({breaks}) => breaks)) return [{stack, unbreakable: true}];
  const [first, ...rest] = stack;
  const moving: Content & MayMove = {stack: [first ?? '', ...rest], startsHigh: true};
  return [moving];
}
