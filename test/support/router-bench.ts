// A router over scripted providers on a fake clock, with every event and the time of each attempt recorded.

import type {ChatRequest, ModelRouter, ModelTurn, Reply} from '../../src/core/chat.ts';
import {ProviderError} from '../../src/core/errors.ts';
import type {AgentEvent} from '../../src/core/events.ts';
import {type BreakerStore, openBreakerStore} from '../../src/resilience/breaker-store.ts';
import {createRouter, type RouterSettings} from '../../src/resilience/router.ts';
import {FakeClock, settle} from './fake-clock.ts';
import {requestOf} from './provider-run.ts';
import type {ScriptedProvider} from './scripted-provider.ts';

export const usualSettings: RouterSettings = {
  maxRetries: 4,
  timeoutMs: 60_000,
  breakerThreshold: 3,
  breakerCooldownMs: 300_000,
  retryBaseMs: 500,
  retryJitter: 0,
  turnDeadlineMs: 600_000,
};

export type Ended = {reply: Reply | null; error: ProviderError | null; tookMs: number};

export type RouterBench = {
  clock: FakeClock;
  router: ModelRouter;
  events: (AgentEvent & {at: number})[];
  of<T extends AgentEvent['type']>(type: T): (Extract<AgentEvent, {type: T}> & {at: number})[];
  /** Provider and monotonic time of each attempt. */
  attempts(): {provider: string; at: number}[];
  begin(signal?: AbortSignal): ModelTurn;
  /** One call to its end, moving the clock as far as it needs. */
  call(turn?: ModelTurn, request?: ChatRequest): Promise<Ended>;
};

export function routerBench(
  providers: ScriptedProvider[],
  options: {settings?: Partial<RouterSettings>; store?: BreakerStore; clock?: FakeClock; random?: () => number} = {},
): RouterBench {
  const clock = options.clock ?? new FakeClock();
  const events: (AgentEvent & {at: number})[] = [];
  const router = createRouter({
    routes: providers.map(provider => ({provider, key: `${provider.name}-key`})),
    settings: {...usualSettings, ...options.settings},
    clock,
    store: options.store ?? openBreakerStore(null),
    ...(options.random ? {random: options.random} : {}),
  });
  const emit = (event: AgentEvent) => {
    events.push({...event, at: clock.monotonic()});
  };
  const begin = (signal = new AbortController().signal) => router.beginTurn({signal, emit});
  return {
    clock,
    router,
    events,
    of: <T extends AgentEvent['type']>(type: T) =>
      events.filter((event): event is Extract<AgentEvent, {type: T}> & {at: number} => event.type === type),
    attempts: () =>
      events.flatMap(event => (event.type === 'attempt_start' ? [{provider: event.provider, at: event.at}] : [])),
    begin,
    call: (turn = begin(), request = requestOf('hello')) => runToEnd(turn, request, clock),
  };
}

async function runToEnd(turn: ModelTurn, request: ChatRequest, clock: FakeClock): Promise<Ended> {
  const startedAt = clock.monotonic();
  const ended: Ended = {reply: null, error: null, tookMs: 0};
  let isOver = false;
  const running = turn.complete(request).then(
    reply => {
      ended.reply = reply;
    },
    error => {
      if (!(error instanceof ProviderError)) throw error;
      ended.error = error;
    },
  );
  const over = running.finally(() => {
    isOver = true;
    ended.tookMs = clock.monotonic() - startedAt;
  });
  over.catch(() => {});
  for (let steps = 0; !isOver && steps < 40_000; steps++) {
    await settle();
    if (!isOver) await clock.advance(clock.nextInMs() ?? 0);
  }
  await over;
  return ended;
}
