// Settings from flags, environment and files, in one frozen value. Pure: the caller reads the process and the files.

import {ConfigError} from '../core/errors.ts';
import {type Price, parsePrices} from '../core/prices.ts';
import {isPrivacyLevel, type PrivacyPolicy, parsePatterns, privacyLevels} from '../core/privacy.ts';
import {Secret} from '../core/secret.ts';
import {printable} from '../core/text.ts';
import {fileSchema, type Origin, parseNumber, parseSwitch, settingsTable, type Variable} from './settings.ts';
import {type ImageWish, imageWishes} from './terminal-abilities.ts';

export type ProviderName = 'openai' | 'gemini' | 'offline';
const providerNames: readonly ProviderName[] = ['openai', 'gemini', 'offline'];

export type LogLevel = 'error' | 'warn' | 'info' | 'debug';
const logLevels: readonly LogLevel[] = ['error', 'warn', 'info', 'debug'];

export type Config = Readonly<{
  /** In the order they are tried; `offline` alone when there is no key. */
  providers: readonly ProviderName[];
  openai: {apiKey: Secret | null; model: string; baseUrl: string | null};
  gemini: {apiKey: Secret | null; model: string; baseUrl: string | null};
  resilience: {
    maxRetries: number;
    timeoutMs: number;
    breakerThreshold: number;
    breakerCooldownMs: number;
    retryBaseMs: number;
    retryJitter: number;
    turnDeadlineMs: number;
  };
  uploadLimitBytes: number;
  workspace: string;
  /** Null when nothing is kept between runs. */
  stateDirectory: string | null;
  logLevel: LogLevel;
  /** What may go to a model; `/privacy hide` adds to the columns. */
  privacy: PrivacyPolicy;
  /** What the user says the models cost. */
  prices: readonly Price[];
  contextTokens: number;
  memoryLimitBytes: number | null;
  /** Null: decided by the terminal. */
  color: boolean | null;
  images: ImageWish;
  accessible: boolean;
  /** Bad values that were replaced by their default, one line each. */
  warnings: readonly string[];
  /** What each variable came out as; secrets masked. */
  report: readonly {variable: Variable; value: string | null; origin: Origin}[];
}>;

export type Flags = Partial<Record<Variable, string>>;
export type ConfigFile = {path: string; text: string; origin: 'user file' | 'project file'};
export type ConfigInput = {
  flags: Flags;
  env: Readonly<Record<string, string | undefined>>;
  /** Weakest first. */
  files: readonly ConfigFile[];
  defaultStateDirectory: string;
};

/**
 * Flags beat environment beat project file beat user file beat defaults. A bad number or switch is replaced by its
 * default and told in `warnings`.
 * @throws ConfigError `config.invalid` listing every problem that has no safe default
 */
