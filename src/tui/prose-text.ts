// Styles the blocks of a reply for the screen. Without colour the text stays as the model wrote it, marks and all.

import type {ChalkInstance} from 'chalk';
import {highlight} from './code-highlight.ts';
import {type Span, spansOf} from './inline.ts';
import type {ProseLine} from './markdown.ts';
import {layoutTable} from './prose-table.ts';

/** `links`: the terminal makes links of OSC 8; elsewhere the address stands behind the words. */
export type ProseStyle = {style: ChalkInstance; width: number; links: boolean};

/** What is seen of `spans`, without styles. */
const asText = (spans: readonly Span[], links = true): string =>
  spans.map(({text, link}) => (links || link === null || link === text ? text : `${text} (${link})`)).join('');

/** A finished block, as the logical lines that are written; `line.text` is already printable. */
export function styleProse(line: ProseLine, format: ProseStyle): string {
  const {style} = format;
  const isPlain = style.level === 0;
  switch (line.kind) {
    case 'table': {
      const cell = isPlain
        ? {plain: (text: string) => text, shown: (text: string) => text}
        : {
            plain: (text: string) => asText(spansOf(text), format.links),
            shown: (text: string) => spansText(spansOf(text), format),
          };
      return layoutTable(line.text.split('\n'), format.width, cell)
        .map(({text, isHead}) => (isHead ? style.bold(text) : text))
        .join('\n');
    }
    case 'fence':
      return style.dim(line.text);
    case 'code':
      return isPlain ? line.text : highlight(line.text, line.language, style);
    case 'heading':
    case 'text':
      return isPlain ? line.text : styledLine(line, format, false);
    default:
      line satisfies never;
      return '';
  }
}

/** A line that is still being written: marks that are not closed yet are not seen. One row's worth of styles. */
export function stylePending(line: ProseLine, format: ProseStyle): string {
  const isInline = line.kind === 'text' || line.kind === 'heading';
  return isInline && format.style.level > 0 ? styledLine(line, format, true) : styleProse(line, format);
}

function styledLine(line: ProseLine, format: ProseStyle, open: boolean): string {
  const {style} = format;
  if (line.kind === 'heading') {
    const [, marks = '', text = ''] = /^ {0,3}(#{1,6})\s+(.*?)(?:\s+#+)?$/.exec(line.text) ?? [];
    const shown = asText(spansOf(text, open));
    return marks.length === 1 ? style.bold.underline(shown) : style.bold(shown);
  }
  if (/^ {0,3}([-*_])( *\1){2,} *$/.test(line.text)) return style.dim('───');
  const [, indent = '', mark = '', rest = ''] = /^(\s*)((?:[-*+]|\d{1,3}[.)])\s+|(?:>\s?)+)(.*)$/.exec(line.text) ?? [];
  if (mark === '') return spansText(spansOf(line.text, open), format);
  if (mark.startsWith('>'))
    return indent + style.dim(mark.replaceAll('>', '│')) + style.italic(asText(spansOf(rest, open)));
  const task = /^\[([ xX])\]\s+/.exec(rest);
  const box = task ? (task[1] === ' ' ? '☐ ' : '☑ ') : '';
  const shown = /^\d/.test(mark) ? mark : `•${mark.slice(1)}`;
  return indent + shown + box + spansText(spansOf(task ? rest.slice(task[0].length) : rest, open), format);
}

function spansText(spans: readonly Span[], {style, links}: ProseStyle): string {
  return spans
    .map(({text, marks, link}) => {
      let shown = text;
      if (marks.includes('code')) shown = style.cyan(shown);
      if (marks.includes('bold')) shown = style.bold(shown);
      if (marks.includes('italic')) shown = style.italic(shown);
      if (marks.includes('strike')) shown = style.strikethrough(shown);
      if (link === null) return shown;
      const named = style.underline(shown);
      if (links) return `\x1b]8;;${link}\x1b\\${named}\x1b]8;;\x1b\\`;
      return text === link ? named : `${named} (${link})`;
    })
    .join('');
}
