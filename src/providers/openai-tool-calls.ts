// Puts tool calls together from their deltas, also those of servers that leave out ids or indexes.

import {randomBytes} from 'node:crypto';
import type {ToolCall} from '../core/chat.ts';
import {isJson, isRecord, numberField, textField} from '../core/unknown.ts';

type Part = {index: number | undefined; id: string | undefined; name: string; argumentsText: string};

export class ToolCallParts {
  readonly #parts: Part[] = [];

  /** Takes `choices[0].delta.tool_calls` as it came. */
  add(deltas: unknown): void {
    if (!Array.isArray(deltas)) return;
    for (const delta of deltas) if (isRecord(delta)) this.#addOne(delta);
  }

  get count(): number {
    return this.#parts.length;
  }

  /** True when every call has a name and arguments that are a whole JSON value. */
  areWhole(): boolean {
    return this.#parts.every(part => part.name !== '' && isJson(part.argumentsText || '{}'));
  }

  toCalls(): ToolCall[] {
    return this.#parts.map(part => ({
      id: part.id ?? `call_${randomBytes(8).toString('hex')}`,
      name: part.name,
      argumentsText: part.argumentsText || '{}',
    }));
  }

  #addOne(delta: Record<string, unknown>): void {
    const called = isRecord(delta.function) ? delta.function : {};
    const name = textField(called, 'name') ?? '';
    const index = numberField(delta, 'index');
    const id = textField(delta, 'id') || undefined;
    const part = this.#find(index, id, name) ?? this.#begin(index, id);
    part.id ??= id;
    // Some servers repeat the whole name in every delta.
    if (!part.name) part.name = name;
    part.argumentsText += argumentsPiece(called.arguments);
  }

  /** The call that a delta goes on with. A new id, or a name without index and id, begins another. */
  #find(index: number | undefined, id: string | undefined, name: string): Part | undefined {
    const candidate = index === undefined ? this.#parts.at(-1) : this.#parts.findLast(part => part.index === index);
    if (!candidate) return undefined;
    if (id !== undefined && candidate.id !== undefined && candidate.id !== id) return undefined;
    const begins = index === undefined && id === undefined && name !== '' && candidate.name !== '';
    return begins ? undefined : candidate;
  }

  #begin(index: number | undefined, id: string | undefined): Part {
    const part: Part = {index, id, name: '', argumentsText: ''};
    this.#parts.push(part);
    return part;
  }
}

function argumentsPiece(value: unknown): string {
  if (typeof value === 'string') return value;
  return isRecord(value) ? JSON.stringify(value) : '';
}
