// A tool's result as blocks of a report: its charts, then its table or what it says in words.

import type {Table} from '../../core/dataset.ts';
import type {Receipt, ToolResult} from '../../core/tool.ts';
import type {Block, SourceRef, Span} from '../../render/report/outline.ts';
import {shortFigures} from './short-figures.ts';

export type Result = Extract<ToolResult, {ok: true}>;

/** Where the drawing of a chart is read from; null when there is none. */
export type ReadSvg = (path: string) => Promise<string | null>;

/** Tools whose summary is their table once more. */
const tableTools = new Set(['run_sql', 'aggregate', 'list_datasets', 'describe_dataset']);

/** `heading` is what stands above it, so that a chart of that title is not titled twice. */
export async function resultBlocks(
  result: Result,
  {heading, caption = 'Result'}: {heading: string; caption?: string},
  readSvg: ReadSvg,
): Promise<Block[]> {
  const {summary, table, artifacts = [], receipt, cautions = []} = result;
  const source: SourceRef = {kind: 'result', id: receipt.id};
  const charts: Block[] = [];
  for (const {kind, title, path, preview = ''} of artifacts) {
    if (kind !== 'chart') continue;
    const svg = path?.endsWith('.svg') ? await readSvg(path) : null;
    const about = receipt.tool === 'draw_chart' ? chartWords(result) : '';
    // A drawing carries its own title.
    const titled = svg !== null || (heading !== '' && title.toLowerCase().startsWith(heading.toLowerCase()));
    charts.push({type: 'chart', title, titled, svg, preview, summary: about, source});
  }
  // The matrix of a correlation is the chart once more.
  const isDrawn = receipt.tool === 'correlate' && charts.length > 0;
  const words: Block[] =
    receipt.tool === 'draw_chart'
      ? []
      : table && tableTools.has(receipt.tool)
        ? [{type: 'table', caption, table, source}]
        : summaryBlocks(summary, source, caption).filter(({type}) => !(isDrawn && type === 'table'));
  const said = cautions.map(
    ({message, advice}): Block => ({
      type: 'prose',
      tone: 'caution',
      spans: [{text: `Caution: ${message} ${advice}`.trim(), from: [source]}],
    }),
  );
  return [...charts, ...words, ...said];
}

/** What a chart shows in words: the last part of its summary, behind its points. */
export function chartWords({summary, disclosure}: Result): string {
  const length = disclosure?.parts?.at(-1)?.length ?? 0;
  const last = (disclosure?.parts?.length ?? 0) > 1 ? summary.slice(-length) : firstLine(summary);
  return last.startsWith('|') ? '' : shortFigures(last.replaceAll('\n', ' '));
}

/** The text of a result in paragraphs, lists and the tables that stand in it as Markdown. */
export function summaryBlocks(summary: string, source: SourceRef, caption: string): Block[] {
  const blocks: Block[] = [];
  const from = [source];
  let items: Span[][] = [];
  const flush = () => {
    if (items.length > 0) blocks.push({type: 'list', items});
    items = [];
  };
  const lines = shortFigures(summary).split('\n');
  for (let at = 0; at < lines.length; at++) {
    const line = (lines[at] ?? '').trim();
    if (line.startsWith('- ')) {
      items.push([{text: line.slice(2), from}]);
      continue;
    }
    flush();
    if (line.startsWith('|')) {
      const end = lines.findIndex((each, k) => k > at && !each.trim().startsWith('|'));
      const part = lines.slice(at, end < 0 ? lines.length : end);
      blocks.push({type: 'table', caption, table: markdownTable(part), source});
      at += part.length - 1;
    } else if (line !== '') blocks.push({type: 'prose', spans: [{text: line, from}]});
  }
  flush();
  return blocks;
}

/** The table that these lines draw; its cells stay the texts they are. */
function markdownTable(lines: readonly string[]): Table {
  const [titles = [], rules = [], ...rows] = lines.map(line =>
    line
      .trim()
      .replace(/^\|\s?|\s?\|$/g, '')
      .split(/(?<!\\)\|/)
      .map(cell => cell.trim().replaceAll(/\\([\\|])/g, '$1')),
  );
  return {
    columns: titles.map((name, k) => ({name, type: '', kind: rules[k]?.endsWith(':') ? 'number' : 'text'})),
    rows,
    totalRows: rows.length,
  };
}

/** Without the line of the dataset that many results begin with; the report has said it. */
export function withoutData(line: string): string {
  return line.replace(/^\S.* v\d+: [\d,]+ rows? × [\d,]+ columns?\. (?=\S)/, '');
}

export function firstLine(text: string): string {
  return text.split('\n')[0] ?? '';
}

/** True when the SQL of the receipt alone gives the result. */
export function runsAlone({tool, sql}: Receipt): boolean {
  return sql !== undefined && (tool === 'run_sql' || tool === 'draw_chart') && !sql.includes(';\n');
}
