// The model calls of one turn: which route, how often, how long to wait, and when to give up and say so.

import type {ChatRequest, ModelTurn, Reply} from '../core/chat.ts';
import type {Clock} from '../core/clock.ts';
import {ProviderError, type ProviderFault} from '../core/errors.ts';
import type {AgentEvent} from '../core/events.ts';
import {formatDuration} from '../core/text.ts';
import {faultWords, providerTitle} from '../core/wording.ts';
import {runAttempt} from './attempt.ts';
import {backoff, longestWaitMs} from './backoff.ts';
import type {CallResult, Permit} from './circuit-breaker.ts';
import {type FaultPolicy, faultPolicies} from './fault-policy.ts';
import {finalError, noRouteError, switchReason} from './final-error.ts';
import type {Route, RouterSettings} from './router.ts';

const retriesPerTurn = 20;

/** With another route at hand, a longer wait than this is not sat out. */
const patienceWithOtherRouteMs = 10_000;

const longQuotaMs = {least: 300_000, most: 24 * 3_600_000};

export type TurnParts = {
  routes: readonly Route[];
  settings: RouterSettings;
  clock: Clock;
  random: () => number;
  signal: AbortSignal;
  emit(event: AgentEvent): void;
};

/** How often the state of a breaker under trial by another call is looked at. */
const probePollMs = 100;

/** What one call of `complete` remembers of its attempts. */
class Call {
  readonly attempts = new Map<Route, number>();
  /** Routes this call will not use again. */
  readonly spent = new Set<Route>();
  readonly badResponses = new Set<Route>();
  last: {route: Route; error: ProviderError} | null = null;
  readonly deadlineAt: number;

  constructor(deadlineAt: number) {
    this.deadlineAt = deadlineAt;
  }

  attemptsOn(route: Route): number {
    return this.attempts.get(route) ?? 0;
  }

  get totalAttempts(): number {
    return [...this.attempts.values()].reduce((sum, count) => sum + count, 0);
  }
}

export class RoutedTurn implements ModelTurn {
  readonly #parts: TurnParts;
  readonly #startedAt: number;
  #current: Route | undefined;
  #retries = 0;
  #usedMs = 0;

  constructor(parts: TurnParts) {
    this.#parts = parts;
    this.#startedAt = parts.clock.now();
    this.#current = parts.routes[0];
  }

  async complete(request: ChatRequest): Promise<Reply> {
    const {clock, settings} = this.#parts;
    const startedAt = clock.monotonic();
    const call = new Call(startedAt + settings.turnDeadlineMs - this.#usedMs);
    try {
      for (;;) {
        const {route, permit} = await this.#choose(call);
        const reply = await this.#attempt(route, permit, request, call);
        if (reply) return reply;
      }
    } finally {
      this.#usedMs += clock.monotonic() - startedAt;
    }
  }

  /**
   * A route that may be called. While the only ones left are being tried out by another call, its result is awaited: it
   * comes at the latest when the lease of that call ends.
   */
  async #choose(call: Call): Promise<{route: Route; permit: Permit}> {
    const {clock, routes, signal} = this.#parts;
    for (;;) {
      const usable = this.#inOrder().filter(route => this.#mayUse(route, call));
      const chosen = await this.#admitted(usable, call);
      if (chosen) return chosen;
      const probed = usable.find(route => route.breaker.status().state === 'half_open');
      if (!probed || clock.monotonic() + probePollMs > call.deadlineAt)
        throw noRouteError(routes, call.last?.error ?? null, call.totalAttempts);
      try {
        await clock.sleep(probePollMs, signal);
      } catch {
        const {name: provider, model} = probed.provider;
        throw new ProviderError({class: 'aborted', provider, model}, 'Stopped.', {attempts: call.totalAttempts});
      }
    }
  }