export function loadConfig(input: ConfigInput): Config {
  const problems: string[] = [];
  const warnings: string[] = [];
  const values = new Map<Variable, {text: string; origin: Origin}>();
  const known = new Set<string>(settingsTable.map(setting => setting.variable));
  const isVariable = (name: string): name is Variable => known.has(name);

  for (const file of input.files) readFile(file);
  for (const {variable} of settingsTable) {
    const text = input.env[variable];
    if (text !== undefined && text !== '') values.set(variable, {text, origin: 'environment'});
  }
  const google = input.env.GOOGLE_API_KEY;
  if (google && !values.has('GEMINI_API_KEY')) values.set('GEMINI_API_KEY', {text: google, origin: 'environment'});
  for (const [name, text] of Object.entries(input.flags)) {
    if (isVariable(name) && text !== undefined) values.set(name, {text, origin: 'flag'});
  }

  function readFile({path, text, origin}: ConfigFile): void {
    let parsed: unknown;
    try {
      parsed = JSON.parse(text);
    } catch (error) {
      problems.push(`${printable(path)} is not valid JSON: ${error instanceof Error ? error.message : 'unreadable'}`);
      return;
    }
    const entries = fileSchema.safeParse(parsed);
    if (!entries.success) {
      problems.push(`${printable(path)} must hold one object of names and plain values`);
      return;
    }
    for (const [name, value] of Object.entries(entries.data)) {
      if (!isVariable(name))
        problems.push(`${printable(path)} sets ${printable(name, {oneLine: true})}, which is no variable of ds-agent`);
      else values.set(name, {text: String(value), origin});
    }
  }

  const text = (name: Variable): string | null => values.get(name)?.text ?? null;
  const badValue = (name: Variable, fallback: string): void => {
    warnings.push(`${name}=${printable(text(name) ?? '', {oneLine: true})} is not usable; ${fallback} is used.`);
    values.delete(name);
  };
  const number = (name: Variable, fallback: number, range: {min: number; max: number; whole?: boolean}): number => {
    const raw = text(name);
    if (raw === null) return fallback;
    const value = parseNumber(raw, range);
    if (value === null) badValue(name, String(fallback));
    return value ?? fallback;
  };
  const toggle = (name: Variable): boolean => {
    const raw = text(name);
    if (raw === null) return false;
    const value = parseSwitch(raw);
    if (value === null) badValue(name, 'false');
    return value ?? false;
  };
  const pickOne = <Word extends string>(name: Variable, words: readonly Word[], fallback: Word): Word => {
    const raw = text(name);
    if (raw === null) return fallback;
    const word = words.find(each => each === raw.trim().toLowerCase());
    if (!word) badValue(name, fallback);
    return word ?? fallback;
  };
  const url = (name: Variable): string | null => {
    const raw = text(name);
    if (raw === null) return null;
    if (!URL.canParse(raw) || !/^https?:$/.test(new URL(raw).protocol)) {
      problems.push(`${name}=${printable(raw, {oneLine: true})} is not an http or https address`);
      return null;
    }
    return raw.replace(/\/+$/, '');
  };
  const key = (name: Variable): Secret | null => {
    const raw = text(name)?.trim();
    return raw ? new Secret(raw) : null;
  };

  const openai = {
    apiKey: key('OPENAI_API_KEY'),
    model: text('OPENAI_MODEL') ?? 'gpt-4o-mini',
    baseUrl: url('OPENAI_BASE_URL'),
  };
  const gemini = {
    apiKey: key('GEMINI_API_KEY'),
    model: text('GEMINI_MODEL') ?? 'gemini-2.5-flash',
    baseUrl: url('GOOGLE_GEMINI_BASE_URL'),
  };
  // A server of one's own (Ollama and the like) needs no key.
  const usable = {
    openai: openai.apiKey !== null || openai.baseUrl !== null,
    gemini: gemini.apiKey !== null,
    offline: true,
  };
  const providers = orderProviders(text('DS_AGENT_PROVIDERS'), toggle('USE_GEMINI'), usable, problems);
  const seconds = {min: 0.05, max: 86_400};
  const resilience = {
    maxRetries: number('LITELLM_MAX_RETRIES', 4, {min: 0, max: 20, whole: true}),
    timeoutMs: number('LITELLM_TIMEOUT_SECONDS', 60, seconds) * 1000,
    breakerThreshold: number('DS_AGENT_BREAKER_THRESHOLD', 3, {min: 1, max: 100, whole: true}),
    breakerCooldownMs: number('DS_AGENT_BREAKER_COOLDOWN_SECONDS', 300, seconds) * 1000,
    retryBaseMs: number('DS_AGENT_RETRY_BASE_MS', 500, {min: 1, max: 60_000}),
    retryJitter: number('DS_AGENT_RETRY_JITTER', 0.2, {min: 0, max: 1}),
    turnDeadlineMs: number('DS_AGENT_TURN_DEADLINE_SECONDS', 600, seconds) * 1000,
  };
  const uploadLimitBytes = Math.round(
    number('UPLOAD_SIZE_LIMIT_MB', 50, {min: 0.000_001, max: 1_000_000}) * 1024 * 1024,
  );
  const contextTokens = number('DS_AGENT_CONTEXT_TOKENS', 100_000, {min: 2_000, max: 10_000_000, whole: true});
  const memoryMb =
    text('DS_AGENT_MEMORY_LIMIT_MB') === null ? 0 : number('DS_AGENT_MEMORY_LIMIT_MB', 0, {min: 64, max: 10_000_000});
  const logLevel = pickOne('LOG_LEVEL', logLevels, 'info');
  const level = text('DS_AGENT_PRIVACY')?.trim().toLowerCase() ?? 'rows';
  // No safe default: a misspelt wish for privacy must not become the most open level.
  if (!isPrivacyLevel(level))
    problems.push(`DS_AGENT_PRIVACY can be ${privacyLevels.join(', ')}, not ${printable(level, {oneLine: true})}`);
  const neverSend = parsePatterns(text('DS_AGENT_NEVER_SEND') ?? '');
  const prices = parsePrices(text('DS_AGENT_PRICES') ?? '');
  if (prices === null) badValue('DS_AGENT_PRICES', 'none');
  const noState = toggle('DS_AGENT_NO_STATE');
  const images = pickOne('DS_AGENT_IMAGES', imageWishes, 'auto');
  const accessible = toggle('ACCESSIBLE');

  if (problems.length > 0) {
    throw new ConfigError(
      'config.invalid',
      `The configuration has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}: ${problems.join('; ')}.`,
      {
        hint: 'See ds-agent config for every variable and where it comes from.',
      },
    );
  }
  return Object.freeze({
    providers,
    openai,
    gemini,
    resilience,
    uploadLimitBytes,
    workspace: text('DS_AGENT_WORKSPACE') ?? 'workspace',
    stateDirectory: noState ? null : (text('DS_AGENT_STATE_DIR') ?? input.defaultStateDirectory),
    logLevel,
    privacy: {level: isPrivacyLevel(level) ? level : 'schema', neverSend},
    prices: prices ?? [],
    contextTokens,
    memoryLimitBytes: memoryMb > 0 ? memoryMb * 1024 * 1024 : null,
    color: pickColor(text('NO_COLOR'), text('FORCE_COLOR'), values.get('FORCE_COLOR')?.origin === 'flag'),
    images,
    accessible,
    warnings,
    report: settingsTable.map(setting => {
      const found = values.get(setting.variable);
      const masked = 'secret' in setting && found ? maskKey(found.text) : found?.text;
      return {variable: setting.variable, value: masked ?? setting.fallback, origin: found?.origin ?? 'default'};
    }),
  });
}

