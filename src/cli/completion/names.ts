// The names a shell completes: read from the folders alone, so that a Tab costs nothing and makes nothing.

import {readdirSync, statSync} from 'node:fs';
import {join} from 'node:path';

const mostSessions = 100;

/** `datasets`, `sessions` (newest first, "last" among them) or `models` (with "latest"), one a line; empty for anything that is not there. */
export function knownNames(workspace: string, kind: string): string {
  const readers: Partial<Record<string, (workspace: string) => string[]>> = {datasets, sessions, models};
  try {
    const names = readers[kind]?.(workspace) ?? [];
    return names.map(name => `${name}\n`).join('');
  } catch {
    return '';
  }
}

function datasets(workspace: string): string[] {
  return readdirSync(join(workspace, 'data'), {withFileTypes: true})
    .filter(entry => entry.isDirectory() && /^[a-z_][a-z0-9_]{0,62}$/.test(entry.name))
    .map(entry => entry.name)
    .sort();
}

function sessions(workspace: string): string[] {
  const folder = join(workspace, 'sessions');
  const found = readdirSync(folder)
    .flatMap(name => /^([A-Za-z0-9][A-Za-z0-9_.-]{0,99})\.jsonl$/.exec(name)?.[1] ?? [])
    .map(id => ({id, at: statSync(join(folder, `${id}.jsonl`)).mtimeMs}))
    .sort((a, b) => b.at - a.at)
    .slice(0, mostSessions)
    .map(({id}) => id);
  return found.length === 0 ? [] : ['last', ...found];
}

function models(workspace: string): string[] {
  const folder = join(workspace, 'models');
  const found = readdirSync(folder).flatMap(dataset =>
    readdirSync(join(folder, dataset))
      .filter(name => /^[a-z_]+-v\d+$/.test(name))
      .map(name => `${dataset}/${name}`),
  );
  return found.length === 0 ? [] : ['latest', ...found.sort()];
}
