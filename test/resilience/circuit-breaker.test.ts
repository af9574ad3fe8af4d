// The breaker's transitions: single rules first, then random histories against two independent judges.

import {ConsecutiveBreaker, circuitBreaker, handleAll} from 'cockatiel';
import fc from 'fast-check';
import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import {
  admit,
  type Breaker,
  type CallResult,
  newBreaker,
  type Permit,
  remainingMs,
  renewed,
  reset,
  settle,
  withoutDeadHolder,
  withoutFuture,
} from '../../src/resilience/circuit-breaker.ts';

const cooldownMs = 300_000;
const rules = (now: number) => ({now, threshold: 3, cooldownMs});
const failure: CallResult = {kind: 'failure', cause: 'rate limit'};
const works: CallResult = {kind: 'works'};
const neutral: CallResult = {kind: 'neutral'};

const elapsed = (breaker: Breaker, now: number) => (breaker.state === 'closed' ? 0 : now - breaker.since);

/** One call at `now`: admission and result at once. Gives null instead of a permit when it was refused. */
function callAt(breaker: Breaker, now: number, result: CallResult): {next: Breaker; permit: Permit | null} {
  const call = {now, elapsedMs: elapsed(breaker, now), holder: 'h', leaseMs: 70_000, exception: 'none' as const};
  const {next, permit} = admit(breaker, call);
  return {next: permit ? settle(next, permit, result, rules(now)) : next, permit};
}

const after = (...results: CallResult[]) =>
  results.reduce((breaker, result) => callAt(breaker, 0, result).next, newBreaker);

describe('single rules', () => {
  it('the third failure in a row opens it for the cooldown', () => {
    expect(after(failure, failure)).toMatchObject({state: 'closed', failures: 2});
    expect(after(failure, failure, failure)).toMatchObject({state: 'open', failures: 3, since: 0, forMs: cooldownMs});
  });

  it('a success between failures starts the count anew; a neutral result does not', () => {
    expect(after(failure, failure, works, failure, failure)).toMatchObject({state: 'closed', failures: 2});
    expect(after(failure, failure, neutral, failure)).toMatchObject({state: 'open'});
  });

  it('a failure that names its own time opens at once and for that long', () => {
    expect(after({kind: 'failure', cause: 'daily quota', openForMs: 3_600_000})).toMatchObject({
      state: 'open',
      failures: 1,
      forMs: 3_600_000,
      cause: 'daily quota',
    });
  });

  it('a probe holds a lease; a second call is refused until the lease ends', () => {
    const open = after(failure, failure, failure);
    const probe = {now: cooldownMs, elapsedMs: cooldownMs, holder: 'a', leaseMs: 70_000, exception: 'none' as const};
    const {next: half, permit} = admit(open, probe);
    expect(permit?.kind).toBe('probe');
    expect(admit(half, {...probe, elapsedMs: 69_999, holder: 'b'}).permit).toBeNull();
    expect(admit(half, {...probe, elapsedMs: 70_000, holder: 'b'}).permit?.kind).toBe('probe');
  });

  it('a renewed lease holds from then; another epoch renews nothing', () => {
    const open = after(failure, failure, failure);
    const {next: half, permit} = admit(open, {
      now: 1,
      elapsedMs: cooldownMs,
      holder: 'a',
      leaseMs: 10,
      exception: 'none',
    });
    if (!permit) throw new Error('no permit');
    expect(renewed(half, permit, 500)).toMatchObject({since: 500});
    expect(renewed(half, {...permit, epoch: 0}, 500)).toBe(half);
  });

  it('a dead holder has no lease, a living one keeps it', () => {
    const open = after(failure, failure, failure);
    const {next: half} = admit(open, {now: 1, elapsedMs: cooldownMs, holder: 'a', leaseMs: 10, exception: 'none'});
    expect(withoutDeadHolder(half, () => true)).toBe(half);
    expect(
      remainingMs(
        withoutDeadHolder(half, () => false),
        0,
      ),
    ).toBe(0);
  });

  it.each([
    ['works', works, 'closed', 0],
    ['fails', failure, 'open', cooldownMs],
    ['says nothing', neutral, 'open', 0],
  ])('a probe that %s', (_, result, state, forMs) => {
    const next = callAt(after(failure, failure, failure), cooldownMs, result).next;
    expect(next.state).toBe(state);
    expect(remainingMs(next, 0)).toBe(forMs);
  });

  it('the results of an earlier epoch change nothing', () => {
    const open = after(failure, failure, failure);
    for (const result of [works, failure, neutral])
      expect(settle(open, {epoch: 0, kind: 'normal'}, result, rules(5))).toBe(open);
  });

  it('a call under way is let through an open breaker, and its success closes it', () => {
    const open = after(failure, failure, failure);
    const call = {now: 1, elapsedMs: 1, holder: 'a', leaseMs: 10, exception: 'under_way' as const};
    const {permit, next} = admit(open, call);
    if (!permit) throw new Error('no permit');
    expect(permit.kind).toBe('last_resort');
    expect(settle(next, permit, failure, rules(1))).toMatchObject({state: 'open', failures: 4, since: 0});
    expect(settle(next, permit, works, rules(1)).state).toBe('closed');
  });

  it('reset closes it and makes earlier calls count no more', () => {
    const open = after(failure, failure, failure);
    const closed = reset(open);
    expect(closed).toMatchObject({state: 'closed', failures: 0});
    expect(settle(closed, {epoch: open.epoch, kind: 'last_resort'}, failure, rules(1))).toBe(closed);
  });

  it('a time in the future counts as now', () => {
    const open: Breaker = {...after(failure, failure, failure), lastFailureAt: 9e9};
    const future = open.state === 'open' ? {...open, since: 9e9} : open;
    expect(withoutFuture(future, {now: 1000, elapsedMs: 0})).toMatchObject({since: 1000, lastFailureAt: 1000});
    expect(withoutFuture(after(failure), {now: 1000, elapsedMs: 0})).toEqual(after(failure));
  });
});

