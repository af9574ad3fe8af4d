// A report as a Jupyter notebook (nbformat 4.5): text and tables as Markdown, charts as outputs, SQL as cells that run.

import {printable} from '../../core/text.ts';
import {blockMarkdown} from './markdown.ts';
import type {Block, Outline, Prose, ReceiptBlock} from './outline.ts';

type Cell = {cell_type: 'markdown' | 'code'; id: string; metadata: object; source: string[]} & Partial<{
  execution_count: null;
  outputs: object[];
}>;

export function notebookReport({title, about, sections}: Outline): string {
  const cells: Cell[] = [];
  const say = (text: string) =>
    cells.push({cell_type: 'markdown', id: `cell-${cells.length + 1}`, metadata: {}, source: linesOf(text)});
  const code = (text: string, outputs: object[] = []) =>
    cells.push({
      cell_type: 'code',
      id: `cell-${cells.length + 1}`,
      metadata: {},
      execution_count: null,
      source: linesOf(text),
      outputs,
    });
  const proseText = (spans: Prose) => blockMarkdown({type: 'prose', spans});

  say([`# ${headline(title)}`, ...about.map(proseText)].join('\n\n'));
  const made = new Set<string>();
  for (const {id, title: heading, blocks} of sections) {
    say(`<a id="${id}"></a>\n\n## ${headline(heading)}`);
    if (blocks.some(block => block.type === 'receipt' && block.runs))
      code(
        `# pip install duckdb pandas\nimport duckdb\n\ncon = duckdb.connect()\ncon.execute("SET TimeZone = 'UTC'");`,
      );
    for (const block of blocks) {
      if (block.type === 'chart' && block.svg !== null) {
        const data = {'image/svg+xml': linesOf(block.svg), 'text/plain': linesOf(printable(block.preview))};
        say(blockMarkdown({...block, preview: ''}));
        code(`# ${printable(block.title.replaceAll(/\s+/g, ' '), {oneLine: true})}`, [
          {output_type: 'display_data', metadata: {}, data},
        ]);
      } else if (block.type === 'receipt') receiptCells(block, made, {say, code});
      else say(blockMarkdown(block));
    }
  }
  const metadata = {
    kernelspec: {display_name: 'Python 3', language: 'python', name: 'python3'},
    language_info: {name: 'python'},
  };
  return `${JSON.stringify({cells, metadata, nbformat: 4, nbformat_minor: 5}, null, 1)}\n`;
}

/** `made` are the views that exist already. */
function receiptCells(
  block: ReceiptBlock,
  made: Set<string>,
  {say, code}: {say(text: string): void; code(text: string): void},
): void {
  const {runs, receipt, views} = block;
  if (!runs || receipt.sql === undefined) {
    say(blockMarkdown(block satisfies Block));
    return;
  }
  const {sql, ...told} = receipt;
  say(blockMarkdown({...block, receipt: told}));
  const fresh = views.filter(view => !made.has(view));
  for (const view of fresh) made.add(view);
  code([...fresh.map(view => `con.execute(${pythonText(view)})`), `con.sql(${pythonText(sql)}).df()`].join('\n'));
}

/** A Python literal of the text, on several lines where nothing in it needs an escape. */
function pythonText(text: string): string {
  const isPlain = !text.includes('"""') && !text.includes('\\') && !text.endsWith('"') && printable(text) === text;
  return isPlain ? `"""\n${text}\n"""` : JSON.stringify(text);
}

function headline(text: string): string {
  return printable(text.replaceAll(/\s+/g, ' '), {oneLine: true}).replaceAll(/([\\`*_[\]<>#])/g, '\\$1');
}

/** As a notebook keeps text: one string a line, each but the last ending in a newline. */
function linesOf(text: string): string[] {
  return text.split(/(?<=\n)/);
}
