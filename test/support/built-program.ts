// Runs the built program as a script would, against fake servers and with nothing of the person's own settings.

import {type ChildProcess, spawn} from 'node:child_process';
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {expect} from 'vitest';
import {type FakeLlmServer, type Script, type Service, startFakeLlmServer} from './fake-llm-server.ts';
import {says} from './fake-llm-steps.ts';
import {printedJsonProblems} from './printed-json.ts';

export const programPath = fileURLToPath(new URL('../../bin/ds-agent.js', import.meta.url));

export const keys = {openai: 'sk-test-0123456789abcdef', gemini: 'AIza-test-0123456789abcdef'};

export const ask = ['-p', 'what is the average price?', '-n'];
export const askJson = [...ask, '--json'];
export const answer = says('The average price is 42.');
/** A short ladder: 40, 80, 160 and 320 ms. */
export const fast = {DS_AGENT_RETRY_BASE_MS: '40'};

export const occurrences = (text: string, part: string): number => text.split(part).length - 1;

export type Ran = {
  code: number | null;
  out: string;
  err: string;
  tookMs: number;
  /** The one object that --json prints. */
  json(): RunJson;
};

export type RunJson = {
  status: string;
  answer: string | null;
  error: {code: string; kind: string; message: string; hint: string | null; retry_after_ms: number | null} | null;
  provider: string | null;
  attempts: {provider: string; attempt: number; outcome: string; status: number | null; request_id: string | null}[];
  breakers: {provider: string; state: string; failures: number; open_until: string | null; cause: string | null}[];
  receipts: {tool: string}[];
};

export type Running = {child: ChildProcess; ended: Promise<Ran>; saw(text: string): Promise<void>; err(): string};

/** A folder to work in, a server for both services, and ways to run the program there. */
export class ProgramBench {
  readonly folder = mkdtempSync(join(tmpdir(), 'ds-agent-program-'));
  server!: FakeLlmServer;
  readonly #running = new Set<ChildProcess>();

  static async start(scripts: {openai?: Script; gemini?: Script} = {}): Promise<ProgramBench> {
    const bench = new ProgramBench();
    mkdirSync(join(bench.folder, 'home'));
    bench.server = await startFakeLlmServer(scripts);
    return bench;
  }

  path(...names: string[]): string {
    return join(this.folder, ...names);
  }

  /** OpenAI alone; `gemini: true` puts Gemini first. */
  env(more: Record<string, string> = {}, gemini = false): Record<string, string> {
    return {
      PATH: process.env.PATH ?? '',
      TZ: 'UTC',
      TMPDIR: tmpdir(),
      HOME: this.path('home'),
      XDG_CONFIG_HOME: this.path('home'),
      XDG_STATE_HOME: this.path('home'),
      DS_AGENT_STATE_DIR: this.path('state'),
      OPENAI_API_KEY: keys.openai,
      OPENAI_BASE_URL: this.server.openAiBaseUrl,
      DS_AGENT_RETRY_JITTER: '0',
      ...(gemini
        ? {USE_GEMINI: 'true', GEMINI_API_KEY: keys.gemini, GOOGLE_GEMINI_BASE_URL: this.server.geminiBaseUrl}
        : {}),
      ...more,
    };
  }

  start(args: string[], env: Record<string, string>): Running {
    const startedAt = performance.now();
    const child = spawn(process.execPath, [programPath, ...args], {
      cwd: this.folder,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#running.add(child);
    let out = '';
    let err = '';
    let look = () => {};
    child.stdout?.on('data', chunk => {
      out += chunk;
    });
    child.stderr?.on('data', chunk => {
      err += chunk;
      look();
    });
    const ended = new Promise<Ran>((resolve, reject) => {
      child.on('close', (code, signal) => {
        this.#running.delete(child);
        const problems = printedJsonProblems(args, out, signal !== null);
        if (problems.length > 0) reject(new Error(`JSON that no schema file allows:\n${problems.join('\n')}`));
        const json = (): RunJson => JSON.parse(out);
        resolve({code, out, err, tookMs: performance.now() - startedAt, json});
      });
    });
    const saw = (text: string) =>
      new Promise<void>(resolve => {
        look = () => {
          if (err.includes(text)) resolve();
        };
        look();
      });
    return {child, ended, saw, err: () => err};
  }

  run(args: string[], env: Record<string, string> = this.env()): Promise<Ran> {
    return this.start(args, env).ended;
  }

  setOpenAi(...script: Script): void {
    this.server.setScript('openai', script);
  }

  setGemini(...script: Script): void {
    this.server.setScript('gemini', script);
  }

  asked(service: Service): number {
    return this.server.requestsTo(service).length;
  }

  /** Fails unless the requests came no sooner than `wanted` ms one after another, and not much later. */
  expectGaps(service: Service, wanted: number[]): void {
    const gaps = this.server.gaps(service);
    expect(gaps).toHaveLength(wanted.length);
    gaps.forEach((gap, index) => {
      const least = wanted[index] ?? 0;
      // A timer may fire a millisecond early; a busy machine fires late, and sees the first of two requests late too.
      expect(gap).toBeGreaterThan(least * 0.98 - 2);
      expect(gap).toBeLessThan(least * 1.15 + 120);
    });
  }

  writeSales(): void {
    writeFileSync(this.path('sales.csv'), 'region,price\nnorth,10\nsouth,20\neast,30\n');
  }

  async close(): Promise<void> {
    for (const child of this.#running) child.kill('SIGKILL');
    await this.server.close();
    rmSync(this.folder, {recursive: true, force: true});
  }
}
