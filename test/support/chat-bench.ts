// The built chat in a terminal, in a folder of its own, with nothing of the person's own settings.

import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {programPath} from './built-program.ts';
import {type PtyOptions, type PtyProgram, startPty} from './pty.ts';

const sales = [
  'region,price,sold_on',
  ...Array.from(
    {length: 60},
    (_, row) => `${['north', 'south', 'east'][row % 3]},${10 + row},2024-01-${10 + (row % 20)}`,
  ),
].join('\n');

/** 60 rows: region, price (10 to 69, rising) and sold_on. */
export class ChatBench {
  readonly folder = mkdtempSync(join(tmpdir(), 'ds-agent-chat-bench-'));
  #started: PtyProgram[] = [];

  constructor() {
    mkdirSync(this.path('home'));
    writeFileSync(this.path('sales.csv'), `${sales}\n`);
  }

  path(...names: string[]): string {
    return join(this.folder, ...names);
  }

  env(more: Record<string, string> = {}): Record<string, string> {
    const home = this.path('home');
    const none = {OPENAI_API_KEY: '', GEMINI_API_KEY: '', GOOGLE_API_KEY: '', TMUX: '', STY: '', TERM_PROGRAM: ''};
    return {HOME: home, XDG_CONFIG_HOME: home, XDG_STATE_HOME: home, ...none, ...more};
  }

  start(args: string[], {env, ...options}: Partial<PtyOptions> = {}): PtyProgram {
    const program = startPty({
      args: [programPath, ...args],
      cwd: this.folder,
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

  stop(): void {
    for (const program of this.#started) program.dispose();
    this.#started = [];
  }

  close(): void {
    this.stop();
    rmSync(this.folder, {recursive: true, force: true});
  }
}

export const idle = (program: PtyProgram) =>
  program.until(() => shows(program, '› Ask about your data'), 'the prompt', 15_000);
export const shows = (program: PtyProgram, text: string) => program.screen().join('\n').includes(text);
export const count = (program: PtyProgram, text: string) => program.lines().filter(line => line.includes(text)).length;
