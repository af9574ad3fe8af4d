import {readdirSync, readFileSync} from 'node:fs';
import {platform} from 'node:os';
import {describe, expect, it} from 'vitest';
import {idle, openChatBench} from '../support/chat-bench.ts';

const {bench} = await openChatBench();

/** The nice value of each thread of the process, that of the main thread apart. */
function priorities(pid: number) {
  const niceOf = (thread: string) => {
    const stat = readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[16]);
  };
  const others = readdirSync(`/proc/${pid}/task`).filter(thread => Number(thread) !== pid);
  return {keys: niceOf(String(pid)), others: others.map(niceOf)};
}

describe.runIf(platform() === 'linux')('in a chat', () => {
  it('the thread that reads keys comes before those of the engine and of V8, also those that begin later', async () => {
    const program = await bench.ready([]);
    await idle(program);
    const before = priorities(program.pid);
    program.write('/sql SELECT count(*) AS found FROM range(1000)\r');
    await program.see('found');
    await idle(program);
    const after = priorities(program.pid);
    expect(after.keys).toBe(before.keys);
    expect(after.others.length).toBeGreaterThan(4);
    expect(Math.min(...after.others)).toBeGreaterThan(after.keys);
  });
});
