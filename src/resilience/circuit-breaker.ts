// The circuit breaker as a state and pure transitions. It knows no time but what it is told, no file and no provider.

/** `epoch` grows with every change of state, so that a late result can be told from a current one. */
type Common = {epoch: number; failures: number; lastFailureAt: number | null; cause: string | null};

/** `since` is wall time in epoch ms; `forMs` is how long the state holds from then: the cooldown, or the probe's lease. */
type Timed = Common & {since: number; forMs: number};

export type Breaker =
  | (Common & {state: 'closed'})
  | (Timed & {state: 'open'})
  /** One call, of `holder`, is trying whether the service is back. */
  | (Timed & {state: 'half_open'; holder: string});

export const newBreaker: Breaker = {state: 'closed', epoch: 0, failures: 0, lastFailureAt: null, cause: null};

/** Leave to make one call. A result counts only while the breaker is still in `epoch`. */
export type Permit = {epoch: number; kind: 'normal' | 'probe' | 'last_resort'};

/**
 * Why a call may be let through although the breaker is open. `under_way`: the call began before it opened and there is
 * no other route; `early`: the same for a new turn, which may probe if its start is well after the last failure.
 */
export type Exception = 'none' | 'under_way' | 'early';

export type Admission = {next: Breaker; permit: Permit | null};

/** `elapsedMs` is how long the present state has held; the caller takes the larger of wall and monotonic time. */
export type Moment = {now: number; elapsedMs: number};

export function admit(
  breaker: Breaker,
  call: Moment & {holder: string; leaseMs: number; exception: Exception},
): Admission {
  if (breaker.state === 'closed') return {next: breaker, permit: {epoch: breaker.epoch, kind: 'normal'}};
  const over = call.elapsedMs >= breaker.forMs;
  if (over || (breaker.state === 'open' && call.exception === 'early')) {
    const {holder, leaseMs: forMs, now: since} = call;
    const next: Breaker = {...common(breaker), state: 'half_open', epoch: breaker.epoch + 1, since, forMs, holder};
    return {next, permit: {epoch: next.epoch, kind: 'probe'}};
  }
  const lastResort = breaker.state === 'open' && call.exception === 'under_way';
  return {next: breaker, permit: lastResort ? {epoch: breaker.epoch, kind: 'last_resort'} : null};
}

/** `openForMs` opens at once for that long; otherwise the threshold decides. */
export type CallResult =
  | {kind: 'works'}
  | {kind: 'neutral'}
  | {kind: 'failure'; cause: string; openForMs?: number | undefined};

export function settle(
  breaker: Breaker,
  permit: Permit,
  result: CallResult,
  rules: {now: number; threshold: number; cooldownMs: number},
): Breaker {
  // A call that began in an earlier epoch tells of a service that has been judged anew since.
  if (permit.epoch !== breaker.epoch) return breaker;
  if (result.kind === 'works') return afterSuccess(breaker);
  if (result.kind === 'neutral') return afterNothing(breaker, rules.now);
  const failures = breaker.failures + 1;
  const failed = {...common(breaker), failures, lastFailureAt: rules.now, cause: result.cause};
  const open = (forMs: number): Breaker => {
    return {...failed, state: 'open', epoch: breaker.epoch + 1, since: rules.now, forMs};
  };
  if (result.openForMs !== undefined) return open(result.openForMs);
  if (breaker.state === 'half_open') return open(rules.cooldownMs);
  if (breaker.state === 'open') return {...breaker, failures, lastFailureAt: rules.now};
  return failures >= rules.threshold ? open(rules.cooldownMs) : {...failed, state: 'closed', epoch: breaker.epoch};
}

function afterSuccess(breaker: Breaker): Breaker {
  if (breaker.state === 'closed' && breaker.failures === 0) return breaker;
  const epoch = breaker.state === 'closed' ? breaker.epoch : breaker.epoch + 1;
  return {...newBreaker, epoch};
}

/** A probe that ended without an answer leaves the time up: the next call probes. */
function afterNothing(breaker: Breaker, now: number): Breaker {
  if (breaker.state !== 'half_open') return breaker;
  return {...common(breaker), state: 'open', epoch: breaker.epoch + 1, since: now, forMs: 0};
}

/** A holder that is known to be dead has no lease. */
export function withoutDeadHolder(breaker: Breaker, isAlive: (holder: string) => boolean): Breaker {
  return breaker.state === 'half_open' && !isAlive(breaker.holder) ? {...breaker, forMs: 0} : breaker;
}

/** A time in the future, left by a clock that was set back since, counts as `now − elapsedMs`. */
export function withoutFuture(breaker: Breaker, {now, elapsedMs}: Moment): Breaker {
  const lastFailureAt = breaker.lastFailureAt === null ? null : Math.min(breaker.lastFailureAt, now);
  const unchanged = lastFailureAt === breaker.lastFailureAt;
  if (breaker.state === 'closed') return unchanged ? breaker : {...breaker, lastFailureAt};
  if (breaker.since <= now && unchanged) return breaker;
  return {...breaker, lastFailureAt, since: breaker.since <= now ? breaker.since : now - elapsedMs};
}

/** A holder that is still at work keeps its lease. */
export function renewed(breaker: Breaker, permit: Permit, now: number): Breaker {
  return breaker.state === 'half_open' && breaker.epoch === permit.epoch ? {...breaker, since: now} : breaker;
}

/** Closed by the user's hand; results of calls under way do not count any more. */
export function reset(breaker: Breaker): Breaker {
  return {...newBreaker, epoch: breaker.epoch + 1};
}

/** How long until the state lets a call through by itself; 0 when it does now. */
export function remainingMs(breaker: Breaker, elapsedMs: number): number {
  return breaker.state === 'closed' ? 0 : Math.max(0, breaker.forMs - elapsedMs);
}

function common({failures, lastFailureAt, cause}: Breaker): Omit<Common, 'epoch'> {
  return {failures, lastFailureAt, cause};
}
