// Prose that was not written by our templates: each sentence with numbers is kept with their sources, or not at all.

import type {Block, Prose, SourceRef, Span} from '../../render/report/outline.ts';
import type {Sources} from './sources.ts';

export type SourcedProse = {blocks: Block[]; refused: string[]};

/**
 * The paragraphs and lists of a text in simple Markdown; tables and headings are left out, since results stand below.
 * `refused` are the figures of the sentences that were dropped.
 */
export function sourcedBlocks(markdown: string, candidates: readonly SourceRef[], sources: Sources): SourcedProse {
  const blocks: Block[] = [];
  const refused: string[] = [];
  let items: Prose[] = [];
  const flush = () => {
    if (items.length > 0) blocks.push({type: 'list', items});
    items = [];
  };
  const take = (text: string): Span[] =>
    sentencesOf(text).flatMap((sentence): Span[] => {
      // A place for a value that no result has.
      const [open] = /\{\{[^{}]*\}\}/.exec(sentence) ?? [];
      if (open !== undefined) {
        refused.push(open);
        return [];
      }
      const from = sources.find(sentence, candidates);
      if (from) return [from.length > 0 ? {text: sentence, from} : {text: sentence}];
      refused.push(...sources.unsupported(sentence, candidates));
      return [];
    });
  for (const line of paragraphsOf(markdown)) {
    const item = /^(?:[-*+•]|\d{1,2}[.)])\s+(.*)$/s.exec(line)?.[1];
    if (item === undefined) flush();
    const spans = take(item ?? line);
    if (spans.length === 0) continue;
    if (item === undefined) blocks.push({type: 'prose', spans});
    else items.push(spans);
  }
  flush();
  return {blocks, refused};
}

/** Lines that belong together are joined; code, tables, rules and headings are no prose. */
function paragraphsOf(markdown: string): string[] {
  const text = markdown.replaceAll(/```[\s\S]*?(?:```|$)/g, '');
  const out: string[] = [];
  let open = false;
  for (const line of text.split('\n').map(each => each.trim())) {
    const isText = line !== '' && !/^(?:\||#{1,6}\s|[-*_]{3,}$)/.test(line);
    const begins = /^(?:[-*+•]|\d{1,2}[.)])\s/.test(line);
    const last = out.at(-1);
    if (isText && open && !begins && last !== undefined) out[out.length - 1] = `${last} ${line}`;
    else if (isText) out.push(line);
    open = isText;
  }
  return out.map(plainWords);
}

/** Without the marks of Markdown. */
function plainWords(text: string): string {
  return text
    .replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll(/(\*\*|__|`)(.+?)\1/g, '$2')
    .replaceAll(/(?<![\p{L}\p{N}*])\*(\S[^*]*?)\*(?![\p{L}\p{N}*])/gu, '$1');
}

/** Each with the blank behind it, so that they can be put together again. */
function sentencesOf(text: string): string[] {
  return text.split(/(?<=[.!?]["')\]]?\s+)(?=["'([]?[\p{Lu}\p{N}])/u).filter(each => each.trim() !== '');
}
