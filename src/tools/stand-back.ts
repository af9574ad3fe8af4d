// How a thread that computes leaves the cores to the one that reads keys.

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
