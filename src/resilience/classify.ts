// Decides what kind of failure a provider's error is, from structure first: status, code, details, cause chain, text last.

import type {ProviderFault, ProviderFaultClass} from '../core/errors.ts';
import {isRecord, textField} from '../core/unknown.ts';
import {findRetryHint, type ResponseHeaders} from './retry-hint.ts';

/** What a provider module knows of a failure, in nobody's dialect. Every field may be missing. */
export type FailureFacts = {
  /** The HTTP status, or the numeric code of an error inside the stream. */
  status?: number | undefined;
  /** The service's own short names for the error, such as `insufficient_quota` or `RESOURCE_EXHAUSTED`. */
  codes?: readonly string[];
  /** Google's `error.details`. */
  details?: readonly unknown[];
  headers?: ResponseHeaders | undefined;
  requestId?: string | undefined;
  /** What the service said, for people and as the last resort of classification. */
  text: string;
  /** The thrown value; its `cause` chain is searched for system error codes. */
  thrown?: unknown;
  /** Set when the provider module itself saw what went wrong. */
  seen?: ProviderFaultClass | undefined;
};

/** Names the failure. `now` (epoch ms) is only used for a Retry-After date when the response has no Date of its own. */
export function classify(facts: FailureFacts, origin: {provider: string; model: string}, now: number): ProviderFault {
  const hint = findRetryHint(facts, now);
  const found = facts.seen ? {class: facts.seen} : recognise(facts, hint?.delayMs ?? 0);
  return {
    ...found,
    provider: origin.provider,
    model: origin.model,
    ...(facts.status === undefined ? {} : {status: facts.status}),
    ...(facts.requestId ? {requestId: facts.requestId} : {}),
    ...(hint ? {retryHint: hint} : {}),
  };
}

type Recognised = {class: ProviderFaultClass; cause?: string};

const longDelayMs = 300_000;

function recognise(facts: FailureFacts, hintMs: number): Recognised {
  const codes = (facts.codes ?? []).map(code => code.toLowerCase());
  return (
    byBilling(codes, facts.status) ??
    byContext(codes, facts.status, facts.text) ??
    byKey(codes, facts) ??
    byRateLimit(codes, facts, hintMs) ??
    byStatus(facts.status) ??
    byCode(codes) ??
    bySystemCode(facts.thrown) ??
    byWords(facts.text)
  );
}

const has = (codes: readonly string[], ...wanted: string[]) => codes.some(code => wanted.includes(code));

function byBilling(codes: readonly string[], status: number | undefined): Recognised | null {
  const unpaid = status === 402 || codes.some(code => code === 'insufficient_quota' || code.startsWith('billing_'));
  return unpaid ? {class: 'quota_billing', cause: 'billing'} : null;
}

/** The words of an overflow are the only sign some servers give; they count only beside a refusal of the request. */
function byContext(codes: readonly string[], status: number | undefined, text: string): Recognised | null {
  if (has(codes, 'context_length_exceeded', 'exceed_context_size_error')) return {class: 'context'};
  const refused = status === 400 || status === 413 || status === 422 || has(codes, 'invalid_argument');
  const overflow =
    /maximum context length|input token count\b.*\bexceeds|context (?:length|window|size) (?:is )?exceeded/i;
  return refused && overflow.test(text) ? {class: 'context'} : null;
}

function byKey(codes: readonly string[], facts: FailureFacts): Recognised | null {
  if (has([...codes, ...reasonsOf(facts.details)], 'api_key_invalid', 'invalid_api_key'))
    return {class: 'auth', cause: 'invalid key'};
  const region =
    has(codes, 'unsupported_country_region_territory') || /user location is not supported/i.test(facts.text);
  return region ? {class: 'auth', cause: 'region not supported'} : null;
}

function byRateLimit(codes: readonly string[], facts: FailureFacts, hintMs: number): Recognised | null {
  const limited =
    facts.status === 429 ||
    (facts.status === undefined && has(codes, 'rate_limit_exceeded', 'rate_limit_error', 'resource_exhausted'));
  if (!limited) return null;
  const violations = quotaViolations(facts.details);
  if (violations.some(({id}) => /per_?day/i.test(id))) return {class: 'quota_long', cause: 'daily quota'};
  if (violations.some(({value}) => value === '0') || /\blimit: 0\b/.test(facts.text))
    return {class: 'quota_long', cause: 'no quota for this model'};
  if (hintMs > longDelayMs) return {class: 'quota_long', cause: 'long rate limit'};
  return {class: 'rate_limit'};
}

