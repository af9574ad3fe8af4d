// Values that a model may not see but may point at: {{3:1:price}} is row 1 of the column price of result 3.

import type {ToolMessage} from '../core/chat.ts';
import {formatCell} from '../core/text.ts';
import {renderMarkdownTable} from '../render/table.ts';

const longest = 200;

/** Puts the values in as the text comes in pieces; nothing between braces is shown before it is whole. */
export class PlaceholderFiller {
  readonly #results: readonly ToolMessage[];
  #held = '';

  constructor(results: readonly ToolMessage[]) {
    this.#results = results;
  }

  /** The text that can be shown now. */
  add(delta: string): string {
    const text = this.#held + delta;
    const open = text.lastIndexOf('{{');
    const isWhole = open < 0 || text.indexOf('}}', open) >= 0 || text.length - open > longest;
    const cut = isWhole ? (text.endsWith('{') && !text.endsWith('{{') ? text.length - 1 : text.length) : open;
    this.#held = text.slice(cut);
    return this.#filled(text.slice(0, cut));
  }

  end(): string {
    const rest = this.#filled(this.#held);
    this.#held = '';
    return rest;
  }

  #filled(text: string): string {
    return text.replaceAll(
      /\{\{#?(\d+)(?::(\d+):([^{}]+))?\}\}/g,
      (whole, id: string, row?: string, column?: string) => {
        const message = this.#results.find(({result}) => result.ok && result.receipt.id === Number(id));
        const table = message?.result.ok ? message.result.table : undefined;
        if (!table) return whole;
        if (row === undefined || column === undefined) return `\n\n${renderMarkdownTable(table)}\n\n`;
        const wanted = column.trim().toLowerCase();
        const at = table.columns.findIndex(({name}) => name.toLowerCase() === wanted);
        const cells = table.rows[Number(row) - 1];
        return at < 0 || !cells ? whole : formatCell(cells[at] ?? null);
      },
    );
  }
}
