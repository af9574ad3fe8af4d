// A report as Markdown: one file that reads well as text, charts as Unicode.

import {formatCount, printable} from '../../core/text.ts';
import {renderMarkdownTable} from '../table.ts';
import {
  type Block,
  citation,
  citations,
  citedItems,
  type Outline,
  type Prose,
  type ReceiptBlock,
  type SourceRef,
} from './outline.ts';
import {receiptFacts} from './receipt-facts.ts';

/** Rows of a table that are written; the rest is counted. */
export const shownRows = 100;

export function markdownReport({title, about, sections}: Outline): string {
  const contents = sections.map(each => `- [${plain(each.title)}](#${each.id})`);
  const head = [`# ${plain(title)}`, ...about.map(spans => prose(spans)), contents.join('\n')];
  const body = sections.flatMap(each => [
    `<a id="${each.id}"></a>\n\n## ${plain(each.title)}`,
    ...each.blocks.map(blockMarkdown),
  ]);
  return `${[...head, ...body].join('\n\n')}\n`;
}

export function blockMarkdown(block: Block): string {
  switch (block.type) {
    case 'heading':
      return `### ${plain(block.text)}${cited(block.source)}`;
    case 'prose':
      return block.tone === undefined ? prose(block.spans) : `> ${prose(block.spans)}`;
    case 'list':
      return citedItems(block.items)
        .map(({spans, sources}) => `- ${prose(spans, sources)}`)
        .join('\n');
    case 'table': {
      const table = renderMarkdownTable(block.table, {maxRows: shownRows});
      return `*${plain(block.caption)}*${cited(block.source)}\n\n${htmlSafe(printable(table)).replaceAll('](', ']\\(')}`;
    }
    case 'chart': {
      const head = block.titled ? [] : [`*${plain(block.title)}*${cited(block.source)}`];
      const drawn = block.preview === '' ? [] : [fenced('', block.preview)];
      return [...head, ...drawn, ...(block.summary ? [plain(block.summary)] : [])].join('\n\n');
    }
    case 'receipt':
      return receiptMarkdown(block);
    default:
      return block satisfies never;
  }
}

function receiptMarkdown(block: ReceiptBlock): string {
  const {id, tool, sql} = block.receipt;
  const facts = receiptFacts(block).map(({name, value}) => `- ${name}: ${plain(value)}`);
  return [`### #${id} ${plain(tool)}`, facts.join('\n'), ...(sql ? [fenced('sql', sql)] : [])].join('\n\n');
}

function prose(spans: Prose, sources = citations(spans)): string {
  const text = spans.map(({text: part, strong}) => (strong ? `**${plain(part)}**` : plain(part))).join('');
  return sources.length > 0 ? `${text} (${sources.map(plain).join(', ')})` : text;
}

function cited(source: SourceRef | undefined): string {
  const found = source ? citation(source) : '';
  return found.startsWith('#') ? ` (${found})` : '';
}

/** One line in which nothing begins a structure, a link, code or HTML; blanks at its ends stay. */
function plain(text: string): string {
  const line = printable(text.replaceAll(/\s+/g, ' '), {oneLine: true});
  return htmlSafe(line)
    .replaceAll(/[\\`*]|~(?=~)|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])|\](?=[([:])|\$(?=\S)/gu, '\\$&')
    .replace(/^(\d*)([#+.)>-])(?=\s)/, '$1\\$2');
}

/** Nothing that a reader of Markdown takes for a tag or an entity. */
function htmlSafe(text: string): string {
  return text.replaceAll(/&(?=#?\w+;)/g, '&amp;').replaceAll(/<(?=[a-z/!?])/gi, '&lt;');
}

/** A fence longer than any run of backticks in the text, so that nothing in it can close it. */
function fenced(language: string, text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${printable(text.trimEnd())}\n${fence}`;
}

/** "12 of 84 rows", or null where all are shown. */
export function rowsNote(shown: number, total: number | null): string | null {
  if (total === null) return `${formatCount(shown)} rows shown`;
  return shown < total ? `${formatCount(shown)} of ${formatCount(total)} rows` : null;
}