  /** The present route if it may be called, else the first other one that may, else this one as a last resort. */
  async #admitted(usable: readonly Route[], call: Call): Promise<{route: Route; permit: Permit} | null> {
    for (const route of usable) {
      const permit = await route.breaker.admit('none', this.#parts.emit);
      if (permit) return this.#switchTo(route, permit);
    }
    for (const route of usable) {
      const underWay = call.last?.route === route;
      const early = route.breaker.mayProbeEarly(this.#startedAt);
      if (!underWay && !early) continue;
      const permit = await route.breaker.admit(underWay ? 'under_way' : 'early', this.#parts.emit);
      if (permit) return this.#switchTo(route, permit);
    }
    return null;
  }

  #inOrder(): Route[] {
    const others = this.#parts.routes.filter(route => route !== this.#current);
    return this.#current ? [this.#current, ...others] : others;
  }

  #switchTo(route: Route, permit: Permit): {route: Route; permit: Permit} {
    const from = this.#current;
    if (from && from !== route)
      this.#parts.emit({
        type: 'provider_switch',
        from: from.provider.name,
        to: route.provider.name,
        reason: switchReason(from),
      });
    this.#current = route;
    return {route, permit};
  }

  /** A reply, or null when another attempt is due. @throws {ProviderError} when none is. */
  async #attempt(route: Route, permit: Permit, request: ChatRequest, call: Call): Promise<Reply | null> {
    const {clock, settings, signal, emit} = this.#parts;
    const attempt = call.attemptsOn(route) + 1;
    call.attempts.set(route, attempt);
    try {
      const reply = await runAttempt(
        route.provider,
        request,
        attempt,
        {clock, idleMs: settings.timeoutMs, deadlineAt: call.deadlineAt, signal},
        {emit, onChunk: () => void route.breaker.renewLease(permit)},
      );
      await route.breaker.settle(permit, {kind: 'works'}, null, emit);
      if (attempt > 1) emit({type: 'retry_success', provider: route.provider.name, retries: attempt - 1});
      return reply;
    } catch (error) {
      if (error instanceof ProviderError) return this.#afterFailure(route, permit, error, call);
      await route.breaker.settle(permit, {kind: 'neutral'}, null, emit);
      throw error;
    }
  }

  /** Settles the breaker, then waits for a retry, leaves the next attempt to another route, or throws the end. */
  async #afterFailure(route: Route, permit: Permit, error: ProviderError, call: Call): Promise<null> {
    const {emit} = this.#parts;
    const {fault} = error;
    const policy = faultPolicies[fault.class];
    const other = policy.elsewhere !== 'no' && this.#hasOther(route, call);
    call.last = {route, error};
    await route.breaker.settle(permit, resultOf(fault, policy, other), fault.class, emit);
    if (policy.block) {
      route.blocked = {class: fault.class, message: error.message};
      emit({type: 'route_blocked', provider: route.provider.name, cause: fault.class, message: error.message});
    }
    if (other && (policy.elsewhere === 'at_once' || route.breaker.isOpen())) return null;
    if (policy.retry === 'no') throw this.#end(route, error, call);
    return this.#retry(route, error, policy, other, call);
  }

  async #retry(route: Route, error: ProviderError, policy: FaultPolicy, other: boolean, call: Call): Promise<null> {
    const {clock, settings, random, signal, emit} = this.#parts;
    const {fault} = error;
    const attempt = call.attemptsOn(route);
    const plan = backoff(attempt, fault.retryHint, settings, random);
    const tooLong = plan.wantedMs > longestWaitMs || clock.monotonic() + plan.delayMs > call.deadlineAt;
    if (tooLong || !this.#mayRetry(route, policy, call)) {
      if (!other) throw this.#end(route, error, call, tooLong ? plan.wantedMs : undefined);
      call.spent.add(route);
      return null;
    }
    this.#retries++;
    emit({
      type: 'retry_scheduled',
      provider: route.provider.name,
      attempt,
      of: policy.retry === 'once' ? attempt : settings.maxRetries,
      delayMs: plan.delayMs,
      source: plan.source,
      endsAt: clock.now() + plan.delayMs,
      cause: fault.class,
      status: fault.status,
    });
    try {
      await clock.sleep(plan.delayMs, signal);
    } catch {
      emit({type: 'retry_cancelled', provider: route.provider.name});
      throw new ProviderError({...fault, class: 'aborted'}, 'Stopped.', {attempts: call.totalAttempts});
    }
    return null;
  }

  #mayRetry(route: Route, policy: FaultPolicy, call: Call): boolean {
    if (this.#retries >= retriesPerTurn || call.attemptsOn(route) > this.#parts.settings.maxRetries) return false;
    if (policy.retry !== 'once') return true;
    const first = !call.badResponses.has(route);
    call.badResponses.add(route);
    return first;
  }

  #hasOther(route: Route, call: Call): boolean {
    return this.#parts.routes.some(other => other !== route && this.#mayUse(other, call) && other.breaker.isUsable());
  }

  /** Also bounds how often a call can go back and forth between routes. */
  #mayUse(route: Route, call: Call): boolean {
    return !route.blocked && !call.spent.has(route) && call.attemptsOn(route) <= this.#parts.settings.maxRetries;
  }

  #end(route: Route, error: ProviderError, call: Call, waitMs?: number): ProviderError {
    return finalError(route, error, {attempts: call.totalAttempts, waitMs, routes: this.#parts.routes});
  }
}

/** What the failure means for the breaker. `other`: there is another route that can be used at once. */
function resultOf(fault: ProviderFault, policy: FaultPolicy, other: boolean): CallResult {
  if (policy.breaker === 'neutral') return {kind: 'neutral'};
  if (policy.breaker === 'alive') return {kind: 'works'};
  const hintMs = fault.retryHint?.delayMs ?? 0;
  const cause = fault.cause ?? faultWords[fault.class];
  if (policy.breaker === 'open') {
    const openForMs = Math.min(Math.max(hintMs, longQuotaMs.least), longQuotaMs.most);
    return {kind: 'failure', cause, openForMs};
  }
  if (!other || hintMs <= patienceWithOtherRouteMs) return {kind: 'failure', cause};
  const asked = `${cause}: ${providerTitle(fault.provider)} asked to wait ${formatDuration(hintMs)}`;
  return {kind: 'failure', cause: asked, openForMs: Math.min(hintMs, longQuotaMs.most)};
}
