// A report as plain data: sections of blocks, each with where its numbers come from. Every way of writing reads this.

import type {Table} from '../../core/dataset.ts';
import type {Receipt} from '../../core/tool.ts';

/**
 * What stands behind the numbers of a text. `result` is a receipt by its number, `dataset` and `model` are what the
 * workspace keeps of them, `asked` are the user's own words, `report` is what was counted while the report was made.
 */
export type SourceRef =
  | {kind: 'result'; id: number}
  | {kind: 'dataset'; name: string}
  | {kind: 'model'; id: string}
  | {kind: 'asked'}
  | {kind: 'report'};

/** A piece of a paragraph; `from` are the sources of its numbers, and text without any holds none. */
export type Span = {text: string; from?: readonly SourceRef[]; strong?: boolean};

export type Prose = readonly Span[];

/** `tone` `caution` is what may change the meaning of a result, `note` tells of the report itself. */
export type Block =
  | {type: 'heading'; text: string; source?: SourceRef}
  | {type: 'prose'; spans: Prose; tone?: 'caution' | 'note'}
  | {type: 'list'; items: readonly Prose[]}
  | {type: 'table'; caption: string; table: Table; source: SourceRef}
  | ChartBlock
  | ReceiptBlock;

/**
 * `svg` is null where only the `preview` was kept, which is the chart as text. `summary` says what is seen. The title
 * stands above the chart, or is only told to who does not see it where `titled` says that a heading has said it.
 */
export type ChartBlock = {
  type: 'chart';
  title: string;
  titled: boolean;
  svg: string | null;
  preview: string;
  summary: string;
  source: SourceRef;
};

/** `views` are statements that make the data readable by name; `runs` that the SQL alone gives the result. */
export type ReceiptBlock = {
  type: 'receipt';
  receipt: Receipt;
  question: string;
  views: readonly string[];
  runs: boolean;
};

export type Section = {id: string; title: string; blocks: readonly Block[]};

/** `about` stands below the title; `createdAt` is ISO-8601. */
export type Outline = {title: string; about: readonly Prose[]; createdAt: string; sections: readonly Section[]};

/** "#3" or the id of a model as it is cited behind a text; empty where the text says itself what it is of. */
export function citation(source: SourceRef): string {
  switch (source.kind) {
    case 'result':
      return `#${source.id}`;
    case 'model':
      return source.id;
    // The text that has it names the version.
    case 'dataset':
    case 'asked':
    case 'report':
      return '';
    default:
      return source satisfies never;
  }
}

/** The sources of a paragraph that are worth citing, each once, in their order. */
export function citations(spans: Prose): string[] {
  return [...new Set(spans.flatMap(({from = []}) => from.map(citation)))].filter(Boolean);
}

/** Items that all come from the same source name it once, behind the last of them. */
export function citedItems(items: readonly Prose[]): {spans: Prose; sources: string[]}[] {
  const cited = items.map(spans => ({spans, sources: citations(spans)}));
  return cited.map(({spans, sources}, at) => {
    const next = cited[at + 1]?.sources.join();
    return {spans, sources: sources.join() === next ? [] : sources};
  });
}
