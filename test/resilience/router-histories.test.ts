// Random histories of two failing providers on a fake clock: what must hold whatever happens.

import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import type {ProviderFaultClass} from '../../src/core/errors.ts';
import {faultPolicies} from '../../src/resilience/fault-policy.ts';
import {routerBench, usualSettings} from '../support/router-bench.ts';
import {type PlayedStep, scriptedProvider} from '../support/scripted-provider.ts';

const classes = Object.keys(faultPolicies) as ProviderFaultClass[];
const thrown = classes.filter(kind => kind !== 'aborted' && kind !== 'deadline');

const step: fc.Arbitrary<PlayedStep> = fc.oneof(
  {weight: 3, arbitrary: fc.constant<PlayedStep>({text: 'whole answer'})},
  {
    weight: 6,
    arbitrary: fc.record({
      fault: fc.record(
        {
          class: fc.constantFrom(...thrown),
          retryHint: fc.record({
            delayMs: fc.constantFrom(0, 700, 9000, 34_000, 120_000, 900_000),
            source: fc.constant('header' as const),
          }),
        },
        {requiredKeys: ['class']},
      ),
      afterText: fc.constantFrom('', 'half'),
    }),
  },
  {weight: 1, arbitrary: fc.constant<PlayedStep>({hang: true, afterText: 'half'})},
  {weight: 1, arbitrary: fc.constant<PlayedStep>({cut: 'half'})},
);

const script = fc.array(step, {minLength: 1, maxLength: 12});
const pauses = fc.array(fc.constantFrom(0, 5000, 11_000, 300_000), {minLength: 1, maxLength: 5});

describe('random histories', () => {
  it('end in time, ask each provider at most five times a call, and show an answer exactly once', async () => {
    await fc.assert(
      fc.asyncProperty(script, script, pauses, async (first, second, waits) => {
        const bench = routerBench([scriptedProvider('gemini', ...first), scriptedProvider('openai', ...second)]);
        for (const waitMs of waits) {
          await bench.clock.advance(waitMs);
          const before = bench.events.length;
          const {reply, error, tookMs} = await bench.call();
          const events = bench.events.slice(before);
          expect(reply !== null).toBe(error === null);
          expect(tookMs).toBeLessThanOrEqual(usualSettings.turnDeadlineMs);

          let shown = '';
          for (const event of events) {
            if (event.type === 'text_delta') shown += event.delta;
            if (event.type !== 'attempt_discarded') continue;
            expect(event.chars).toBe(shown.length);
            shown = '';
          }
          expect(shown).toBe(reply?.text ?? '');

          const asked = events.flatMap(event => (event.type === 'attempt_start' ? [event] : []));
          for (const name of ['gemini', 'openai']) {
            const numbers = asked.filter(event => event.provider === name).map(event => event.attempt);
            expect(numbers).toEqual(numbers.map((_, index) => index + 1));
            expect(numbers.length).toBeLessThanOrEqual(5);
          }
          for (const event of events)
            if (event.type === 'retry_scheduled')
              expect(event.delayMs).toBeGreaterThanOrEqual(500 * 2 ** (event.attempt - 1));
        }
      }),
      {seed: 20_260_131, numRuns: 150},
    );
  });

  it('never ask an open provider while another one that was not tried is closed', async () => {
    await fc.assert(
      fc.asyncProperty(script, script, pauses, async (first, second, waits) => {
        const bench = routerBench([scriptedProvider('gemini', ...first), scriptedProvider('openai', ...second)]);
        for (const waitMs of waits) {
          await bench.clock.advance(waitMs);
          const before = bench.events.length;
          await bench.call();
          const state: Record<string, string> = {};
          const tried = new Set<string>();
          for (const event of bench.events.slice(0, before))
            if (event.type === 'breaker_change') state[event.provider] = event.to;
            else if (event.type === 'route_blocked') state[event.provider] = 'blocked';
          for (const event of bench.events.slice(before)) {
            if (event.type === 'breaker_change') state[event.provider] = event.to;
            if (event.type === 'route_blocked') state[event.provider] = 'blocked';
            if (event.type !== 'attempt_start') continue;
            const other = event.provider === 'gemini' ? 'openai' : 'gemini';
            if (state[event.provider] === 'open' && !tried.has(other))
              expect(state[other] ?? 'closed').not.toBe('closed');
            expect(state[event.provider]).not.toBe('blocked');
            tried.add(event.provider);
          }
        }
      }),
      {seed: 42, numRuns: 150},
    );
  });
});
