// A session or log that can't be written, as on a full disk, costs no answer; it is said once.

import {printable} from '../core/text.ts';

/** What a sink that failed is told to; the same reason is told to `say` once, however many sinks it stops. */
export function warnOnce(say: (message: string) => void): (error: unknown) => void {
  const told = new Set<string>();
  return error => {
    const reason = printable(error instanceof Error ? error.message : String(error), {oneLine: true});
    if (told.has(reason)) return;
    told.add(reason);
    say(`the record of this run is not complete (${reason}).`);
  };
}
