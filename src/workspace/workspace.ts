// A workspace: a folder of plain files that several processes may use at once without a lock on data.

import {chmod, mkdir, readdir, rename, rm, rmdir} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {Clock} from '../core/clock.ts';
import {systemClock} from '../core/clock.ts';
import type {Column, Dataset, DatasetSource, DatasetVersion, FileReading} from '../core/dataset.ts';
import {type ConfigError, ToolError} from '../core/errors.ts';
import {nearest, printable} from '../core/text.ts';
import {createFileExclusive, linkExclusive, syncFile, temporaryName, writeFileAtomic} from './atomic-write.ts';
import {hashFile} from './hash-file.ts';
import {isInside, pathInside} from './inside.ts';
import {datasetName, manifestText, pointerName, readDataset, versionNumbers} from './manifest.ts';
import {folders, prepareFolders} from './prepare.ts';
import type {SessionFile, SessionLines} from './sessions.ts';
import {listSessions, readSession, sessionPath} from './sessions.ts';
import {sweepWorkspace} from './sweep.ts';

/** `parquetFile` is an absolute path of a temporary file inside the workspace; it is moved, not copied. */
export type NewVersion = {
  parquetFile: string;
  rows: number;
  columns: Column[];
  source: DatasetSource;
  warnings: string[];
  reading?: FileReading;
  /** Another temporary file inside the workspace, kept beside the Parquet file. */
  rejectsFile?: string;
};

export interface Workspace {
  /** The real, absolute path of the folder. */
  readonly root: string;
  /** Why nothing can be kept; then whatever would write throws it. */
  readonly unwritable: ConfigError | null;
  /** Where engines put what does not fit into memory. */
  readonly spillDirectory: string;
  /** @throws DsAgentError `workspace.path_outside` when the path would leave the root, also through a link */
  path(...parts: string[]): string;
  /** A path for a half-made file in `folder`; the next start removes it if this process dies. */
  temporaryPath(folder: 'data' | 'uploads' | 'charts' | 'models' | 'reports', suffix?: string): string;
  /** Sorted by name. A broken manifest is left out and told to `onWarning`. */
  datasets(): Promise<Dataset[]>;
  /** @throws ToolError `dataset.unknown` with the nearest names */
  dataset(name: string): Promise<Dataset>;
  /**
   * Adds the next version and makes it current; the first one makes the dataset. What it gives has this version as the
   * current one, also where another process has added a newer one meanwhile.
   */
  addVersion(name: string, version: NewVersion): Promise<Dataset>;
  /** @throws ToolError `dataset.unknown_version` */
  setCurrent(name: string, version: number): Promise<Dataset>;
  removeDataset(name: string): Promise<void>;
  /** Newest first. */
  sessions(): Promise<SessionFile[]>;
  /** Null for an unknown id. @throws UsageError `session.bad_id` */
  readSession(id: string): Promise<SessionLines | null>;
  /** The file of a session, which need not exist. @throws UsageError `session.bad_id` */
  sessionPath(id: string): string;
}

/**
 * Opens a workspace, making its folders (0700) where they are missing, and removes what killed runs left half-made. With
 * `readOnly`, one that can't be written but read is opened too, which is told to `onWarning`.
 * @throws ConfigError `workspace.not_writable`
 */
export async function openWorkspace(
  path: string,
  options: {clock?: Clock; onWarning?: (message: string) => void; readOnly?: boolean} = {},
): Promise<Workspace> {
  const {clock = systemClock, onWarning = () => {}} = options;
  const {root, unwritable} = await prepareFolders(path);
  if (unwritable === null) await sweepWorkspace(root, folders, clock.now());
  else if (!options.readOnly) throw unwritable;
  else onWarning(`${unwritable.message} What is in it can be read; nothing new is kept.`);
  return new FolderWorkspace(root, clock, onWarning, unwritable);
}

class FolderWorkspace implements Workspace {
  readonly root: string;
  readonly unwritable: ConfigError | null;
  readonly spillDirectory: string;
  readonly #clock: Clock;
  readonly #warn: (message: string) => void;

  constructor(root: string, clock: Clock, warn: (message: string) => void, unwritable: ConfigError | null) {
    this.root = root;
    this.#clock = clock;
    this.#warn = warn;
    this.unwritable = unwritable;
    const own = `ds-agent-${process.getuid?.() ?? 'spill'}`;
    this.spillDirectory = unwritable ? join(tmpdir(), own) : join(root, 'data', '.spill');
  }

  path(...parts: string[]): string {
    return pathInside(this.root, parts);
  }

  temporaryPath(folder: string, suffix = ''): string {
    if (this.unwritable) throw this.unwritable;
    return this.path(folder, temporaryName(suffix));
  }

