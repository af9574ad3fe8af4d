// The breaker of one route in use: shared state, time as this process saw it pass, and the events of every change.

import type {Provider, RouteStatus} from '../core/chat.ts';
import type {Clock} from '../core/clock.ts';
import type {ProviderFaultClass} from '../core/errors.ts';
import type {AgentEvent} from '../core/events.ts';
import type {BreakerStore} from './breaker-store.ts';
import {
  admit,
  type Breaker,
  type CallResult,
  type Exception,
  type Permit,
  remainingMs,
  renewed,
  reset,
  settle,
  withoutDeadHolder,
  withoutFuture,
} from './circuit-breaker.ts';
import {isHolderAlive} from './lock-file.ts';

export type BreakerRules = {breakerThreshold: number; breakerCooldownMs: number; timeoutMs: number};

type Look = {breaker: Breaker; now: number; elapsedMs: number};

type Emit = (event: AgentEvent) => void;

/** A new turn may probe an open breaker early when it starts this long after the last failure and has no other route. */
const earlyProbeAfterMs = 10_000;

/** What a probe may take beyond the watchdog's time before others count its holder as gone. */
const leaseMarginMs = 10_000;

export class RouteBreaker {
  readonly #provider: Provider;
  readonly #key: string;
  readonly #rules: BreakerRules;
  readonly #clock: Clock;
  readonly #store: BreakerStore;
  readonly #holder: string;
  /** When this process first saw the present state, by the clock that never goes back. */
  #seen: {epoch: number; since: number; at: number} | null = null;

  constructor(
    route: {provider: Provider; key: string},
    rules: BreakerRules,
    parts: {clock: Clock; store: BreakerStore; holder: string},
  ) {
    this.#provider = route.provider;
    this.#key = route.key;
    this.#rules = rules;
    this.#clock = parts.clock;
    this.#store = parts.store;
    this.#holder = parts.holder;
  }

  /** Asks for leave to make one call. Null means no. */
  async admit(exception: Exception, emit: Emit): Promise<Permit | null> {
    const leaseMs = this.#rules.timeoutMs + leaseMarginMs;
    const holder = this.#holder;
    let permit: Permit | null = null;
    const before = this.#current().breaker;
    const after = await this.#store.change(this.#key, stored => {
      const {breaker, now, elapsedMs} = this.#look(stored);
      const admission = admit(breaker, {now, elapsedMs, holder, leaseMs, exception});
      permit = admission.permit;
      return admission.next;
    });
    this.#announce(before, after, null, emit);
    return permit;
  }

  async settle(permit: Permit, result: CallResult, cause: ProviderFaultClass | null, emit: Emit): Promise<void> {
    const {breakerThreshold: threshold, breakerCooldownMs: cooldownMs} = this.#rules;
    let before = this.#current().breaker;
    const after = await this.#store.change(this.#key, breaker => {
      before = breaker;
      return settle(breaker, permit, result, {now: this.#clock.now(), threshold, cooldownMs});
    });
    this.#announce(before, after, cause, emit);
  }

  /** Keeps a probe's lease while its answer is still arriving. */
  async renewLease(permit: Permit): Promise<void> {
    if (permit.kind !== 'probe') return;
    const {breaker, elapsedMs} = this.#current();
    if (breaker.state !== 'half_open' || elapsedMs < breaker.forMs / 2) return;
    await this.#store.change(this.#key, current => renewed(current, permit, this.#clock.now()));
  }

  /** True when a call would be let through now without an exception. */
  isUsable(): boolean {
    return this.remainingMs() === 0;
  }

  isOpen(): boolean {
    return this.#current().breaker.state === 'open';
  }

  /** Milliseconds until a call is let through without an exception. */
  remainingMs(): number {
    const {breaker, elapsedMs} = this.#current();
    return remainingMs(breaker, elapsedMs);
  }

  /** Milliseconds, from now, after which a turn started by the user may probe although the cooldown is not over. */
  earlyProbeInMs(): number {
    const {lastFailureAt} = this.#current().breaker;
    return lastFailureAt === null ? 0 : Math.max(0, lastFailureAt + earlyProbeAfterMs - this.#clock.now());
  }

  mayProbeEarly(turnStartedAt: number): boolean {
    const {breaker} = this.#current();
    const quietSince = breaker.lastFailureAt ?? 0;
    return breaker.state === 'open' && turnStartedAt - quietSince >= earlyProbeAfterMs;
  }

  status(): Omit<RouteStatus, 'blocked'> {
    const {state, failures, cause} = this.#current().breaker;
    return {
      provider: this.#provider.name,
      model: this.#provider.model,
      state,
      failures,
      threshold: this.#rules.breakerThreshold,
      openUntil: state === 'open' ? this.#clock.now() + this.remainingMs() : null,
      cause,
    };
  }

  async reset(): Promise<void> {
    await this.#store.change(this.#key, reset);
  }

  #current(): Look {
    return this.#look(this.#store.read(this.#key));
  }

  /** A stored state without what a wrong clock or a dead process left in it, and how long it has held. */
  #look(stored: Breaker): Look {
    const now = this.#clock.now();
    if (stored.state === 'closed') return {breaker: withoutFuture(stored, {now, elapsedMs: 0}), now, elapsedMs: 0};
    const at = this.#clock.monotonic();
    if (this.#seen?.epoch !== stored.epoch || this.#seen.since !== stored.since)
      this.#seen = {epoch: stored.epoch, since: stored.since, at};
    const elapsedMs = Math.max(now - stored.since, at - this.#seen.at);
    return {breaker: withoutDeadHolder(withoutFuture(stored, {now, elapsedMs}), isHolderAlive), now, elapsedMs};
  }

  #announce(before: Breaker, after: Breaker, cause: ProviderFaultClass | null, emit: Emit): void {
    const {name: provider, model} = this.#provider;
    const common = {provider, model, failures: after.failures, threshold: this.#rules.breakerThreshold};
    const openedAnew = after.state === 'open' && before.epoch !== after.epoch;
    if (before.state !== after.state || openedAnew) {
      const openUntil = after.state === 'open' ? this.#clock.now() + this.remainingMs() : null;
      emit({type: 'breaker_change', ...common, from: before.state, to: after.state, openUntil, cause: after.cause});
    } else if (before.failures !== after.failures) {
      emit({type: 'breaker_count', ...common, cause});
    }
  }
}
