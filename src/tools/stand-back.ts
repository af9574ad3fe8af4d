// How a thread that computes leaves the cores to the one that reads keys.

import {readdirSync} from 'node:fs';
import {constants, setPriority} from 'node:os';

/** Called in a thread: on Linux priorities are those of single threads. Elsewhere they are the whole program's, so nothing is changed. */
export function standBack(): void {
  if (process.platform !== 'linux') return;
  try {
    setPriority(0, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // Where a priority may not be changed, the system shares the cores as it does without this.
  }
}

/**
 * Called by the thread that reads keys, once the program is up: all other threads stand back, and with them those that they
 * start later (the engine's are started by a thread of the pool that opens it). What V8 compiles and collects for a thread
 * that computes runs there too.
 */
export function comeFirst(): void {
  if (process.platform !== 'linux') return;
  try {
    for (const thread of readdirSync('/proc/self/task').map(Number))
      if (thread !== process.pid) setPriority(thread, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // As above; a thread that has just ended needs none.
  }
}
