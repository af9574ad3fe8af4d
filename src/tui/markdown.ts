// Cuts a streamed reply into finished blocks: lines, lines of code with their language, whole tables. Pure.

/** `text` of a table is its rows as they were written, joined by line feeds. `language` is that of the code fence. */
export type ProseLine =
  | {kind: 'text' | 'heading' | 'fence' | 'table'; text: string}
  | {kind: 'code'; text: string; language: string};

type Fence = {mark: string; language: string};

/** What has arrived but is not finished: a partial line, the rows of an open table, an open code fence. */
export type Prose = {readonly partial: string; readonly table: readonly string[]; readonly fence: Fence | null};

export const emptyProse: Prose = {partial: '', table: [], fence: null};

/** Adds `delta`; `lines` are the blocks it finished, in order. Table rows wait for the end of their table. */
export function feedProse(prose: Prose, delta: string): {prose: Prose; lines: ProseLine[]} {
  const parts = (prose.partial + delta).split('\n');
  const partial = parts.pop() ?? '';
  let state: Prose = {...prose, partial: ''};
  const lines: ProseLine[] = [];
  for (const part of parts) {
    const step = feedLine(state, part.replace(/\r$/, ''));
    state = step.prose;
    lines.push(...step.lines);
  }
  return {prose: {...state, partial}, lines};
}

/** Ends the reply: whatever waited becomes lines. */
export function endProse(prose: Prose): ProseLine[] {
  const last = prose.partial === '' ? {prose, lines: []} : feedLine({...prose, partial: ''}, prose.partial);
  return [...last.lines, ...tableOf(last.prose.table)];
}

/** What is shown live of text that is not finished yet: rows of an open table, and the line that is being written. */
export function pendingLines(prose: Prose): ProseLine[] {
  const rows: ProseLine[] = prose.table.map(text => ({kind: 'table', text}));
  if (prose.partial === '') return rows;
  return [...rows, kindOf(prose.partial, prose)];
}

function feedLine(prose: Prose, line: string): {prose: Prose; lines: ProseLine[]} {
  const found = kindOf(line, prose);
  if (prose.fence !== null) return {prose: found.kind === 'fence' ? {...prose, fence: null} : prose, lines: [found]};
  if (found.kind === 'table') return {prose: {...prose, table: [...prose.table, line]}, lines: []};
  const [, mark = '', language = ''] = (found.kind === 'fence' && openingFence.exec(line)) || [];
  const fence = mark === '' ? null : {mark, language: language.toLowerCase()};
  return {prose: {...prose, table: [], fence}, lines: [...tableOf(prose.table), found]};
}

const openingFence = /^\s*(```+|~~~+)\s*([\w+#-]*)/;

function kindOf(line: string, {fence}: Prose): ProseLine {
  if (fence !== null) {
    const closes = line.trimStart().startsWith(fence.mark) && /^\s*[`~]+\s*$/.test(line);
    return closes ? {kind: 'fence', text: line} : {kind: 'code', text: line, language: fence.language};
  }
  if (openingFence.test(line)) return {kind: 'fence', text: line};
  if (/^\s*\|.*\|\s*$/.test(line)) return {kind: 'table', text: line};
  return {kind: /^ {0,3}#{1,6}\s/.test(line) ? 'heading' : 'text', text: line.trimEnd()};
}

function tableOf(rows: readonly string[]): ProseLine[] {
  return rows.length === 0 ? [] : [{kind: 'table', text: rows.join('\n')}];
}
