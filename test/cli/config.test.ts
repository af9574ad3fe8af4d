import {inspect} from 'node:util';
import {describe, expect, it} from 'vitest';
import {type ConfigInput, loadConfig, maskKey} from '../../src/cli/config.ts';
import {settingsTable} from '../../src/cli/settings.ts';
import {ConfigError} from '../../src/core/errors.ts';
import {Secret} from '../../src/core/secret.ts';

const openaiKey = 'sk-proj-abcdefghijklmnopqrstuvwxyz0123';
const geminiKey = 'AIzaSyABCDEFGHIJKLMNOPQRSTUVWXYZ45678';

const load = (input: Partial<ConfigInput> = {}) =>
  loadConfig({flags: {}, env: {}, files: [], defaultStateDirectory: '/state', ...input});
const file = (origin: 'user file' | 'project file', content: unknown) => ({
  path: `/${origin}.json`,
  text: typeof content === 'string' ? content : JSON.stringify(content),
  origin,
});

function problemOf(input: Partial<ConfigInput>): ConfigError {
  try {
    load(input);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('accepted');
}

describe('where a value comes from', () => {
  const all = {
    flags: {DS_AGENT_WORKSPACE: 'flag'},
    env: {DS_AGENT_WORKSPACE: 'environment'},
    files: [file('user file', {DS_AGENT_WORKSPACE: 'user'}), file('project file', {DS_AGENT_WORKSPACE: 'project'})],
  };
  it.each([
    ['flag', all, 'flag'],
    ['environment', {...all, flags: {}}, 'environment'],
    ['project file', {files: all.files}, 'project'],
    ['user file', {files: all.files.slice(0, 1)}, 'user'],
    ['default', {}, 'workspace'],
  ])('%s beats all that are weaker, and the report says so', (origin, input, workspace) => {
    const config = load(input);
    expect(config.workspace).toBe(workspace);
    expect(config.report.find(each => each.variable === 'DS_AGENT_WORKSPACE')).toMatchObject({origin});
  });

  it('an empty variable is as good as none', () => {
    expect(load({env: {OPENAI_MODEL: '', OPENAI_API_KEY: ''}})).toMatchObject({
      openai: {apiKey: null, model: 'gpt-4o-mini'},
      providers: ['offline'],
    });
  });

  it('the report holds every variable once, in the order of the table', () => {
    expect(load().report.map(each => each.variable)).toEqual(settingsTable.map(each => each.variable));
  });

  it('the result is frozen', () => {
    expect(Object.isFrozen(load())).toBe(true);
  });
});

describe('problems', () => {
  it('are all reported at once, each with the name of its variable', () => {
    const error = problemOf({
      env: {OPENAI_BASE_URL: 'not a url', GOOGLE_GEMINI_BASE_URL: 'ftp://x', DS_AGENT_PROVIDERS: 'openai,claude'},
      files: [file('project file', {OPENAI_MODLE: 'x'}), file('user file', '{broken')],
    });
    expect(error).toMatchObject({code: 'config.invalid', exitCode: 4});
    for (const part of [
      '6 problems',
      'OPENAI_BASE_URL',
      'GOOGLE_GEMINI_BASE_URL',
      'claude',
      'OPENAI_API_KEY',
      'OPENAI_MODLE',
      'user file.json',
    ])
      expect(error.message).toContain(part);
    expect(error.message).not.toContain('\n');
  });

  it('a file that holds nested values is refused', () => {
    expect(problemOf({files: [file('project file', {OPENAI_MODEL: {a: 1}})]}).message).toContain('plain values');
  });

  it.each([
    ['LITELLM_MAX_RETRIES', 'abc', '4'],
    ['LITELLM_MAX_RETRIES', '-1', '4'],
    ['LITELLM_MAX_RETRIES', '1.5', '4'],
    ['LITELLM_TIMEOUT_SECONDS', '1e3', '60'],
    ['LITELLM_TIMEOUT_SECONDS', 'NaN', '60'],
    ['UPLOAD_SIZE_LIMIT_MB', '0', '50'],
    ['DS_AGENT_RETRY_JITTER', '2', '0.2'],
    ['DS_AGENT_BREAKER_THRESHOLD', 'Infinity', '3'],
    ['USE_GEMINI', 'maybe', 'false'],
    ['LOG_LEVEL', 'loud', 'info'],
  ])('%s=%s is replaced by %s, with one warning', (name, value, fallback) => {
    const {warnings, report} = load({env: {[name]: value}});
    expect(warnings).toEqual([`${name}=${value} is not usable; ${fallback} is used.`]);
    expect(report.find(each => each.variable === name)).toMatchObject({value: fallback, origin: 'default'});
  });

  it('control characters of a bad value do not reach the warning', () => {
    expect(load({env: {LOG_LEVEL: '\u001b[2J'}}).warnings[0]).toContain('\\x1b');
  });
});

describe('numbers and switches', () => {
  it('come out in the unit of their field', () => {
    const {resilience, uploadLimitBytes, memoryLimitBytes} = load({
      env: {
        LITELLM_TIMEOUT_SECONDS: '1.5',
        UPLOAD_SIZE_LIMIT_MB: '2',
        DS_AGENT_MEMORY_LIMIT_MB: '256',
        LITELLM_MAX_RETRIES: '0',
      },
    });
    expect(resilience).toMatchObject({timeoutMs: 1_500, maxRetries: 0, retryBaseMs: 500, breakerCooldownMs: 300_000});
    expect(uploadLimitBytes).toBe(2 * 1024 * 1024);
    expect(memoryLimitBytes).toBe(256 * 1024 * 1024);
  });

  it.each(['true', 'TRUE', '1', 'yes', 'on'])('USE_GEMINI=%s puts Gemini first', value => {
    const env = {USE_GEMINI: value, OPENAI_API_KEY: openaiKey, GEMINI_API_KEY: geminiKey};
    expect(load({env}).providers).toEqual(['gemini', 'openai']);
  });

  it.each([
    [{}, ['offline']],
    [{OPENAI_API_KEY: openaiKey}, ['openai']],
    [{GEMINI_API_KEY: geminiKey}, ['gemini']],
    [{GOOGLE_API_KEY: geminiKey}, ['gemini']],
    [{OPENAI_API_KEY: openaiKey, GEMINI_API_KEY: geminiKey}, ['openai']],
    [{OPENAI_BASE_URL: 'http://localhost:11434/v1'}, ['openai']],
    [{USE_GEMINI: '1', OPENAI_API_KEY: openaiKey}, ['openai']],
    [{DS_AGENT_PROVIDERS: 'offline', OPENAI_API_KEY: openaiKey}, ['offline']],
    [
      {DS_AGENT_PROVIDERS: ' OpenAI , gemini,openai', OPENAI_API_KEY: openaiKey, GEMINI_API_KEY: geminiKey},
      ['openai', 'gemini'],
    ],
  ])('%j asks %j', (env, providers) => {
    expect(load({env}).providers).toEqual(providers);
  });

  it.each([
    [{NO_COLOR: '1'}, {}, false],
    [{FORCE_COLOR: '1'}, {}, true],
    [{FORCE_COLOR: '0'}, {}, false],
    [{NO_COLOR: '1', FORCE_COLOR: '1'}, {}, false],
    [{NO_COLOR: '1'}, {FORCE_COLOR: '1'}, true],
    [{}, {}, null],
  ] as const)('colour of %j with the flags %j is %s', (env, flags, color) => {
    expect(load({env, flags}).color).toBe(color);
  });
});

describe('keys', () => {
  const config = load({env: {OPENAI_API_KEY: openaiKey, GEMINI_API_KEY: geminiKey}});

  it('are printed by nothing that turns the configuration into text', () => {
    const texts = [
      JSON.stringify(config),
      inspect(config, {depth: null, showHidden: true}),
      `${config.openai.apiKey}`,
      String(config.gemini.apiKey),
    ];
    for (const text of texts) {
      expect(text).not.toContain(openaiKey);
      expect(text).not.toContain(geminiKey);
      expect(text).not.toContain(openaiKey.slice(3, 12));
    }
  });

  it('can be read by the one who needs them', () => {
    expect(config.openai.apiKey?.reveal()).toBe(openaiKey);
  });

  it('show their last four characters when long and nothing when short', () => {
    expect(maskKey(openaiKey)).toBe('•••0123');
    expect(maskKey('short-key')).toBe('•••');
    expect(config.report.find(each => each.variable === 'OPENAI_API_KEY')?.value).toBe('•••0123');
  });

  it('a Secret shows nothing in a template, JSON, inspect or an error', () => {
    const secret = new Secret('hunter2');
    const shown = [
      `${secret}`,
      JSON.stringify({secret}),
      inspect(secret),
      inspect({a: [secret]}),
      new Error(`${secret}`).message,
    ];
    for (const text of shown) expect(text).not.toContain('hunter2');
    expect(Object.keys(secret)).toEqual([]);
  });
});
