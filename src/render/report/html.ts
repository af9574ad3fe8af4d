// A report as one HTML file: no script, no request, readable by a screen reader, on paper, in light and in dark.

import type {Table} from '../../core/dataset.ts';
import {printable} from '../../core/text.ts';
import {columnTexts, columnTitle, isSmallChart} from '../cells.ts';
import {themeRules} from '../svg/theme.ts';
import {reportStyle} from './html-style.ts';
import {rowsNote, shownRows} from './markdown.ts';
import {
  type Block,
  type ChartBlock,
  citations,
  citedItems,
  type Outline,
  type Prose,
  type ReceiptBlock,
  type SourceRef,
  type Span,
} from './outline.ts';
import {receiptFacts} from './receipt-facts.ts';

/** Texts longer than this get a column in which they can be read. */
const longCell = 24;
/** Tables of more columns may break words on paper rather than lose a column. */
const mostNarrow = 8;

/** Nothing but what stands in the file may be shown, and nothing of it can run. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

export function htmlReport({title, about, createdAt, sections}: Outline): string {
  const contents = sections.map(each => `<li><a href="#${each.id}">${escaped(each.title)}</a></li>`);
  const body = sections.map(
    ({id, title: heading, blocks}) =>
      `<section aria-labelledby="${id}">\n<h2 id="${id}">${escaped(heading)}</h2>\n${blocks.map((block, index) => blockHtml(block, `${id}-${index}`)).join('\n')}\n</section>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="ds-agent">
<meta name="color-scheme" content="light dark">
<title>${escaped(title)}</title>
<style>${reportStyle}</style>
</head>
<body>
<header>
<h1>${escaped(title)}</h1>
${about.map(spans => `<p>${prose(spans)}</p>`).join('\n')}
<p class="made"><time datetime="${escaped(createdAt)}">${escaped(createdAt.slice(0, 16).replace('T', ' '))} UTC</time></p>
</header>
<nav aria-label="Contents">
<ol>
${contents.join('\n')}
</ol>
</nav>
<main>
${body.join('\n')}
</main>
</body>
</html>
`;
}

function blockHtml(block: Block, id: string): string {
  switch (block.type) {
    case 'heading':
      return `<h3${from(block.source)}>${escaped(block.text)}${cited(block.source)}</h3>`;
    case 'prose':
      return `<p${block.tone ? ` class="${block.tone}"` : ''}>${prose(block.spans)}</p>`;
    case 'list':
      return `<ul>\n${citedItems(block.items)
        .map(({spans, sources}) => `<li>${prose(spans, sources)}</li>`)
        .join('\n')}\n</ul>`;
    case 'table':
      return tableHtml(block.table, {caption: block.caption, source: block.source, id});
    case 'chart':
      return chartHtml(block);
    case 'receipt':
      return receiptHtml(block);
    default:
      return block satisfies never;
  }
}

/** A picture of its own: what stands in it can neither run nor change the page. */
function chartHtml({title, titled, svg, preview, summary, source}: ChartBlock): string {
  const alt = [title, summary].filter(Boolean).join('. ');
  const drawn =
    svg === null
      ? `<pre role="img" tabindex="0" aria-label="${escaped(alt)}">${escaped(preview)}</pre>`
      : `<img alt="${escaped(alt)}" src="data:image/svg+xml;base64,${Buffer.from(inBothThemes(svg)).toString('base64')}">`;
  const head = titled ? '' : `<strong>${escaped(title)}</strong>${cited(source)}`;
  const words = summary === '' ? '' : `<span${from(source)}>${escaped(summary)}</span>`;
  const caption = [head, words].filter(Boolean).join(' ');
  const below = caption === '' ? '' : `\n<figcaption>${caption}</figcaption>`;
  return `<figure${from(source)}>\n${drawn}${below}\n</figure>`;
}

