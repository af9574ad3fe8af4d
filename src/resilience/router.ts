// The way to a model: failover over routes, each with retries around its circuit breaker.

import type {ModelRouter, ModelTurn, Provider, RouteStatus} from '../core/chat.ts';
import type {Clock} from '../core/clock.ts';
import type {ProviderFaultClass} from '../core/errors.ts';
import type {AgentEvent} from '../core/events.ts';
import type {BreakerStore} from './breaker-store.ts';
import {holderName} from './lock-file.ts';
import {RouteBreaker} from './route-breaker.ts';
import {RoutedTurn} from './routed-turn.ts';

export type RouterSettings = {
  /** Retries of one call on one route, not counting the first attempt. */
  maxRetries: number;
  /** Longest time to the first content of an answer, then between two contents. */
  timeoutMs: number;
  breakerThreshold: number;
  breakerCooldownMs: number;
  retryBaseMs: number;
  /** 0.2 makes a delay up to 20 % longer; never shorter. */
  retryJitter: number;
  /** Time that the model calls of one turn may take together; what tools take is theirs. */
  turnDeadlineMs: number;
};

/** `key` tells routes apart in the kept state: a hash of provider, model, key and address; it must not reveal the key. */
export type RouteSpec = {provider: Provider; key: string};

/** A route in use. `blocked` is set when this process gave it up: a wrong key, an unpaid bill, an unknown model. */
export type Route = {
  provider: Provider;
  breaker: RouteBreaker;
  blocked: {class: ProviderFaultClass; message: string} | null;
};

export type RouterParts = {
  routes: readonly RouteSpec[];
  settings: RouterSettings;
  clock: Clock;
  store: BreakerStore;
  /** Gives values in [0, 1) for the jitter. */
  random?: () => number;
};

/** Routes are tried in the given order; there must be at least one. */
export function createRouter({routes: specs, settings, clock, store, random = Math.random}: RouterParts): ModelRouter {
  const holder = holderName();
  const routes = specs.map((spec): Route => {
    const breaker = new RouteBreaker(spec, settings, {clock, store, holder});
    return {provider: spec.provider, breaker, blocked: null};
  });

  return {
    beginTurn({signal, emit}): ModelTurn {
      warnOnce(store, emit);
      const turn = new RoutedTurn({routes, settings, clock, random, signal, emit});
      return {complete: request => turn.complete(request).finally(() => warnOnce(store, emit))};
    },
    status: () =>
      routes.map((route): RouteStatus => ({...route.breaker.status(), blocked: route.blocked?.message ?? null})),
    async resetBreakers() {
      for (const route of routes) {
        route.blocked = null;
        await route.breaker.reset();
      }
    },
  };
}

function warnOnce(store: BreakerStore, emit: (event: AgentEvent) => void): void {
  const message = store.takeWarning();
  if (message) emit({type: 'notice', level: 'warn', code: 'state.not_kept', message});
}