function byStatus(status: number | undefined): Recognised | null {
  if (status === undefined || status < 300) return null;
  if (status < 400) return {class: 'bad_response', cause: 'unexpected redirect'};
  if (status === 401 || status === 403) return {class: 'auth'};
  if (status === 404) return {class: 'no_model'};
  if (status === 503 || status === 529) return {class: 'overloaded'};
  if (status >= 500 || status === 408 || status === 409) return {class: 'server'};
  return {class: 'bad_request'};
}

const classOfCode: Record<string, ProviderFaultClass> = {
  unavailable: 'overloaded',
  overloaded: 'overloaded',
  overloaded_error: 'overloaded',
  server_error: 'server',
  api_error: 'server',
  internal: 'server',
  internal_error: 'server',
  internal_server_error: 'server',
  deadline_exceeded: 'server',
  authentication_error: 'auth',
  unauthenticated: 'auth',
  permission_denied: 'auth',
  model_not_found: 'no_model',
  not_found: 'no_model',
  invalid_request_error: 'bad_request',
  invalid_argument: 'bad_request',
  content_filter: 'safety',
  content_policy_violation: 'safety',
};

function byCode(codes: readonly string[]): Recognised | null {
  for (const code of codes) {
    const known = classOfCode[code];
    if (known) return {class: known};
  }
  return null;
}

const offlineCodes = new Set(['ENOTFOUND', 'EAI_AGAIN', 'ENETUNREACH', 'EHOSTUNREACH', 'ENETDOWN']);
const networkCodes = new Set(['ECONNRESET', 'ECONNREFUSED', 'ECONNABORTED', 'EPIPE', 'EPROTO', 'UND_ERR_SOCKET']);
const timeoutCodes = new Set([
  'ETIMEDOUT',
  'ESOCKETTIMEDOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** With several addresses tried, one that was reached and refused says more than one without a route. */
function bySystemCode(thrown: unknown): Recognised | null {
  const codes = systemCodes(thrown);
  if (codes.some(code => networkCodes.has(code))) return {class: 'network'};
  if (codes.some(code => code.startsWith('ERR_SSL') || code.startsWith('ERR_TLS') || code.includes('CERT')))
    return {class: 'network', cause: 'TLS'};
  if (codes.some(code => timeoutCodes.has(code))) return {class: 'timeout'};
  return codes.some(code => offlineCodes.has(code)) ? {class: 'offline'} : null;
}

/** The `code` of the value, of its causes, and of the members of an AggregateError, outermost first. */
export function systemCodes(thrown: unknown): string[] {
  const codes: string[] = [];
  const queue: unknown[] = [thrown];
  for (let looked = 0; queue.length > 0 && looked < 20; looked++) {
    const value = queue.shift();
    if (!isRecord(value)) continue;
    const code = textField(value, 'code');
    if (code) codes.push(code);
    queue.push(value.cause);
    if (Array.isArray(value.errors)) queue.push(...value.errors);
  }
  return codes;
}

/** Whole words only: "142950 tokens" holds the digits 429 and is no rate limit. */
function byWords(text: string): Recognised {
  return {
    class: /\b(?:rate[ _-]?limit(?:ed|s)?|429|quota|resource_exhausted)\b/i.test(text) ? 'rate_limit' : 'unknown',
  };
}

function reasonsOf(details: readonly unknown[] = []): string[] {
  return details.filter(isRecord).map(detail => textField(detail, 'reason')?.toLowerCase() ?? '');
}

function quotaViolations(details: readonly unknown[] = []): {id: string; value: string | undefined}[] {
  return details
    .filter(isRecord)
    .flatMap(detail => (Array.isArray(detail.violations) ? detail.violations : []))
    .filter(isRecord)
    .map(violation => ({id: textField(violation, 'quotaId') ?? '', value: textField(violation, 'quotaValue')}));
}
