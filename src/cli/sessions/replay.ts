// Runs the tool calls of a session again, without a model, on the data they were run on (or on a newer file of the same
// role), in a workspace of its own that is removed afterwards.

import {cp, rm} from 'node:fs/promises';
import {createSession} from '../../agent/session.ts';
import {type Call, callsOf, type Entry, receiptOf} from '../../agent/transcript.ts';
import type {ModelRouter} from '../../core/chat.ts';
import type {Clock} from '../../core/clock.ts';
import type {DatasetRef} from '../../core/dataset.ts';
import {toDsAgentError, UsageError} from '../../core/errors.ts';
import {formatCount} from '../../core/text.ts';
import type {Receipt} from '../../core/tool.ts';
import {openQueryEngine} from '../../engine/duckdb.ts';
import {importFile} from '../../import/import-file.ts';
import {createCatalog} from '../../tools/catalog.ts';
import {createTools} from '../../tools/index.ts';
import {copyVersion} from '../../workspace/copy-version.ts';
import {openWorkspace, type Workspace} from '../../workspace/workspace.ts';
import {type Change, compareResults} from './compare.ts';

/** `question` is what the user asked when the call was made. */
export type ReplayedCall = {
  id: number;
  tool: string;
  question: string;
  status: 'same' | 'changed' | 'failed';
  changes: Change[];
  message: string | null;
};

export type ReplayOptions = {
  workspace: Workspace;
  clock: Clock;
  signal: AbortSignal;
  memoryLimitBytes: number | null;
  uploadLimitBytes: number;
  /** `FILE` or `DATASET=FILE`. */
  data: readonly string[];
};

type Recorded = {question: string; call: Call; receipt: Receipt};

/** They tell of the workspace and compute nothing. */
const notReplayed = new Set(['list_datasets']);

/**
 * One entry a result of the session, in its order.
 * @throws UsageError `replay.which_dataset`, `replay.unknown_dataset`; ImportError for a file that can't be imported
 */
export async function replay(entries: readonly Entry[], options: ReplayOptions): Promise<ReplayedCall[]> {
  const recorded = entries.flatMap(entry =>
    callsOf(entry).flatMap((call): Recorded[] => {
      const receipt = receiptOf(call);
      if (!receipt || notReplayed.has(receipt.tool)) return [];
      return [{call, receipt, question: (entry.kind === 'turn' ? entry.prompt : entry.line) ?? ''}];
    }),
  );
  const folder = options.workspace.temporaryPath('data');
  try {
    const scratch = await openWorkspace(folder, {clock: options.clock});
    // A prediction may rest on a model that another session trained.
    await cp(options.workspace.path('models'), scratch.path('models'), {recursive: true});
    return await new Replay(scratch, options).run(recorded);
  } finally {
    await rm(folder, {recursive: true, force: true});
  }
}

class Replay {
  readonly #scratch: Workspace;
  readonly #options: ReplayOptions;
  /** The version in the scratch workspace that stands for `name@version` of the session. */
  readonly #versions = new Map<string, number>();
  /** Datasets that come from a file of --data, with their rows. */
  readonly #replaced = new Map<string, {version: number; rows: number}>();

  constructor(scratch: Workspace, options: ReplayOptions) {
    this.#scratch = scratch;
    this.#options = options;
  }

