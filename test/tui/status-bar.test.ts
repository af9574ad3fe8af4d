import {Chalk} from 'chalk';
import {describe, expect, it} from 'vitest';
import type {RouteStatus} from '../../src/core/chat.ts';
import {nextTick, type StatusInput, statusBar} from '../../src/tui/status-bar.ts';
import {cellWidth} from '../../src/tui/text-width.ts';

const plain = new Chalk({level: 0});
const now = 1_000_000;
const route = (change: Partial<RouteStatus> = {}): RouteStatus => ({
  provider: 'gemini',
  model: 'm',
  state: 'closed',
  failures: 0,
  threshold: 3,
  openUntil: null,
  cause: null,
  blocked: null,
  ...change,
});
const openai = route({provider: 'openai'});
const open = route({state: 'open', failures: 3, openUntil: now + 272_000});

const input = (change: Partial<StatusInput> = {}, routes: RouteStatus[] = [route()]): StatusInput => ({
  status: {
    routes,
    dataset: {name: 'sales', version: 2, rows: 4000, columns: 12},
    sampled: null,
    usage: {inputTokens: 1000, outputTokens: 234},
    money: null,
    contextShare: 0.12,
    privacy: null,
  },
  retry: null,
  provider: null,
  turnStartedAt: null,
  stopping: false,
  queued: 0,
  hint: null,
  ...change,
});
const sending = (level: string, rowsSent: number, bytesSent: number) => ({
  ...input(),
  status: {...input().status, privacy: {level, rowsSent, bytesSent}},
});
const bar = (value: StatusInput, width = 200) => statusBar(value, now, width, plain);
const retry = (endsAt: number) => ({provider: 'gemini', attempt: 2, of: 4, endsAt, cause: '429'});

describe('the status bar', () => {
  it.each([
    ['gemini ● closed 1/3', input({}, [route({failures: 1})])],
    ['gemini ○ open 4:32 → openai', input({}, [open, openai])],
    ['gemini ○ open 4:32 → openai ● closed 1/3', input({provider: 'openai'}, [open, {...openai, failures: 1}])],
    ['gemini ○ open 4:32 · sales', input({provider: 'gemini'}, [open])],
    ['gemini ◐ probing', input({}, [route({state: 'half_open'})])],
    ['gemini ◐ probes next', input({}, [route({state: 'open', openUntil: now - 5})])],
    ['openai ✗ key refused', input({}, [route({provider: 'openai', blocked: 'key refused'})])],
    ['retry 2/4 in 0.7s (429)', input({retry: retry(now + 700)})],
    ['retry 2/4 in 12s (429)', input({retry: retry(now + 11_300)})],
    ['offline · sales 4,000 × 12 v2', input({}, [route({provider: 'offline'})])],
    ['sales 4,000 × 12 v2', input()],
    ['1,234 tokens', input()],
    ['privacy rows · 12 rows sent', sending('rows', 12, 9_000)],
    ['privacy rows · 1 row sent', sending('rows', 1, 9_000)],
    ['privacy schema · 8.8 KB sent', sending('schema', 0, 9_000)],
    ['privacy aggregates', sending('aggregates', 0, 0)],
    ['context 12%', input()],
    ['gemini ● closed · m · sales', input({}, [route({model: 'm'})])],
    ['v2 · FULL', {...input(), status: {...input().status, sampled: false}}],
    ['v2 · SAMPLE', {...input(), status: {...input().status, sampled: true}}],
    [
      '1,234 tokens · $0.0042',
      {...input(), status: {...input().status, money: {dollars: 0.0042, estimated: false, unpriced: false}}},
    ],
    [
      '≈ $1.50 + unpriced',
      {...input(), status: {...input().status, money: {dollars: 1.5, estimated: true, unpriced: true}}},
    ],
    [
      'no price known',
      {...input(), status: {...input().status, money: {dollars: 0, estimated: false, unpriced: true}}},
    ],
    ['2 queued', input({queued: 2})],
    ['1:05', input({turnStartedAt: now - 65_000})],
  ])('says "%s"', (expected, value) => {
    expect(bar(value)).toContain(expected);
  });

  it('never is wider than the screen, and the breaker is the last thing to go', () => {
    const value = input({queued: 1, turnStartedAt: now - 3000}, [open, openai]);
    for (let width = 1; width < 120; width++) expect(cellWidth(bar(value, width))).toBeLessThanOrEqual(width);
    const sampled = {...value, status: {...value.status, sampled: true}};
    expect(bar(sampled, 62)).toContain('SAMPLE');
    expect(bar(value, 30)).toBe('gemini ○ open 4:32 → openai');
    expect(bar(value, 52)).toBe('gemini ○ open 4:32 → openai · sales 4,000 × 12 v2');
  });

  it('a hint stands alone', () => {
    expect(bar(input({hint: 'Ctrl-C again to quit'}))).toBe('Ctrl-C again to quit');
  });

  it('makes names from outside harmless', () => {
    expect(bar(input({retry: {...retry(now), cause: '\x1b[2J'}}))).not.toContain('\x1b');
  });
});

describe('the tick', () => {
  const tick = (value: StatusInput) => nextTick(value, now);
  it('is none at all while nothing waits', () => {
    expect(tick(input())).toBeNull();
    expect(tick(input({}, [route({state: 'open', openUntil: now - 1})]))).toBeNull();
    expect(tick(input({}, [route({state: 'open', openUntil: now + 9000, blocked: 'auth'})]))).toBeNull();
  });

  it('is one second while a turn runs or a breaker is open', () => {
    expect(tick(input({turnStartedAt: now}))).toBe(1000);
    expect(tick(input({}, [open]))).toBe(1000);
  });

  it('is a tenth of a second in the last two seconds of a wait', () => {
    expect(tick(input({retry: retry(now + 1900)}))).toBe(100);
  });

  it('falls on the change of the shown second', () => {
    expect(tick(input({retry: retry(now + 5300)}))).toBe(300);
  });
});