/** Light as the drawing is; dark on a screen where the reader prefers that. */
function inBothThemes(svg: string): string {
  const style = `<style>@media screen and (prefers-color-scheme:dark){${themeRules('dark')}}</style>`;
  return svg.replace(/<svg\b[^>]*>/, head => head + style);
}

function tableHtml(
  {columns, rows, totalRows}: Table,
  {caption, source, id}: {caption: string; source: SourceRef; id: string},
): string {
  const shown = rows.slice(0, shownRows);
  const texts = columns.map((column, at) =>
    columnTexts(
      column,
      shown.map(row => row[at] ?? null),
    ),
  );
  const isNumber = (at: number) => columns[at]?.kind === 'number';
  const head = columns.map((column, at) => {
    const name = escaped(columnTitle(column));
    return name === '' ? '<td></td>' : `<th scope="col"${isNumber(at) ? ' class="number"' : ''}>${name}</th>`;
  });
  const cell = (text: string, at: number) => {
    const style = isNumber(at) ? 'number' : isSmallChart(text) ? 'spark' : text.length > longCell ? 'long' : '';
    return `<td${style === '' ? '' : ` class="${style}"`}>${escaped(text)}</td>`;
  };
  const body = shown.map(
    (_, row) => `<tr>${columns.map((_column, at) => cell(texts[at]?.[row] ?? '', at)).join('')}</tr>`,
  );
  const note = rowsNote(shown.length, totalRows);
  const wide = columns.length > mostNarrow ? ' class="wide"' : '';
  return `<div class="scroll" role="region" aria-labelledby="${id}" tabindex="0"${from(source)}>
<table${wide}>
<caption id="${id}">${escaped(caption)}${cited(source)}${note ? ` <small>${note}</small>` : ''}</caption>
<thead><tr>${head.join('')}</tr></thead>
<tbody>
${body.join('\n')}
</tbody>
</table>
</div>`;
}

function receiptHtml(block: ReceiptBlock): string {
  const {id, tool, sql} = block.receipt;
  const facts = receiptFacts(block).map(({name, value}) => `<dt>${name}</dt><dd>${escaped(value)}</dd>`);
  const code = sql
    ? `\n<pre tabindex="0" role="region" aria-label="SQL of result ${id}"><code>${escaped(sql)}</code></pre>`
    : '';
  return `<article class="receipt" id="result-${id}" aria-labelledby="result-${id}-title">
<h3 id="result-${id}-title">#${id} ${escaped(tool)}</h3>
<dl>${facts.join('')}</dl>${code}
</article>`;
}

function prose(spans: Prose, sources = citations(spans)): string {
  const links = sources.map(each =>
    each.startsWith('#') ? `<a href="#result-${each.slice(1)}">${each}</a>` : escaped(each),
  );
  return spans.map(spanHtml).join('') + (links.length > 0 ? ` <span class="from">(${links.join(', ')})</span>` : '');
}

function spanHtml({text, from: sources = [], strong}: Span): string {
  const inner = strong ? `<strong>${escaped(text)}</strong>` : escaped(text);
  return sources.length > 0 ? `<span${from(...sources)}>${inner}</span>` : inner;
}

/** Says in the page itself where its numbers come from. */
function from(...sources: readonly (SourceRef | undefined)[]): string {
  const names = sources.flatMap(source => (source ? [nameOf(source)] : []));
  return names.length === 0 ? '' : ` data-from="${escaped(names.join(' '))}"`;
}

function nameOf(source: SourceRef): string {
  switch (source.kind) {
    case 'result':
    case 'model':
      return `${source.kind}:${source.id}`;
    case 'dataset':
      return `dataset:${source.name}`;
    case 'asked':
    case 'report':
      return source.kind;
    default:
      return source satisfies never;
  }
}

function cited(source: SourceRef | undefined): string {
  if (source?.kind !== 'result') return '';
  return ` <span class="from">(<a href="#result-${source.id}">#${source.id}</a>)</span>`;
}

function escaped(text: string): string {
  return printable(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