/** Nothing of a short key, the last four characters of a long one. */
export function maskKey(key: string): string {
  return key.trim().length >= 20 ? `•••${key.trim().slice(-4)}` : '•••';
}

function orderProviders(
  explicit: string | null,
  useGemini: boolean,
  usable: Record<ProviderName, boolean>,
  problems: string[],
): ProviderName[] {
  const keyOf = {openai: 'OPENAI_API_KEY', gemini: 'GEMINI_API_KEY', offline: ''};
  if (explicit !== null) {
    const names = explicit
      .split(',')
      .map(name => name.trim().toLowerCase())
      .filter(Boolean);
    const order: ProviderName[] = [];
    for (const name of names) {
      const provider = providerNames.find(each => each === name);
      if (!provider)
        problems.push(
          `DS_AGENT_PROVIDERS names ${printable(name, {oneLine: true})}; it can hold ${providerNames.join(', ')}`,
        );
      else if (!usable[provider])
        problems.push(`DS_AGENT_PROVIDERS names ${provider}, but ${keyOf[provider]} is not set`);
      else if (!order.includes(provider)) order.push(provider);
    }
    return order.length > 0 ? order : ['offline'];
  }
  const order: ProviderName[] = useGemini ? ['gemini', 'openai'] : ['openai'];
  const found = order.filter(name => usable[name]);
  if (found.length > 0) return found;
  // A Gemini key alone is a wish for Gemini, whatever USE_GEMINI says.
  return usable.gemini ? ['gemini'] : ['offline'];
}

function pickColor(noColor: string | null, forceColor: string | null, byFlag: boolean): boolean | null {
  if (byFlag) return forceColor !== '0';
  if (noColor !== null) return false;
  if (forceColor !== null) return parseSwitch(forceColor) !== false;
  return null;
}
