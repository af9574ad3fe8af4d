// Tells the sinks how far an import has come, not more often than eyes can follow.

import type {ImportPhase} from '../core/events.ts';
import type {ImportDeps} from './job.ts';

const leastMs = 100;

/** Each phase is told when it begins, then at most ten times a second. */
export function progress(
  file: string,
  {clock, emit}: Pick<ImportDeps, 'clock' | 'emit'>,
): (phase: ImportPhase, readBytes: number, totalBytes: number) => void {
  let last = clock.monotonic();
  let current: ImportPhase | null = null;
  return (phase, readBytes, totalBytes) => {
    const now = clock.monotonic();
    if (phase === current && now - last < leastMs) return;
    last = now;
    current = phase;
    emit({type: 'import_progress', file, phase, readBytes: Math.round(readBytes), totalBytes});
  };
}

/** The same for the copy of an upload. */
export function copied(file: string, totalBytes: number, deps: ImportDeps): (readBytes: number) => void {
  const tell = progress(file, deps);
  return readBytes => tell('copy', readBytes, totalBytes);
}
