import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {HYPOTHESIS_TESTS, type HypothesisTest} from '../../src/analysis/hypothesis/hypothesis-tests.ts';
import type {TestResult} from '../../src/analysis/hypothesis/result.ts';
import {resultSentence} from '../../src/analysis/hypothesis/sentence.ts';
import {ToolError} from '../../src/core/errors.ts';

type Inputs = {a: Float64Array; b: Float64Array; c: Float64Array; counts: number[]};

function run(test: HypothesisTest, {a, b, c, counts}: Inputs): TestResult {
  const half = counts.length >> 1;
  switch (test.takes) {
    case 'sample':
      return test.run(a);
    case 'sample-and-number':
      return test.run(a, b.find(Number.isFinite) ?? 0);
    case 'pairs':
      return test.run(a.subarray(0, Math.min(a.length, b.length)), b.subarray(0, Math.min(a.length, b.length)));
    case 'two-samples':
      return test.run(a, b);
    case 'groups':
      return test.run([a, b, c]);
    case 'counts':
      return test.run(counts);
    case 'repeated':
      return test.run([a, b, c].map(each => each.subarray(0, Math.min(a.length, b.length, c.length))));
    case 'counts-and-number':
      return test.run(counts.slice(0, 2), 0.3);
    case 'paired-table':
      return test.run([counts.slice(0, 2), counts.slice(2, 4)]);
    case 'table':
      return test.run([counts.slice(0, half), counts.slice(half, 2 * half)]);
  }
}

const value = fc.oneof(
  fc.integer({min: -5, max: 5}),
  fc.double({min: -1e6, max: 1e6, noNaN: true}),
  fc.constantFrom(Number.NaN, 1e9, 1e9 + 1, -0, 1e-12, Number.POSITIVE_INFINITY),
);
const column = fc.array(value, {maxLength: 30}).map(values => Float64Array.from(values));
const inputs = fc.record({a: column, b: column, c: column, counts: fc.array(fc.nat(500), {maxLength: 8})});

it('names are unique', () => {
  expect(new Set(HYPOTHESIS_TESTS.map(test => test.name)).size).toBe(HYPOTHESIS_TESTS.length);
});

describe.each(HYPOTHESIS_TESTS.map(test => [test.name, test] as const))('%s', (_, test) => {
  it('ends in a result with p from 0 to 1, or in a ToolError, whatever the data are', () => {
    let results = 0;
    fc.assert(
      fc.property(inputs, given => {
        const before = structuredClone(given);
        try {
          const result = run(test, given);
          results++;
          expect(result.p).toBeGreaterThanOrEqual(0);
          expect(result.p).toBeLessThanOrEqual(1);
          for (const {low, high, value: middle} of result.effects)
            if (low !== null && high !== null && Number.isFinite(middle)) {
              expect(low).toBeLessThanOrEqual(middle);
              expect(high).toBeGreaterThanOrEqual(middle);
            }
          expect(resultSentence(result)).not.toMatch(/undefined|NaN/);
        } catch (error) {
          if (!(error instanceof ToolError)) throw error;
        }
        expect(given).toEqual(before);
      }),
      {seed: 7, numRuns: 300},
    );
    expect(results).toBeGreaterThan(20);
  });

  it('an infinite value is named, not turned into NaN', () => {
    if (test.takes.includes('counts') || test.takes.includes('table')) return;
    const a = Float64Array.from({length: 12}, (__, i) => (i === 5 ? Number.POSITIVE_INFINITY : i * i));
    const b = Float64Array.from({length: 12}, (__, i) => i % 5);
    expect(() => run(test, {a, b, c: b, counts: []})).toThrow(expect.objectContaining({code: 'test.infinite_values'}));
  });
});
