// A chat in a terminal, and how fast it echoes what is typed.

import {type PtyProgram, startPty} from '../test/support/pty.ts';
import {cleanEnv, program} from './measure.ts';

export async function openChat(env: Record<string, string>): Promise<PtyProgram> {
  const opened = startPty({args: [program], env: cleanEnv(env)});
  await opened.see('Ask about your data', 15_000);
  return opened;
}

/** From the byte of a key to its echo. `sign` must not be on the screen yet. */
export async function echoMs(program: PtyProgram, sign: string): Promise<number> {
  const from = program.output().length;
  const started = performance.now();
  program.write(sign);
  while (!program.output().includes(sign, from)) {
    if (performance.now() - started > 5_000) throw new Error('a key had no echo');
    await new Promise(resolve => setImmediate(resolve));
  }
  return performance.now() - started;
}

/**
 * A sign that no answer holds, so that its first appearance is the echo. A line of twenty is cleared and followed by other
 * signs: of a line that begins like the one before, only what differs is drawn.
 */
export function signOf(index: number): string {
  return String.fromCodePoint(0x2460 + (index % 40));
}
