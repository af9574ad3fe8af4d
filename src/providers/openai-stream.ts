// What the SDK does not show or do about a stream: whether it ended with the end mark, and replies that were not streamed.

import {isRecord} from '../core/unknown.ts';

/** The SDK does not tell a stream that ended with `[DONE]` from one that just ended. */
export class DoneMarks {
  readonly #seen = new WeakMap<Response, {done: boolean}>();

  /** The same response, with its body watched as it is read. */
  watch(response: Response): Response {
    if (!response.ok || !response.body) return response;
    const mark = {done: false};
    let tail = '';
    const decoder = new TextDecoder();
    const watcher = new TransformStream<Uint8Array, Uint8Array>({
      transform(bytes, controller) {
        tail = (tail + decoder.decode(bytes, {stream: true})).slice(-64);
        if (/data: ?\[DONE\]/.test(tail)) mark.done = true;
        controller.enqueue(bytes);
      },
    });
    const watched = new Response(response.body.pipeThrough(watcher), response);
    this.#seen.set(watched, mark);
    return watched;
  }

  seen(response: Response): boolean {
    return this.#seen.get(response)?.done ?? false;
  }
}

/** Small servers ignore `stream` and answer with one JSON object: it becomes a stream of one chunk. */
export async function streamOfWholeReply(response: Response): Promise<Response> {
  if (!response.ok || !response.headers.get('content-type')?.includes('application/json')) return response;
  const text = await response.text();
  const headers = new Headers(response.headers);
  headers.delete('content-length');
  const chunk = chunkOfReply(text);
  if (chunk === null) return new Response(text, {status: response.status, headers});
  headers.set('content-type', 'text/event-stream');
  return new Response(`data: ${JSON.stringify(chunk)}\n\ndata: [DONE]\n\n`, {status: response.status, headers});
}

function chunkOfReply(text: string): unknown {
  let reply: unknown;
  try {
    reply = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isRecord(reply) || !Array.isArray(reply.choices)) return null;
  const choice: unknown = reply.choices[0];
  if (!isRecord(choice) || !isRecord(choice.message)) return null;
  return {...reply, choices: [{index: 0, delta: choice.message, finish_reason: choice.finish_reason ?? null}]};
}
