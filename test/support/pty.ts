// Starts a program in a real pseudo-terminal and replays what it writes into a headless terminal, so that a test can
// look at the screen and the scrollback as a person would.

import {setTimeout as sleep} from 'node:timers/promises';
import {spawn} from '@lydell/node-pty';
import headless from '@xterm/headless';

export type PtyOptions = {
  args: string[];
  file?: string;
  cwd?: string;
  env?: Record<string, string>;
  columns?: number;
  rows?: number;
  /** Lines that stand on the screen before the program starts, as a shell would have left them. */
  seeded?: string[];
  /** What the terminal answers in place of `reply`, as another terminal would. */
  answer?: (reply: string) => string;
};

export type PtyProgram = {
  /** Everything the program has written, as it was. */
  output(): string;
  /** Hears what the program writes as it comes; returns what ends that. */
  onOutput(listener: (data: string) => void): () => void;
  /** The visible rows, without trailing blanks. */
  screen(): string[];
  /**
   * Scrollback and screen, with soft-wrapped rows joined into logical lines; trailing empty lines dropped. The live
   * region of the chat is one such line.
   */
  lines(): string[];
  cursor(): {x: number; y: number};
  write(keys: string): void;
  resize(columns: number, rows: number): void;
  kill(signal: string): void;
  readonly pid: number;
  /** Resolves when `condition` holds; fails after `timeoutMs` with the screen in the message. */
  until(condition: () => boolean, what: string, timeoutMs?: number): Promise<void>;
  see(text: string, timeoutMs?: number): Promise<void>;
  exit: Promise<number>;
  exitNow(): number | null;
  dispose(): void;
};

/** `args[0]` is a script for this Node unless `file` is given. */
export function startPty(options: PtyOptions): PtyProgram {
  const columns = options.columns ?? 80;
  const rows = options.rows ?? 24;
  const terminal = new headless.Terminal({cols: columns, rows, scrollback: 20_000, allowProposedApi: true});
  for (const line of options.seeded ?? []) terminal.write(`${line}\r\n`);
  let output = '';
  let waiting = 0;
  let code: number | null = null;
  const {CI: _ci, NO_COLOR: _noColor, FORCE_COLOR: _force, ...inherited} = process.env;
  const child = spawn(options.file ?? process.execPath, options.args, {
    // This becomes TERM, whatever the environment says.
    name: options.env?.TERM ?? 'xterm-256color',
    cols: columns,
    rows,
    cwd: options.cwd ?? process.cwd(),
    env: {...inherited, TERM: 'xterm-256color', ...options.env},
  });
  child.onData(data => {
    output += data;
    waiting++;
    terminal.write(data, () => {
      waiting--;
    });
  });
  // What the terminal answers (to the kitty query, say) goes back to the program.
  terminal.onData(data => child.write(options.answer?.(data) ?? data));
  const exit = new Promise<number>(resolve => {
    child.onExit(({exitCode, signal}) => {
      code = signal ? 128 + signal : exitCode;
      setTimeout(() => resolve(code ?? -1), 20);
    });
  });

  const rowsOf = (start: number, count: number) => {
    const buffer = terminal.buffer.active;
    return Array.from({length: count}, (_, index) => buffer.getLine(start + index)).map(line => ({
      text: line?.translateToString(true) ?? '',
      whole: line?.translateToString(false) ?? '',
      wrapped: line?.isWrapped ?? false,
    }));
  };

  const program: PtyProgram = {
    pid: child.pid,
    output: () => output,
    onOutput: listener => {
      const {dispose} = child.onData(listener);
      return dispose;
    },
    screen: () => rowsOf(terminal.buffer.active.baseY, terminal.rows).map(row => row.text),
    lines: () => {
      const lines: string[] = [];
      let open = '';
      for (const row of rowsOf(0, terminal.buffer.active.length).reverse()) {
        open = (open === '' ? row.text : row.whole) + open;
        if (row.wrapped) continue;
        lines.unshift(open);
        open = '';
      }
      while (lines.at(-1) === '') lines.pop();
      return lines;
    },
    cursor: () => ({x: terminal.buffer.active.cursorX, y: terminal.buffer.active.cursorY}),
    write: keys => child.write(keys),
    resize: (newColumns, newRows) => {
      terminal.resize(newColumns, newRows);
      child.resize(newColumns, newRows);
    },
    kill: signal => child.kill(signal),
    until: async (condition, what, timeoutMs = 10_000) => {
      const deadline = Date.now() + timeoutMs;
      while (waiting > 0 || !condition()) {
        if (Date.now() > deadline) {
          throw new Error(
            `no ${what} after ${timeoutMs} ms; exit ${code}, ${waiting} writes unread; screen:\n${program.lines().slice(-60).join('\n')}`,
          );
        }
        await sleep(5);
      }
    },
    see: (text, timeoutMs) =>
      program.until(() => program.lines().join('\n').includes(text), JSON.stringify(text), timeoutMs),
    exit,
    exitNow: () => code,
    dispose: () => {
      try {
        child.kill('SIGKILL');
      } catch {
        // It has ended already.
      }
      terminal.dispose();
    },
  };
  return program;
}
