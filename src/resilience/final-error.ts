// The last word of a call that could not be answered: what failed, how often it was tried, and when to try again.

import {ProviderError, type ProviderFaultClass} from '../core/errors.ts';
import {formatDuration} from '../core/text.ts';
import {faultWords, providerTitle} from '../core/wording.ts';
import {faultPolicies} from './fault-policy.ts';
import type {Route} from './router.ts';

/** The error of the last attempt, with the number of attempts and the time to retry where waiting helps. */
export function finalError(
  route: Route,
  error: ProviderError,
  end: {attempts: number; waitMs: number | undefined; routes: readonly Route[]},
): ProviderError {
  const {class: kind, retryHint} = error.fault;
  const {attempts} = end;
  const waitingHelps = faultPolicies[kind].retry !== 'no' || kind === 'quota_long';
  if (!waitingHelps) {
    const kept = {...(error.hint ? {hint: error.hint} : {}), cause: error, attempts};
    return new ProviderError(error.fault, error.message, kept);
  }
  const retryAfterMs = end.waitMs ?? retryHint?.delayMs ?? pauseMs(route);
  const tried = attempts > 1 ? ` (${attempts} attempts)` : '';
  const when = retryAfterMs > 0 ? `; retry in ${formatDuration(retryAfterMs)}` : '';
  const hint = error.hint ?? adviceOf(kind, end.routes);
  return new ProviderError(error.fault, `${error.message}${tried}${when}`, {
    ...(hint ? {hint} : {}),
    cause: error,
    attempts,
    ...(retryAfterMs > 0 ? {retryAfterMs} : {}),
  });
}

/** No route may be called now: names the reason of each and the nearest time at which one may. */
export function noRouteError(routes: readonly Route[], last: ProviderError | null, attempts: number): ProviderError {
  const [only] = routes;
  if (routes.length === 1 && only && last) return finalError(only, last, {attempts, waitMs: undefined, routes});
  const waits = routes.filter(route => !route.blocked).map(pauseMs);
  const retryAfterMs = waits.length > 0 ? Math.min(...waits) : undefined;
  const reasons = routes.map(route => `${providerTitle(route.provider.name)}: ${reasonOf(route)}`).join('; ');
  const when = retryAfterMs === undefined ? '' : `; retry in ${formatDuration(retryAfterMs)}`;
  return new ProviderError(
    last?.fault ?? {class: classOf(routes), provider: only?.provider.name ?? '', model: only?.provider.model ?? ''},
    `No provider can be used now (${reasons})${when}`,
    {
      hint: 'See the state with /breaker or `ds-agent doctor`; /breaker reset tries again at once.',
      ...(last ? {cause: last} : {}),
      attempts,
      ...(retryAfterMs === undefined ? {} : {retryAfterMs}),
    },
  );
}

/** Why a turn left this route, as a noun phrase: "rate-limit/circuit-open". */
export function switchReason(route: Route): string {
  if (route.blocked) return `${faultWords[route.blocked.class]} problem`;
  const {state, cause} = route.breaker.status();
  if (state === 'closed') return cause ?? 'failure';
  const word = (cause ?? 'failure').split(':', 1).join('').replaceAll(' ', '-');
  return `${word}/circuit-open`;
}

/** Until the breaker lets a new turn through: its cooldown, or the early probe that having no other route allows. */
function pauseMs(route: Route): number {
  const {breaker} = route;
  return breaker.isOpen() ? Math.min(breaker.remainingMs(), breaker.earlyProbeInMs()) : breaker.remainingMs();
}

function reasonOf(route: Route): string {
  if (route.blocked) return route.blocked.message;
  const {state, failures, cause} = route.breaker.status();
  if (state === 'half_open') return 'another request is just trying whether it is back';
  if (state === 'closed') return cause ? `failed (${cause})` : 'not tried';
  const left = formatDuration(route.breaker.remainingMs());
  return `paused for ${left} after ${failures} ${failures === 1 ? 'failure' : 'failures'} (${cause ?? 'unknown'})`;
}

/** When nothing was tried: why the routes are given up if all are, else the service. */
function classOf(routes: readonly Route[]): ProviderFaultClass {
  const blocked = routes.map(route => route.blocked?.class);
  return blocked.every(kind => kind !== undefined) ? (blocked[0] ?? 'unknown') : 'overloaded';
}

function adviceOf(kind: ProviderFaultClass, routes: readonly Route[]): string | undefined {
  if (kind === 'offline') return 'Check the network connection and the address of the provider.';
  if (kind === 'bad_response') return 'Check the address of the provider (OPENAI_BASE_URL, GOOGLE_GEMINI_BASE_URL).';
  if (routes.length > 1) return undefined;
  return 'A second provider would take over here: set OPENAI_API_KEY and GEMINI_API_KEY, and USE_GEMINI=true.';
}
