// A session as a file for people and for other tools: the extension says whether Markdown, a notebook or SQL.

import {extname} from 'node:path';
import type {Entry} from '../../agent/transcript.ts';
import type {Dataset, DatasetRef} from '../../core/dataset.ts';
import {UsageError} from '../../core/errors.ts';
import {printable} from '../../core/text.ts';
import {quoteName, quotePath} from '../../engine/sql-text.ts';
import type {Workspace} from '../../workspace/workspace.ts';

/** What a writer gets: `viewOf` is SQL that makes a dataset version readable by its name, null when it is gone. */
export type ExportedSession = {
  id: string;
  entries: readonly Entry[];
  workspace: string;
  viewOf(ref: DatasetRef): string | null;
};

type Writer = (session: ExportedSession) => string;

export type SessionFormat = 'md' | 'ipynb' | 'sql';

/** Every format a session can be written in: one line each. */
const writers: Record<SessionFormat, () => Promise<Writer>> = {
  md: async () => (await import('./export-markdown.ts')).sessionMarkdown,
  ipynb: async () => (await import('./export-notebook.ts')).sessionNotebook,
  sql: async () => (await import('./export-sql.ts')).sessionSql,
};

/** @throws UsageError `export.session_format` for another extension */
export async function sessionText(
  output: string,
  {id, entries}: {id: string; entries: readonly Entry[]},
  workspace: Workspace,
): Promise<{text: string; format: SessionFormat}> {
  const format = extname(output).slice(1).toLowerCase();
  if (!isFormat(format)) {
    throw new UsageError(
      'export.session_format',
      `${printable(output, {oneLine: true})} has no extension that says what to write.`,
      {
        hint: `Use one of ${Object.keys(writers)
          .map(name => `.${name}`)
          .join(', ')}.`,
      },
    );
  }
  const datasets = await workspace.datasets();
  const viewOf = (ref: DatasetRef) => viewSql(datasets, ref, path => workspace.path(path));
  const writer = await writers[format]();
  return {text: writer({id, entries, workspace: workspace.root, viewOf}), format};
}

function isFormat(format: string): format is SessionFormat {
  return Object.hasOwn(writers, format);
}

/** SQL that makes a dataset version readable by its name; null when the workspace no longer has it. */
export function viewSql(
  datasets: readonly Dataset[],
  {name, sha256}: DatasetRef,
  pathOf: (path: string) => string,
): string | null {
  const versions = datasets.find(dataset => dataset.name === name)?.versions;
  const found = versions?.find(version => version.sha256 === sha256);
  if (!found) return null;
  const source = `read_parquet(${quotePath(pathOf(found.parquet))}, hive_partitioning = false)`;
  return `CREATE OR REPLACE VIEW ${quoteName(name)} AS SELECT * FROM ${source}`;
}

/** "sales v1 (sha256 12ab34cd56ef7890)". */
export function refText({name, version, sha256}: DatasetRef): string {
  return `${name} v${version} (sha256 ${sha256.slice(0, 16)})`;
}

/** Which view has to be made anew before a statement, since the last one read another version. */
export function viewKeeper(viewOf: ExportedSession['viewOf']) {
  const made = new Map<string, string>();
  return (refs: readonly DatasetRef[]): {ref: DatasetRef; sql: string | null}[] =>
    refs.flatMap(ref => {
      if (made.get(ref.name) === ref.sha256) return [];
      made.set(ref.name, ref.sha256);
      return [{ref, sql: viewOf(ref)}];
    });
}