type Move = {result: 'ok' | 'fail' | 'neutral'; waitMs: number};

const moves = fc.array(
  fc.record({
    result: fc.constantFrom<Move['result']>('ok', 'fail', 'fail', 'neutral'),
    waitMs: fc.constantFrom(0, 1, 1000, cooldownMs - 1, cooldownMs, cooldownMs + 1),
  }),
  {maxLength: 60},
);

const resultOf: Record<Move['result'], CallResult> = {ok: works, fail: failure, neutral};

/** The rules in other words: a row of failures, and a moment until which nobody is let in. */
class TinyModel {
  row = 0;
  shutUntil: number | null = null;

  call(now: number, result: Move['result']): boolean {
    if (this.shutUntil !== null && now < this.shutUntil) return false;
    const wasShut = this.shutUntil !== null;
    if (result === 'ok') {
      this.row = 0;
      this.shutUntil = null;
    } else if (result === 'fail') {
      this.row++;
      if (wasShut || this.row >= 3) this.shutUntil = now + cooldownMs;
    }
    return true;
  }
}

describe('random histories', () => {
  it('agree with a tiny model about who is let in, the count and the state', () => {
    fc.assert(
      fc.property(moves, history => {
        let breaker: Breaker = newBreaker;
        const model = new TinyModel();
        let now = 0;
        for (const {result, waitMs} of history) {
          now += waitMs;
          const {next, permit} = callAt(breaker, now, resultOf[result]);
          breaker = next;
          expect(permit !== null).toBe(model.call(now, result));
          expect(breaker.failures).toBe(model.row);
          expect(breaker.state).toBe(model.shutUntil === null ? 'closed' : 'open');
        }
      }),
      {seed: 20_260_131, numRuns: 2000},
    );
  });

  it('never let two probes live at once, whatever overlaps', () => {
    const steps = fc.array(
      fc.tuple(
        fc.constantFrom('begin', 'end'),
        fc.nat(5),
        fc.constantFrom('ok', 'fail', 'neutral'),
        fc.nat(cooldownMs),
      ),
      {maxLength: 80},
    );
    fc.assert(
      fc.property(steps, history => {
        let breaker: Breaker = after(failure, failure, failure);
        const live = new Map<number, Permit>();
        let now = 0;
        for (const [what, who, result, waitMs] of history) {
          now += waitMs;
          const permit = live.get(who);
          if (what === 'end' && permit) {
            breaker = settle(breaker, permit, resultOf[result as Move['result']], rules(now));
            live.delete(who);
          } else if (what === 'begin' && !permit) {
            const call = {
              now,
              elapsedMs: elapsed(breaker, now),
              holder: `${who}`,
              leaseMs: Number.MAX_SAFE_INTEGER,
              exception: 'none' as const,
            };
            const admitted = admit(breaker, call);
            breaker = admitted.next;
            if (admitted.permit) live.set(who, admitted.permit);
          }
          const current = [...live.values()].filter(each => each.kind === 'probe' && each.epoch === breaker.epoch);
          expect(current.length).toBeLessThanOrEqual(1);
          expect(current.length === 1).toBe(breaker.state === 'half_open');
        }
      }),
      {seed: 7, numRuns: 1000},
    );
  });
});

describe('beside a known breaker (cockatiel, three consecutive failures)', () => {
  beforeEach(() => {
    vi.useFakeTimers({toFake: ['Date']});
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('the same calls are let in over random histories of successes and failures', async () => {
    await fc.assert(
      fc.asyncProperty(moves, async history => {
        vi.setSystemTime(1_000_000);
        const known = circuitBreaker(handleAll, {halfOpenAfter: cooldownMs, breaker: new ConsecutiveBreaker(3)});
        let breaker: Breaker = newBreaker;
        for (const {result, waitMs} of history) {
          // It knows no neutral result.
          if (result === 'neutral') continue;
          vi.setSystemTime(Date.now() + waitMs);
          let letIn = false;
          await known
            .execute(() => {
              letIn = true;
              if (result === 'fail') throw new Error('fail');
            })
            .catch(() => {});
          const {next, permit} = callAt(breaker, Date.now(), resultOf[result]);
          breaker = next;
          expect(permit !== null).toBe(letIn);
        }
      }),
      {seed: 11, numRuns: 300},
    );
  });
});
