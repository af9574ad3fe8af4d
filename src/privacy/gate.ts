// Stands between the router and each provider outside: nothing reaches one but through here, and what did is counted.

import type {ChatChunk, Provider, ToolMessage} from '../core/chat.ts';
import type {PrivacyLevel, PrivacyPolicy} from '../core/privacy.ts';
import {outgoing} from './outgoing.ts';
import {PlaceholderFiller} from './placeholders.ts';

/** Of this session; rows and cells of a result count once, bytes count each time they are sent. */
export type Meter = {rowsSent: number; cellsSent: number; bytesSent: number};

/** `body` is the text of a request as it was handed to the network. */
export type Payload = {provider: string; model: string; body: string};

export interface Gate {
  policy(): PrivacyPolicy;
  setLevel(level: PrivacyLevel): void;
  setNeverSend(patterns: readonly string[]): void;
  meter(): Meter;
  lastPayload(): Payload | null;
  /** Providers report here what they send. */
  record(payload: Payload): void;
  /** The provider as the router may use it. */
  guard(provider: Provider): Provider;
}

export function createGate(initial: PrivacyPolicy): Gate {
  let policy = initial;
  let last: Payload | null = null;
  let bytesSent = 0;
  const sizes = new Map<number, {rows: number; cells: number}>();
  const total = (key: 'rows' | 'cells') => [...sizes.values()].reduce((sum, size) => sum + size[key], 0);

  async function* stream(provider: Provider, ...[request, signal]: Parameters<Provider['stream']>) {
    const writtenUnder = policy;
    const {request: allowed, sent, open} = outgoing(request, writtenUnder);
    for (const [id, {rows, cells}] of sent) {
      const before = sizes.get(id) ?? {rows: 0, cells: 0};
      sizes.set(id, {rows: Math.max(before.rows, rows), cells: Math.max(before.cells, cells)});
    }
    const filler = open ? null : new PlaceholderFiller(resultsOf(request));
    let text = '';
    for await (const chunk of provider.stream(allowed, signal)) {
      if (chunk.type === 'text') {
        text += chunk.delta;
        yield {...chunk, delta: filler ? filler.add(chunk.delta) : chunk.delta} satisfies ChatChunk;
        continue;
      }
      const rest = filler && chunk.type === 'end' ? filler.end() : '';
      if (rest) yield {type: 'text', delta: rest} satisfies ChatChunk;
      yield chunk.type === 'end' ? {...chunk, outside: {policy: writtenUnder, text}} : chunk;
    }
  }

  return {
    policy: () => policy,
    setLevel(level) {
      policy = {...policy, level};
    },
    setNeverSend(neverSend) {
      policy = {...policy, neverSend};
    },
    meter: () => ({rowsSent: total('rows'), cellsSent: total('cells'), bytesSent}),
    lastPayload: () => last,
    record(payload) {
      last = payload;
      bytesSent += Buffer.byteLength(payload.body);
    },
    guard: provider => ({
      name: provider.name,
      model: provider.model,
      stream: (request, signal) => stream(provider, request, signal),
    }),
  };
}

function resultsOf({messages, earlier = []}: Parameters<Provider['stream']>[0]): ToolMessage[] {
  return [...earlier, ...messages.filter(message => message.role === 'tool')];
}
