import {describe, expect, it} from 'vitest';
import {isAsKept, sealed} from '../../../src/tools/training/model-checksum.ts';

const content = {
  format: 'ds-agent-model',
  classes: ['a"b', 'é\u2028'],
  decision: undefined,
  holdout: {rmse: 0.1, r2: Number.NaN},
  parameters: {intercept: -1e-7, coefficients: [1.5, 2e21], __proto__x: {b: 1, a: [null]}},
};
const kept = sealed(content);
const holds = (text: string) => isAsKept(text, JSON.parse(text));

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, each]) => [key, reversed(each)]),
  );
}

describe('the checksum of a model', () => {
  it('holds for the text as it was written, which ends with it', () => {
    expect(holds(kept)).toBe(true);
    expect(kept).toMatch(/,"checksum":\{"text":"[0-9a-f]{64}","content":"[0-9a-f]{64}"\}\}$/);
    expect(JSON.parse(kept)).toMatchObject(JSON.parse(JSON.stringify(content)));
  });

  it.each([
    ['a line behind it', (text: string) => `${text}\n`],
    ['other spaces', (text: string) => JSON.stringify(JSON.parse(text), null, 4)],
    ['keys in another order', (text: string) => JSON.stringify(reversed(JSON.parse(text)))],
    ['numbers as Python writes them', (text: string) => text.replace('-1e-7', '-1e-07').replace('2e+21', '2.0e+21')],
    ['no checksum', (text: string) => text.replace(/,"checksum".*/, '}')],
  ])('does not mind %s', (_, change) => {
    expect(change(kept)).not.toBe(kept);
    expect(holds(change(kept))).toBe(true);
  });

  it.each([
    ['a coefficient', (text: string) => text.replace('1.5', '1000000')],
    ['a digit', (text: string) => text.replace('1.5', '1.4')],
    ['two values in each other’s place', (text: string) => text.replace('[1.5,2e+21]', '[2e+21,1.5]')],
    ['the name of a key', (text: string) => text.replace('"intercept"', '"Intercept"')],
    ['a further key', (text: string) => text.replace('{', '{"task":"regression",')],
    ['a digit of the checksums', (text: string) => text.replace(/"[0-9a-f]{64}"/g, `"${'0'.repeat(64)}"`)],
    ['a checksum of nothing', (text: string) => text.replace(/"checksum".*/, '"checksum":null}')],
  ])('sees %s', (_, change) => {
    expect(change(kept)).not.toBe(kept);
    expect(holds(change(kept))).toBe(false);
  });

  it('sees one flipped bit at every place that is still read as JSON and says something else', () => {
    const bytes = Buffer.from(kept);
    const same = JSON.stringify({...JSON.parse(kept), checksum: null});
    for (let at = 0; at < bytes.length; at++) {
      const flipped = Buffer.from(bytes);
      flipped[at] = (flipped[at] ?? 0) ^ 1;
      const text = flipped.toString('utf8');
      let parsed: {checksum?: unknown};
      try {
        parsed = JSON.parse(text);
      } catch {
        continue;
      }
      // Of the checksums themselves one is enough; the key that names them says nothing of the model.
      const saysElse = 'checksum' in parsed && JSON.stringify({...parsed, checksum: null}) !== same;
      if (saysElse) expect(isAsKept(text, parsed), `byte ${at}`).toBe(false);
    }
  });
});
