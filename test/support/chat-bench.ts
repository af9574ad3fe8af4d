// The built chat in a terminal, in a folder of its own, with nothing of the person's own settings.

import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {afterAll, afterEach, beforeEach} from 'vitest';
import {programPath} from './built-program.ts';
import {startFakeLlmServer} from './fake-llm-server.ts';
import {type PtyOptions, type PtyProgram, startPty} from './pty.ts';

const sales = [
  'region,price,sold_on',
  ...Array.from(
    {length: 60},
    (_, row) => `${['north', 'south', 'east'][row % 3]},${10 + row},2024-01-${10 + (row % 20)}`,
  ),
].join('\n');

/** 60 rows: region, price (10 to 69, rising) and sold_on. */
class ChatBench {
  #folder = '';
  #started: PtyProgram[] = [];

  open(): void {
    this.#folder = mkdtempSync(join(tmpdir(), 'ds-agent-chat-bench-'));
    mkdirSync(this.path('home'));
    writeFileSync(this.path('sales.csv'), `${sales}\n`);
  }

  path(...names: string[]): string {
    return join(this.#folder, ...names);
  }

  env(more: Record<string, string> = {}): Record<string, string> {
    const home = this.path('home');
    const none = {
      OPENAI_API_KEY: '',
      GEMINI_API_KEY: '',
      GOOGLE_API_KEY: '',
      TMUX: '',
      STY: '',
      TERM_PROGRAM: '',
      LC_TERMINAL: '',
      KITTY_WINDOW_ID: '',
    };
    return {HOME: home, XDG_CONFIG_HOME: home, XDG_STATE_HOME: home, ...none, ...more};
  }

  start(args: string[], {env, ...options}: Partial<PtyOptions> = {}): PtyProgram {
    const program = startPty({
      args: [programPath, ...args],
      cwd: this.#folder,
      columns: 100,
      rows: 30,
      ...options,
      env: this.env(env),
    });
    this.#started.push(program);
    return program;
  }

  /** Started, and ready for a line. */
  async ready(args: string[], options: Partial<PtyOptions> = {}): Promise<PtyProgram> {
    const program = this.start(args, options);
    await idle(program);
    return program;
  }

  async close(): Promise<void> {
    for (const program of this.#started) program.dispose();
    await Promise.all(this.#started.map(program => program.exit));
    this.#started = [];
    // The child of a shell that was killed may still write its last file.
    rmSync(this.#folder, {recursive: true, force: true, maxRetries: 10, retryDelay: 50});
  }
}

/**
 * For the tests of one file: a folder for each, in which its chats start and which none of them outlives, the service
 * they may ask, and the environment in which they ask it (`model`).
 */
export async function openChatBench() {
  const bench = new ChatBench();
  const server = await startFakeLlmServer();
  beforeEach(() => {
    server.forget();
    bench.open();
  });
  afterEach(() => bench.close());
  afterAll(() => server.close());
  const model = (more: Record<string, string> = {}) => ({
    OPENAI_API_KEY: 'k',
    OPENAI_BASE_URL: server.openAiBaseUrl,
    GOOGLE_GEMINI_BASE_URL: server.geminiBaseUrl,
    DS_AGENT_RETRY_JITTER: '0',
    ...more,
  });
  return {bench, server, model};
}

/** A key within a quarter of a second after a question is taken for one that was on its way before it. */
export const questionTakesKeys = () => sleep(300);

export const screenHas = (program: PtyProgram, text: string) =>
  program.until(() => shows(program, text), JSON.stringify(text), 15_000);
export const idle = (program: PtyProgram) =>
  program.until(() => shows(program, '› Ask about your data'), 'the prompt', 15_000);
export const shows = (program: PtyProgram, text: string) => program.screen().join('\n').includes(text);
export const count = (program: PtyProgram, text: string) => program.lines().filter(line => line.includes(text)).length;
