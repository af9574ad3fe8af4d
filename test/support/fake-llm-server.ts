// An HTTP server on 127.0.0.1 that speaks to the real SDKs of both services, and answers or fails by a script.

import {createServer, type IncomingMessage, type ServerResponse} from 'node:http';
import {setTimeout as sleep} from 'node:timers/promises';
import {type Step, type StreamStep, stream} from './fake-llm-steps.ts';
import {geminiFrames, openAiFrames} from './fake-llm-wire.ts';

export type Service = 'openai' | 'gemini';

/** `at` is monotonic, in ms; `body` is the parsed JSON. `closedAt` is when the client or the server ended the exchange. */
export type RecordedRequest = {
  service: Service;
  index: number;
  at: number;
  path: string;
  headers: Record<string, string | string[] | undefined>;
  body: Record<string, unknown>;
  closedAt: number | null;
};

/** One step per request; the last one repeats. A function decides from the request. */
export type Script = readonly (Step | ((request: RecordedRequest) => Step))[];

export type FakeLlmServer = {
  url: string;
  openAiBaseUrl: string;
  geminiBaseUrl: string;
  requests: RecordedRequest[];
  requestsTo(service: Service): RecordedRequest[];
  /** Milliseconds between the starts of consecutive requests to one service. */
  gaps(service: Service): number[];
  setScript(service: Service, script: Script): void;
  /** As if just started: no request came, no script is set. */
  forget(): void;
  close(): Promise<void>;
};

export async function startFakeLlmServer(scripts: Partial<Record<Service, Script>> = {}): Promise<FakeLlmServer> {
  const script: Record<Service, Script> = {openai: scripts.openai ?? [], gemini: scripts.gemini ?? []};
  const played: Record<Service, number> = {openai: 0, gemini: 0};
  const requests: RecordedRequest[] = [];
  const requestsTo = (service: Service) => requests.filter(request => request.service === service);

  const server = createServer((incoming, response) => {
    void answer(incoming, response).catch(() => response.destroy());
  });
  server.keepAliveTimeout = 1000;

  async function answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const at = performance.now();
    const path = incoming.url ?? '/';
    const service = serviceOf(path);
    if (incoming.method === 'GET' || service === null) return listModels(path, response);
    const body = await readJson(incoming);
    const index = requestsTo(service).length;
    const request: RecordedRequest = {service, index, at, path, headers: incoming.headers, body, closedAt: null};
    requests.push(request);
    response.on('close', () => {
      request.closedAt = performance.now();
    });
    const steps = script[service];
    const entry = steps[Math.min(played[service]++, steps.length - 1)];
    if (entry === undefined) return void response.writeHead(500).end('the script of the fake server is empty');
    await play(typeof entry === 'function' ? entry(request) : entry, request, response);
  }

  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  return {
    url,
    openAiBaseUrl: `${url}/v1`,
    geminiBaseUrl: url,
    requests,
    requestsTo,
    gaps: service => {
      const times = requestsTo(service).map(request => request.at);
      return times.slice(1).map((at, index) => at - (times[index] ?? at));
    },
    setScript: (service, next) => {
      script[service] = next;
      played[service] = 0;
    },
    forget: () => {
      requests.length = 0;
      script.openai = [];
      script.gemini = [];
    },
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** An address on this machine where nobody listens. */
export async function closedAddress(): Promise<string> {
  const server = await startFakeLlmServer();
  await server.close();
  return server.url;
}

function serviceOf(path: string): Service | null {
  if (path.includes('/chat/completions')) return 'openai';
  return path.includes(':streamGenerateContent') ? 'gemini' : null;
}

async function readJson(incoming: IncomingMessage): Promise<Record<string, unknown>> {
  const parts: Buffer[] = [];
  for await (const part of incoming) parts.push(part);
  return JSON.parse(Buffer.concat(parts).toString('utf8'));
}

function listModels(path: string, response: ServerResponse): void {
  const found = path.endsWith('/models') || path.includes('/models?');
  response.writeHead(found ? 200 : 404, {'content-type': 'application/json'});
  response.end(JSON.stringify(found ? {object: 'list', data: [], models: []} : {error: {message: 'no such path'}}));
}

async function play(step: Step, request: RecordedRequest, response: ServerResponse): Promise<void> {
  if (step.kind === 'no_headers') return;
  if (step.kind === 'reset_before_headers') return void response.socket?.resetAndDestroy();
  if (step.kind === 'status') {
    if (step.delayMs > 0) await sleep(step.delayMs);
    return void response.writeHead(step.status, requestIdHeaders(request, step.headers)).end(step.body);
  }
  response.writeHead(200, requestIdHeaders(request, {'content-type': 'text/event-stream'}));
  response.flushHeaders();
  if (step.kind === 'headers_only') return;
  if (step.kind === 'error_in_stream') {
    for (const frame of framesOf(stream({texts: step.texts, ending: 'eof'}), request)) response.write(frame);
    return void response.end(`data: ${JSON.stringify({error: step.error})}\n\n`);
  }
  if (step.prelude) response.write(step.prelude);
  for (const frame of framesOf(step, request)) {
    if (step.gapMs > 0) await sleep(step.gapMs);
    if (response.destroyed) return;
    response.write(frame);
  }
  if (step.ending === 'silence') return;
  if (step.ending !== 'reset') return void response.end();
  await sleep(20);
  response.socket?.resetAndDestroy();
}

function framesOf(step: StreamStep, request: RecordedRequest): string[] {
  const model = typeof request.body.model === 'string' ? request.body.model : 'gemini';
  if (request.service === 'gemini') return geminiFrames(step, model, request.index);
  return openAiFrames(step, model, request.body.stream_options !== undefined, request.index);
}

function requestIdHeaders(request: RecordedRequest, headers: Record<string, string>): Record<string, string> {
  return request.service === 'openai' ? {'x-request-id': `req_${request.index}`, ...headers} : headers;
}
