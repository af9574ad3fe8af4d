// What follows from each class of failure: retry or not, what it means for the breaker, and when another route helps.

import type {ProviderFaultClass} from '../core/errors.ts';

/**
 * `retry`: along the ladder, one time, or not. `breaker`: a failure of the service (`count`), one that opens at once
 * (`open`), one that says nothing of the service (`neutral`), or proof that it works (`alive`). `elsewhere`: another
 * route is used when this one's breaker is open or its retries are spent, at once, or not at all. `block`: this process
 * gives the route up.
 */
export type FaultPolicy = {
  retry: 'ladder' | 'once' | 'no';
  breaker: 'count' | 'open' | 'neutral' | 'alive';
  elsewhere: 'when_open' | 'at_once' | 'no';
  block: boolean;
};

const countable: FaultPolicy = {retry: 'ladder', breaker: 'count', elsewhere: 'when_open', block: false};
const ourMistake: FaultPolicy = {retry: 'no', breaker: 'alive', elsewhere: 'no', block: false};
const routeUseless: FaultPolicy = {retry: 'no', breaker: 'neutral', elsewhere: 'at_once', block: true};
const saysNothing: FaultPolicy = {retry: 'no', breaker: 'neutral', elsewhere: 'no', block: false};

export const faultPolicies: Record<ProviderFaultClass, FaultPolicy> = {
  aborted: saysNothing,
  deadline: saysNothing,
  rate_limit: countable,
  quota_long: {retry: 'no', breaker: 'open', elsewhere: 'at_once', block: false},
  quota_billing: routeUseless,
  overloaded: countable,
  server: countable,
  timeout: countable,
  network: countable,
  // No name server and no route are our side's trouble: the service may be well, and another one is as far away.
  offline: {retry: 'ladder', breaker: 'neutral', elsewhere: 'no', block: false},
  stream_cut: countable,
  bad_response: {...countable, retry: 'once'},
  auth: routeUseless,
  no_model: routeUseless,
  context: ourMistake,
  bad_request: ourMistake,
  safety: ourMistake,
  unknown: saysNothing,
};
