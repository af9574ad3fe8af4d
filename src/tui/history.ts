// Earlier lines: walking through them with Up and Down, and searching them with Ctrl-R.

/** Oldest first. `at` is the line shown, null while the person's own draft (kept in `draft`) is shown. */
export type History = {readonly lines: readonly string[]; readonly at: number | null; readonly draft: string};

export type Search = {readonly query: string; readonly at: number | null};

export function historyOf(lines: readonly string[]): History {
  return {lines, at: null, draft: ''};
}

/** The history with `line` as its newest; a repetition of the newest is not kept twice. */
export function remembered(history: History, line: string): History {
  if (line.trim() === '') return {...history, at: null, draft: ''};
  const lines = history.lines.at(-1) === line ? history.lines : [...history.lines, line];
  return {lines, at: null, draft: ''};
}

/** One step back; null at the oldest line. `draft` is what the editor holds now. */
export function older(history: History, draft: string): {history: History; text: string} | null {
  const at = (history.at ?? history.lines.length) - 1;
  const text = history.lines[at];
  if (text === undefined) return null;
  return {history: {...history, at, draft: history.at === null ? draft : history.draft}, text};
}

/** One step forward; after the newest line comes the draft again, after that null. */
export function newer(history: History): {history: History; text: string} | null {
  if (history.at === null) return null;
  const text = history.lines[history.at + 1];
  if (text !== undefined) return {history: {...history, at: history.at + 1}, text};
  return {history: {...history, at: null}, text: history.draft};
}

/** The newest line before index `before` that holds `query` in any case; null when there is none. */
export function findBackwards(history: History, query: string, before: number): number | null {
  if (query === '') return null;
  const wanted = query.toLowerCase();
  for (let at = Math.min(before, history.lines.length) - 1; at >= 0; at--) {
    if (history.lines[at]?.toLowerCase().includes(wanted)) return at;
  }
  return null;
}