  async run(recorded: readonly Recorded[]): Promise<ReplayedCall[]> {
    const {clock, signal, memoryLimitBytes, uploadLimitBytes} = this.#options;
    await this.#replaceData(rootsOf(recorded));
    const catalog = createCatalog(this.#scratch, () =>
      openQueryEngine({
        dataDirectory: this.#scratch.path('data'),
        spillDirectory: this.#scratch.spillDirectory,
        ...(memoryLimitBytes === null ? {} : {memoryLimitBytes}),
      }),
    );
    const session = createSession({
      router: noModel,
      tools: createTools({catalog, limitBytes: uploadLimitBytes, terminalWidth: () => 80}),
      clock,
      emit: () => {},
      approve: async () => false,
      datasets: async () => ({all: await catalog.datasets(), active: undefined}),
      stepLimit: 1,
      contextTokens: 1_000,
    });
    try {
      const calls: ReplayedCall[] = [];
      for (const each of recorded) {
        signal.throwIfAborted();
        calls.push(await this.#again(each, (name, args) => session.runTool(name, args, signal)));
      }
      return calls;
    } finally {
      catalog.close();
    }
  }

  async #again(
    {call, receipt, question}: Recorded,
    runTool: (name: string, args: unknown) => ReturnType<ReturnType<typeof createSession>['runTool']>,
  ): Promise<ReplayedCall> {
    const head = {id: receipt.id, tool: receipt.tool, question};
    const failed = (message: string): ReplayedCall => ({...head, status: 'failed', changes: [], message});
    const compared = (changes: Change[]): ReplayedCall => ({
      ...head,
      status: changes.length > 0 ? 'changed' : 'same',
      changes,
      message: null,
    });
    try {
      for (const ref of receipt.datasets) await this.#place(ref);
      if (receipt.tool === 'import_file') return compared(this.#importChanges(receipt));
      const result = await runTool(call.name, call.args);
      await this.#remember(call);
      if (!result.ok) return failed(result.message);
      return call.result.ok ? compared(compareResults(call.result, result)) : failed(call.result.message);
    } catch (error) {
      this.#options.signal.throwIfAborted();
      return failed(toDsAgentError(error).message);
    }
  }

  /** An import is not repeated: its file may be gone, and what it made is there by its hash. */
  #importChanges({datasets, rowsRead}: Receipt): Change[] {
    return datasets.flatMap(({name}) => {
      const rows = this.#replaced.get(name)?.rows;
      return rows === undefined || rows === rowsRead
        ? []
        : [{where: `rows of ${name}`, column: null, before: rowsRead, after: rows}];
    });
  }

  /** Makes the version that the call read the current one. */
  async #place(ref: DatasetRef): Promise<void> {
    const key = `${ref.name}@${ref.version}`;
    const version =
      this.#versions.get(key) ??
      this.#replaced.get(ref.name)?.version ??
      (await copyVersion(this.#options.workspace, this.#scratch, ref)).version;
    this.#versions.set(key, version);
    const dataset = await this.#scratch.dataset(ref.name);
    if (dataset.current !== version) await this.#scratch.setCurrent(ref.name, version);
  }

  /** Versions that the call made stand for those it made then. */
  async #remember({added}: Call): Promise<void> {
    for (const {name, version} of added) {
      const newest = (await this.#scratch.datasets()).find(each => each.name === name)?.versions.at(-1);
      if (newest) this.#versions.set(`${name}@${version}`, newest.version);
    }
  }

  async #replaceData(roots: readonly string[]): Promise<void> {
    const {clock, signal, uploadLimitBytes: limitBytes} = this.#options;
    for (const given of this.#options.data) {
      const {name, path} = roleOf(given, roots);
      const deps = {workspace: this.#scratch, signal, clock, emit: () => {}};
      const {version} = await importFile({path, name, limitBytes}, deps);
      this.#replaced.set(name, version);
    }
  }
}

/** The datasets that the session did not make itself, in the order it used them. */
function rootsOf(recorded: readonly Recorded[]): string[] {
  const made = new Set<string>();
  const roots = new Set<string>();
  for (const {call, receipt} of recorded) {
    for (const {name, version} of receipt.datasets) if (!made.has(`${name}@${version}`)) roots.add(name);
    if (receipt.tool !== 'import_file') for (const {name, version} of call.added) made.add(`${name}@${version}`);
  }
  return [...roots];
}

/** The dataset a file takes the place of: the one named, the only one, or the one that is called like the file. */
function roleOf(given: string, roots: readonly string[]): {name: string; path: string} {
  const [, named, rest] = /^([a-z_][a-z0-9_]*)=(.+)$/s.exec(given) ?? [];
  if (named !== undefined && rest !== undefined) {
    if (roots.includes(named)) return {name: named, path: rest};
    throw new UsageError('replay.unknown_dataset', `The session computed nothing from a dataset called ${named}.`, {
      hint: `It used ${roots.join(', ') || 'none'}.`,
    });
  }
  const stem = given
    .replace(/^.*[/\\]/, '')
    .replace(/\..*$/, '')
    .toLowerCase();
  const name = roots.length === 1 ? roots[0] : roots.find(each => each === stem);
  if (name !== undefined) return {name, path: given};
  throw new UsageError('replay.which_dataset', `The session used ${formatCount(roots.length)} datasets.`, {
    hint: `Say which one the file replaces: ${roots.map(each => `--data ${each}=${given}`).join(' or ')}`,
  });
}

const noModel: ModelRouter = {
  beginTurn() {
    throw new Error('a replay asks no model');
  },
  status: () => [],
  resetBreakers: async () => {},
};
