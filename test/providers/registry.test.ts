// What every provider must keep to, whichever it is, and how routes are told apart.

import {describe, expect, it} from 'vitest';
import {ProviderError} from '../../src/core/errors.ts';
import {Secret} from '../../src/core/secret.ts';
import {PROVIDERS, type ProviderName, routeKey} from '../../src/providers/index.ts';
import {closedAddress, startFakeLlmServer} from '../support/fake-llm-server.ts';
import {says} from '../support/fake-llm-steps.ts';
import {requestOf, run} from '../support/provider-run.ts';

const names = Object.keys(PROVIDERS) as ProviderName[];
const apiKey = new Secret('sk-test-0123456789');

describe.each(names)('%s', name => {
  it('gives its name and a model, and ends a reply with exactly one end chunk', async () => {
    const server = await startFakeLlmServer({openai: [says('hello')], gemini: [says('hello')]});
    const baseUrl = name === 'openai' ? server.openAiBaseUrl : server.geminiBaseUrl;
    const provider = await PROVIDERS[name]({apiKey, model: 'm', baseUrl});
    const {chunks, error} = await run(provider, requestOf('what can I ask?'));
    await server.close();
    expect(provider.name).toBe(name);
    expect(provider.model).not.toBe('');
    expect(error).toBeUndefined();
    expect(chunks.filter(chunk => chunk.type === 'end')).toHaveLength(1);
    expect(chunks.at(-1)?.type).toBe('end');
  });

  it('throws nothing but a ProviderError', async () => {
    const provider = await PROVIDERS[name]({apiKey, model: 'm', baseUrl: await closedAddress()});
    const {error} = await run(provider);
    expect(error === undefined || error instanceof ProviderError).toBe(true);
  });
});

describe('route keys', () => {
  const base = {apiKey, model: 'm', baseUrl: 'http://127.0.0.1'};

  it('differ by provider, key, model and address, and do not hold the key', () => {
    const keys = [
      routeKey('openai', base),
      routeKey('gemini', base),
      routeKey('openai', {...base, apiKey: new Secret('sk-other')}),
      routeKey('openai', {...base, model: 'n'}),
      routeKey('openai', {apiKey, model: 'm'}),
    ];
    expect(new Set(keys).size).toBe(5);
    expect(keys.join()).not.toContain('0123456789');
    expect(routeKey('openai', {...base})).toBe(keys[0]);
  });
});
