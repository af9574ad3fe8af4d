// The vocabulary of a scripted model server: what it answers, or how it fails, one step per request.

export type FakeCall = {name: string; args: unknown; id?: string; signature?: string};

/** How a stream ends. `done_only`: the end marker without a finish reason. `eof`: a clean end too early. */
export type Ending = 'complete' | 'length' | 'filtered' | 'eof' | 'reset' | 'silence' | 'done_only';

export type StreamStep = {
  kind: 'stream';
  texts: string[];
  calls: FakeCall[];
  ending: Ending;
  /** Milliseconds before each piece. */
  gapMs: number;
  /** The last call's arguments stop half way. */
  cutArguments: boolean;
  /** Arguments in one piece and no ids, as small servers send them. */
  plainCalls: boolean;
  usage: boolean;
  /** Raw lines sent before the content, such as a comment. */
  prelude: string;
};

export type Step =
  | StreamStep
  | {kind: 'status'; status: number; headers: Record<string, string>; body: string; delayMs: number}
  | {kind: 'no_headers'}
  | {kind: 'headers_only'}
  | {kind: 'reset_before_headers'}
  | {kind: 'error_in_stream'; texts: string[]; error: unknown};

const pieces = (text: string): string[] => text.match(/\S+\s*|\s+/g) ?? [];

/** A stream of text and tool calls; complete unless `options` say otherwise. */
export function stream(options: Partial<Omit<StreamStep, 'kind'>>): StreamStep {
  return {
    kind: 'stream',
    texts: [],
    calls: [],
    ending: 'complete',
    gapMs: 0,
    cutArguments: false,
    plainCalls: false,
    usage: true,
    prelude: '',
    ...options,
  };
}

export const says = (text: string, options: Partial<StreamStep> = {}): Step =>
  stream({texts: pieces(text), ...options});

export const asks = (calls: FakeCall[], options: Partial<StreamStep> = {}): Step => stream({calls, ...options});

export function status(code: number, body: unknown = '', headers: Record<string, string> = {}, delayMs = 0): Step {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const type = typeof body === 'string' && body.startsWith('<') ? 'text/html' : 'application/json';
  return {kind: 'status', status: code, headers: {'content-type': type, ...headers}, body: text, delayMs};
}

/** An error as OpenAI words it. */
export function openAiError(
  code: number,
  error: {message?: string; type?: string; code?: string | null; param?: string},
  headers: Record<string, string> = {},
): Step {
  return status(code, {error: {message: 'refused', type: 'error', param: null, code: null, ...error}}, headers);
}

export const openAiRateLimit = (headers: Record<string, string> = {}): Step =>
  openAiError(
    429,
    {message: 'Rate limit reached for gpt-4o-mini', type: 'requests', code: 'rate_limit_exceeded'},
    headers,
  );

/** An error as Google words it, with its `details`. */
export function geminiError(code: number, name: string, message: string, details?: unknown[]): Step {
  return status(code, {error: {code, message, status: name, ...(details ? {details} : {})}});
}

export const retryInfo = (retryDelay: string) => ({'@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay});

export const quotaFailure = (quotaId: string, quotaValue = '20') => ({
  '@type': 'type.googleapis.com/google.rpc.QuotaFailure',
  violations: [{quotaMetric: 'generativelanguage.googleapis.com/generate_content_requests', quotaId, quotaValue}],
});

export const geminiRateLimit = (...details: unknown[]): Step =>
  geminiError(429, 'RESOURCE_EXHAUSTED', 'You exceeded your current quota.', details.length > 0 ? details : undefined);

/** A page as a proxy or a captive portal sends it. */
export const htmlPage = (code: number): Step =>
  status(code, `<html><head><title>Portal</title></head><body><h1>Status ${code}</h1></body></html>`);

export const noHeaders: Step = {kind: 'no_headers'};
export const headersOnly: Step = {kind: 'headers_only'};
export const resetBeforeHeaders: Step = {kind: 'reset_before_headers'};

export const oneChunkThenSilence = (text: string): Step => stream({texts: [text], ending: 'silence'});

export const slowChunks = (texts: string[], gapMs: number): Step => stream({texts, gapMs});

export const resetInText = (text: string): Step => says(text, {ending: 'reset'});
export const eofInText = (text: string): Step => says(text, {ending: 'eof'});
export const eofInArguments = (call: FakeCall): Step => asks([call], {ending: 'eof', cutArguments: true});
export const lengthInArguments = (call: FakeCall): Step => asks([call], {ending: 'length', cutArguments: true});

export const errorInStream = (error: unknown, text = ''): Step => ({
  kind: 'error_in_stream',
  texts: pieces(text),
  error,
});
