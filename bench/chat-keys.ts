// A chat in a terminal, and how fast it echoes what is typed.

import {type PtyProgram, startPty} from '../test/support/pty.ts';
import {cleanEnv, program} from './measure.ts';

export async function openChat(env: Record<string, string>): Promise<PtyProgram> {
  const opened = startPty({args: [program], env: cleanEnv(env)});
  await opened.see('Ask about your data', 15_000);
  return opened;
}

/**
 * From the byte of a key to its echo. `sign` must not be on the screen yet. Only what comes is looked at: searching all that
 * was written keeps a core busy and leaves so much garbage that the pauses of this program are taken for those of the chat.
 */
export function echoMs(program: PtyProgram, sign: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const timer = setTimeout(() => end(() => reject(new Error('a key had no echo'))), 5_000);
    const stop = program.onOutput(data => {
      const tookMs = performance.now() - started;
      if (data.includes(sign)) end(() => resolve(tookMs));
    });
    const end = (settle: () => void) => {
      clearTimeout(timer);
      stop();
      settle();
    };
    program.write(sign);
  });
}

/**
 * A sign that no answer holds, so that its first appearance is the echo. A line of twenty is cleared and followed by other
 * signs: of a line that begins like the one before, only what differs is drawn.
 */
export function signOf(index: number): string {
  return String.fromCodePoint(0x2460 + (index % 40));
}
