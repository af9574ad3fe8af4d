// Keeps a long chat small. V8 collects when its heap is full and not when nobody waits, so that a chat of a thousand
// answers would hold three times what it uses.

import {setFlagsFromString} from 'node:v8';
import {runInNewContext} from 'node:vm';
import type {Clock} from '../core/clock.ts';
import type {EventSink} from '../core/events.ts';

/** A collection (about 20 ms) is worth it when the process has grown by this much since the last one. */
const growthBytes = 8 * 1024 * 1024;
/** After an answer, when the person reads it. */
const pauseMs = 300;

/** Collects after a turn, once the process has grown enough, and keeps the space for new objects as it is. */
export function memorySink(clock: Clock): EventSink {
  setFlagsFromString('--semi-space-growth-factor=1');
  let lowBytes = Number.POSITIVE_INFINITY;
  let waiting = false;
  return event => {
    if (event.type !== 'turn_end' || waiting) return;
    const now = process.memoryUsage.rss();
    lowBytes = Math.min(lowBytes, now);
    if (now - lowBytes < growthBytes) return;
    waiting = true;
    void clock.sleep(pauseMs).then(() => {
      waiting = false;
      collect();
      lowBytes = process.memoryUsage.rss();
    });
  };
}

let gc: (() => void) | null = null;

function collect(): void {
  if (!gc) {
    setFlagsFromString('--expose-gc');
    gc = runInNewContext('gc') as () => void;
  }
  gc();
}