  async datasets(): Promise<Dataset[]> {
    const names = (await readdir(this.path('data'))).filter(name => datasetName.test(name)).sort();
    const found: Dataset[] = [];
    for (const name of names) {
      const dataset = await readDataset(this.path('data', name), name, this.#warn);
      if (dataset) found.push(dataset);
    }
    return found;
  }

  async dataset(name: string): Promise<Dataset> {
    const found = datasetName.test(name) ? await readDataset(this.#folder(name), name, this.#warn) : null;
    if (found) return found;
    const names = (await this.datasets()).map(dataset => dataset.name);
    const near = nearest(name, names);
    throw new ToolError('dataset.unknown', `There is no dataset called "${printable(name, {oneLine: true})}".`, {
      hint:
        names.length === 0
          ? 'No data is imported yet: upload a file first.'
          : near.length > 0
            ? `Did you mean ${near.join(', ')}?`
            : `Datasets: ${names.slice(0, 20).join(', ')}.`,
    });
  }

  async addVersion(name: string, version: NewVersion): Promise<Dataset> {
    const folder = this.#folder(name);
    if (!isInside(this.root, version.parquetFile)) throw new Error('the Parquet file is not in the workspace');
    await chmod(version.parquetFile, 0o600);
    await syncFile(version.parquetFile);
    const sha256 = await hashFile(version.parquetFile);
    await mkdir(folder, {recursive: true, mode: 0o700});
    const {rows, columns, source, warnings, rejectsFile, reading} = version;
    if (rejectsFile !== undefined) await syncFile(rejectsFile);
    let number = ((await versionNumbers(folder)).at(-1) ?? 0) + 1;
    // Others may take the same number at the same moment: the exclusive link of the manifest decides who got it.
    for (; ; number++) {
      const stored = `v${number}-${sha256.slice(0, 8)}.parquet`;
      if (!(await linkExclusive(version.parquetFile, join(folder, stored)))) continue;
      // Its name is as unique as that of the Parquet file, which is ours by now.
      const rejects = `v${number}-${sha256.slice(0, 8)}-rejects.jsonl`;
      if (rejectsFile !== undefined) await linkExclusive(rejectsFile, join(folder, rejects));
      const manifest: DatasetVersion = {
        version: number,
        createdAt: new Date(this.#clock.now()).toISOString(),
        parquet: `data/${name}/${stored}`,
        sha256,
        rows,
        columns,
        source,
        warnings,
        ...(reading === undefined ? {} : {reading}),
        ...(rejectsFile === undefined ? {} : {rejects: `data/${name}/${rejects}`}),
      };
      const undo = async () => {
        await rm(join(folder, stored), {force: true});
        if (rejectsFile !== undefined) await rm(join(folder, rejects), {force: true});
      };
      try {
        if (await createFileExclusive(join(folder, `v${number}.json`), manifestText(manifest))) break;
      } catch (error) {
        await undo();
        await rmdir(folder).catch(() => {});
        throw error;
      }
      await undo();
    }
    if (rejectsFile !== undefined) await rm(rejectsFile, {force: true});
    await rm(version.parquetFile, {force: true});
    return {...(await this.dataset(name)), current: number};
  }

  async setCurrent(name: string, version: number): Promise<Dataset> {
    const dataset = await this.dataset(name);
    const highest = dataset.versions.at(-1)?.version ?? 0;
    if (!dataset.versions.some(each => each.version === version)) {
      throw new ToolError('dataset.unknown_version', `${name} has no version ${version}.`, {
        hint: `Versions: ${dataset.versions.map(each => each.version).join(', ')}.`,
      });
    }
    if (this.unwritable) throw this.unwritable;
    await writeFileAtomic(join(this.#folder(name), pointerName), `${JSON.stringify({version, highest})}\n`);
    return this.dataset(name);
  }

  async removeDataset(name: string): Promise<void> {
    await this.dataset(name);
    const doomed = this.temporaryPath('data');
    await rename(this.#folder(name), doomed);
    await rm(doomed, {recursive: true, force: true});
  }

  sessions(): Promise<SessionFile[]> {
    return listSessions(this.path('sessions'));
  }

  async readSession(id: string): Promise<SessionLines | null> {
    return readSession(this.path('sessions'), id);
  }

  sessionPath(id: string): string {
    return sessionPath(this.path('sessions'), id);
  }

  #folder(name: string): string {
    if (!datasetName.test(name)) {
      throw new ToolError('dataset.bad_name', `"${printable(name, {oneLine: true})}" can't be the name of a dataset.`, {
        hint: 'Use lower-case letters, digits and "_", at most 63, not starting with a digit.',
      });
    }
    return this.path('data', name);
  }
}
