// A chart as one HTML page that needs nothing else: drawing, words, table of its points. Its policy allows no request at all.

import {createHash} from 'node:crypto';
import {formatCell, formatCount, formatNumber} from '../../core/text.ts';
import {axisTitle} from '../axis.ts';
import type {ChartSpec} from '../chart-spec.ts';
import {summarizeChart} from '../chart-summary.ts';
import {escapeText} from '../svg/element.ts';
import {svgOf} from '../svg/svg.ts';
import {themeRules} from '../svg/theme.ts';
import {pageScript} from './page-script.ts';

const mostRows = 2_000;

/** px of the drawing where nothing is said. */
const usualWidth = 760;

/** The drawing of a page. Thousands of points take tens of milliseconds, so it can be made before the page around it. */
export function pageDrawing(spec: ChartSpec, width = usualWidth): string {
  return svgOf(spec, {width});
}

/** `source` says where the numbers came from, such as the dataset and the SQL; shown as it is. */
export function chartPage(
  spec: ChartSpec,
  {source = '', drawing = pageDrawing(spec)}: {source?: string; drawing?: string} = {},
): string {
  const style = pageStyle();
  const policy = `default-src 'none'; script-src '${hashOf(pageScript)}'; style-src '${hashOf(style)}'; base-uri 'none'; form-action 'none'`;
  const title = escapeText(spec.title);
  const from =
    source === '' ? '' : `<details><summary>Where this came from</summary><pre>${multiline(source)}</pre></details>\n`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1 class="hidden">${title}</h1>
${drawing}<p>${escapeText(summarizeChart(spec))}</p>
<details><summary>The points as a table</summary>
${pointTable(spec)}</details>
${from}</main>
<div id="tip" role="status" hidden></div>
<script>${pageScript}</script>
</body>
</html>
`;
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

/** Light as the drawing is; dark where the reader prefers that. Presentation attributes give way to every style sheet. */
function pageStyle(): string {
  return `:root{color-scheme:light dark}
body{margin:0;font:14px/1.5 Roboto,"DejaVu Sans","Helvetica Neue",Arial,sans-serif;color:#1a1a1a;background:#fff}
main{max-width:60rem;margin:0 auto;padding:1rem}
svg{max-width:100%;height:auto;display:block}
svg:focus-visible{outline:2px solid #0072b2;outline-offset:2px}
.on{stroke:#1a1a1a;stroke-width:2px}
.hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
#tip{position:absolute;max-width:22rem;padding:.25rem .5rem;border-radius:4px;background:#1a1a1a;color:#fff;font-size:12px;pointer-events:none;overflow-wrap:anywhere}
#tip[hidden]{display:none}
table{border-collapse:collapse;font-variant-numeric:tabular-nums}
th,td{padding:.1rem .6rem;border-bottom:1px solid #ccc;text-align:right}
th:first-child,td:first-child{text-align:left}
pre{white-space:pre-wrap;overflow-wrap:anywhere}
summary{cursor:pointer;padding:.25rem 0}
@media screen and (prefers-color-scheme:dark){body{color:#f0f0f0;background:#16181d}.on{stroke:#fff}#tip{background:#f0f0f0;color:#1a1a1a}th,td{border-color:#444}
${themeRules('dark')}}
`;
}

function pointTable(spec: ChartSpec): string {
  const panels = spec.panels ?? [spec];
  const rows = panels.flatMap(({title, points}) => points.map(point => ({title, ...point})));
  const cellsOf = ({title, x, x1, y, low, high, group, n}: (typeof rows)[number]) => [
    ...(spec.panels ? [title] : []),
    ...(group === undefined ? [] : [formatCell(group)]),
    x1 === undefined ? write(x) : `${write(x)} to ${write(x1)}`,
    low === undefined || high === undefined ? write(y) : `${write(y)} (${write(low)} to ${write(high)})`,
    ...(n === undefined ? [] : [formatCount(n)]),
  ];
  const first = panels[0] ?? spec;
  const point = first.points[0];
  const heads = [
    ...(spec.panels ? ['panel'] : []),
    ...(point?.group === undefined ? [] : [first.group ? axisTitle(first.group) : 'group']),
    axisTitle(first.x),
    axisTitle(first.y),
    ...(point?.n === undefined ? [] : ['rows']),
  ];
  const line = (cells: readonly string[], tag: 'th' | 'td') =>
    `<tr>${cells.map(cell => `<${tag}>${escapeText(cell)}</${tag}>`).join('')}</tr>\n`;
  const shown = rows.slice(0, mostRows).map(row => line(cellsOf(row), 'td'));
  const more =
    rows.length > mostRows ? `<p>Showing ${formatCount(mostRows)} of ${formatCount(rows.length)} points.</p>\n` : '';
  return `${more}<table>\n<thead>\n${line(heads, 'th')}</thead>\n<tbody>\n${shown.join('')}</tbody>\n</table>\n`;
}

function write(value: string | number | null): string {
  return typeof value === 'number' ? formatNumber(value) : formatCell(value);
}

function multiline(text: string): string {
  return text.split('\n').map(escapeText).join('\n');
}
