// Every place in which a service can say how long to wait, and every way in which it can say it wrongly.

import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {backoff} from '../../src/resilience/backoff.ts';
import {findRetryHint} from '../../src/resilience/retry-hint.ts';

const now = Date.parse('2026-01-31T12:00:00Z');
const hint = (headers: Record<string, string>, text = '', details: unknown[] = []) =>
  findRetryHint({headers: new Headers(headers), text, details}, now);

describe('headers', () => {
  it.each<[string, Record<string, string>, number]>([
    ['seconds', {'retry-after': '3'}, 3000],
    ['parts of seconds', {'retry-after': '0.25'}, 250],
    ['zero', {'retry-after': '0'}, 0],
    ['a year, which is taken for a day', {'retry-after': '31536000'}, 86_400_000],
    ['more digits than a number holds', {'retry-after': '9'.repeat(400)}, 86_400_000],
    ['milliseconds before seconds', {'retry-after-ms': '700', 'retry-after': '9'}, 700],
    ['junk milliseconds, then seconds', {'retry-after-ms': 'NaN', 'retry-after': '9'}, 9000],
    ['a date', {'retry-after': 'Sat, 31 Jan 2026 12:00:30 GMT'}, 30_000],
    [
      'a date against the clock of the server',
      {'retry-after': 'Sat, 31 Jan 2026 15:00:30 GMT', date: 'Sat, 31 Jan 2026 15:00:00 GMT'},
      30_000,
    ],
  ])('%s', (_, headers, delayMs) => {
    expect(hint(headers)).toEqual({delayMs, source: 'header'});
  });

  it.each(['-5', 'soon', 'NaN', '', 'Infinity', '1e9', '0x10', '5s', 'Sat, 31 Jan 2026 11:59:00 GMT'])(
    'retry-after %j is ignored',
    value => {
      expect(hint({'retry-after': value})).toBeNull();
    },
  );

  it('no header value at all can give a delay that is negative or no number', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[ -~]{0,20}$/), value => {
        const found = hint({'retry-after': value, 'retry-after-ms': value});
        return found === null || (Number.isFinite(found.delayMs) && found.delayMs >= 0);
      }),
      {seed: 3},
    );
  });
});

describe('details and text', () => {
  it.each<[unknown[], number | undefined]>([
    [[{'@type': 'x', retryDelay: '34s'}], 34_000],
    [[{retryDelay: '34.5s'}], 34_500],
    [[null, 'x', {retryDelay: 12}], undefined],
    [[{retryDelay: '-3s'}], undefined],
  ])('RetryInfo %j', (details, delayMs) => {
    expect(hint({}, '', details)?.delayMs).toBe(delayMs);
  });

  it.each<[string, number | undefined]>([
    ['Please try again in 1h2m3.4s. Visit …', 3_723_400],
    ['Please try again in 900ms.', 900],
    ['try again in 20s', 20_000],
    ['Please retry in 34.074824224s.', 34_074.824224],
    ['try again in 6m0s', 360_000],
    ['try again in 20 seconds', 20_000],
    ['Try again in 2 minutes', 120_000],
    ['try again in a moment', undefined],
    ['try again in -5s', undefined],
    ['try again in 5 steps', undefined],
  ])('%j', (text, delayMs) => {
    expect(hint({}, text)?.delayMs).toEqual(delayMs === undefined ? undefined : expect.closeTo(delayMs, 3));
  });

  it('headers come before details, details before text', () => {
    const details = [{retryDelay: '2s'}];
    expect(hint({'retry-after': '1'}, 'try again in 3s', details)?.source).toBe('header');
    expect(hint({}, 'try again in 3s', details)?.source).toBe('retry_info');
    expect(hint({}, 'try again in 3s')?.source).toBe('text');
  });
});

describe('backoff', () => {
  const settings = {retryBaseMs: 500, retryJitter: 0.2};

  it('is never shorter than the ladder or the hint, and at most 20 % longer', () => {
    fc.assert(
      fc.property(
        fc.integer({min: 1, max: 12}),
        fc.option(fc.nat(100_000)),
        fc.double({min: 0, max: 0.999999, noNaN: true}),
        (retry, asked, random) => {
          const found = backoff(
            retry,
            asked === null ? undefined : {delayMs: asked, source: 'header'},
            settings,
            () => random,
          );
          const least = Math.max(Math.min(500 * 2 ** (retry - 1), 60_000), asked ?? 0);
          return found.wantedMs === least && found.delayMs >= least && found.delayMs <= least * 1.2;
        },
      ),
      {seed: 5},
    );
  });

  it('names the ladder as the source when the server asked for less', () => {
    expect(backoff(3, {delayMs: 100, source: 'text'}, settings, () => 0)).toEqual({
      wantedMs: 2000,
      delayMs: 2000,
      source: 'ladder',
    });
  });
});
