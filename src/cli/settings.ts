// Every variable the program reads: its name, default and meaning. Help, README and `ds-agent config` are made from this table.

import {z} from 'zod';

export type Setting = {
  variable: string;
  /** As the help shows it; null when there is none. */
  fallback: string | null;
  about: string;
  secret?: boolean;
};

/** In the order of the help. */
export const settingsTable = [
  {variable: 'OPENAI_API_KEY', fallback: null, about: 'key for OpenAI or a compatible server', secret: true},
  {variable: 'OPENAI_MODEL', fallback: 'gpt-4o-mini', about: 'model asked there'},
  {
    variable: 'OPENAI_BASE_URL',
    fallback: null,
    about: 'another OpenAI-compatible server (Ollama, vLLM, LM Studio, llama.cpp …)',
  },
  {variable: 'GEMINI_API_KEY', fallback: null, about: 'key for Gemini (GOOGLE_API_KEY is read too)', secret: true},
  {variable: 'GEMINI_MODEL', fallback: 'gemini-2.5-flash', about: 'model asked there'},
  {variable: 'GOOGLE_GEMINI_BASE_URL', fallback: null, about: 'another address for Gemini'},
  {variable: 'USE_GEMINI', fallback: 'false', about: 'true, 1 or yes: Gemini first, OpenAI behind it'},
  {variable: 'DS_AGENT_PROVIDERS', fallback: null, about: 'explicit order, such as openai,gemini or offline'},
  {variable: 'LITELLM_MAX_RETRIES', fallback: '4', about: 'retries of a model call, 0 for none'},
  {variable: 'LITELLM_TIMEOUT_SECONDS', fallback: '60', about: 'longest silence of a provider'},
  {variable: 'UPLOAD_SIZE_LIMIT_MB', fallback: '50', about: 'largest file to import, in MiB'},
  {variable: 'LOG_LEVEL', fallback: 'info', about: 'error, warn, info or debug: what goes to the log file'},
  {variable: 'DS_AGENT_WORKSPACE', fallback: './workspace', about: 'folder of datasets, sessions and logs'},
  {
    variable: 'DS_AGENT_STATE_DIR',
    fallback: 'the XDG state folder',
    about: 'where breaker states are kept between runs',
  },
  {variable: 'DS_AGENT_NO_STATE', fallback: 'false', about: 'true: keep breaker states in memory only'},
  {variable: 'DS_AGENT_BREAKER_THRESHOLD', fallback: '3', about: 'failures in a row that open a breaker'},
  {variable: 'DS_AGENT_BREAKER_COOLDOWN_SECONDS', fallback: '300', about: 'how long a breaker stays open'},
  {variable: 'DS_AGENT_RETRY_BASE_MS', fallback: '500', about: 'first waiting time; each further one is twice as long'},
  {variable: 'DS_AGENT_RETRY_JITTER', fallback: '0.2', about: 'random part added to a waiting time'},
  {variable: 'DS_AGENT_TURN_DEADLINE_SECONDS', fallback: '600', about: 'longest time for one answer'},
  {variable: 'DS_AGENT_CONTEXT_TOKENS', fallback: '100000', about: 'context size of the model'},
  {variable: 'DS_AGENT_MEMORY_LIMIT_MB', fallback: '70 % of the memory', about: 'memory limit of the query engine'},
  {
    variable: 'DS_AGENT_PRIVACY',
    fallback: 'rows',
    about: 'rows, aggregates or schema: what of the data may go to a model',
  },
  {variable: 'DS_AGENT_NEVER_SEND', fallback: null, about: 'columns whose values never go, such as email,*.phone'},
  {
    variable: 'DS_AGENT_PRICES',
    fallback: null,
    about: 'dollars per million tokens in/out, such as gpt-4o-mini=0.15/0.6,my-model=0/0',
  },
  {variable: 'NO_COLOR', fallback: null, about: 'any value: no colour'},
  {variable: 'FORCE_COLOR', fallback: null, about: '1: colour even where none is expected, 0: none'},
  {
    variable: 'DS_AGENT_IMAGES',
    fallback: 'auto',
    about: 'charts as pictures of the terminal: auto, off, kitty, iterm2 or sixel',
  },
  {variable: 'ACCESSIBLE', fallback: 'false', about: 'true: linear text, no spinner, for screen readers'},
] as const satisfies readonly Setting[];

export type Variable = (typeof settingsTable)[number]['variable'];

/** Where a value came from, weakest first. */
export type Origin = 'default' | 'user file' | 'project file' | 'environment' | 'flag';

export const fileSchema = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));

const truthy = new Set(['true', '1', 'yes', 'on']);
const falsy = new Set(['false', '0', 'no', 'off', '']);

/** Null for a text that is neither yes nor no. */
export function parseSwitch(text: string): boolean | null {
  const word = text.trim().toLowerCase();
  return truthy.has(word) ? true : falsy.has(word) ? false : null;
}

/** Null unless the text is a plain decimal number in the range. */
export function parseNumber(text: string, range: {min: number; max: number; whole?: boolean}): number | null {
  if (!/^\d+(\.\d+)?$/.test(text.trim())) return null;
  const value = Number(text);
  if (value < range.min || value > range.max || (range.whole && !Number.isInteger(value))) return null;
  return value;
}
