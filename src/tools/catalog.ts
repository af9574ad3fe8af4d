// Keeps the query engine and the workspace in step: each dataset's current version is a view, opened when first needed.

import type {Dataset} from '../core/dataset.ts';
import {currentVersion, refOf} from '../core/dataset.ts';
import {sizeWords} from '../core/text.ts';
import type {Source} from '../core/tool.ts';
import type {SqlEngine} from '../engine/sql-engine.ts';
import type {Workspace} from '../workspace/workspace.ts';

/** The datasets as other processes may have left them, the engine over them, and the one the user is working on. */
export interface Catalog {
  readonly workspace: Workspace;
  datasets(): Promise<Dataset[]>;
  /** @throws ToolError `dataset.unknown` with the nearest names */
  dataset(name: string): Promise<Dataset>;
  /** The engine with every current dataset version registered; it is opened by the first call. */
  engine(): Promise<SqlEngine>;
  /**
   * The dataset named last by `use`, else the newest one; undefined when there is none. A copy with columns that a model
   * computed is only where there is no other.
   */
  active(): Promise<string | undefined>;
  /** True when `active` is the one named by `use`. */
  chosen(): Promise<boolean>;
  /** Works on this dataset, and on its current version again where an older one was pinned. */
  use(name: string): void;
  /** Keeps a dataset at this version here, whatever others make current; null follows the workspace again. */
  pin(name: string, version: number | null): void;
  /** The source of a result that read these datasets. */
  sourceOf(names: readonly string[], sql: string): Promise<Source>;
  /** True while only large enough groups may leave, so that results have to say how large theirs are. */
  checksGroups(): boolean;
  close(): void;
}

export function createCatalog(
  workspace: Workspace,
  openEngine: () => Promise<SqlEngine>,
  checksGroups: () => boolean = () => false,
): Catalog {
  let opening: Promise<SqlEngine> | null = null;
  let chosen: string | undefined;
  let registering: Promise<unknown> = Promise.resolve();
  const registered = new Map<string, string>();
  const pins = new Map<string, number>();

  const pinned = (dataset: Dataset): Dataset => {
    const version = pins.get(dataset.name);
    const isThere = version !== undefined && dataset.versions.some(each => each.version === version);
    return isThere ? {...dataset, current: version} : dataset;
  };
  const datasets = async () => (await workspace.datasets()).map(pinned);
  const pin = (name: string, version: number | null) => {
    if (version === null) pins.delete(name);
    else pins.set(name, version);
  };

  async function register(engine: SqlEngine): Promise<void> {
    const found = await datasets();
    for (const dataset of found) {
      const {parquet} = currentVersion(dataset);
      if (registered.get(dataset.name) === parquet) continue;
      await engine.addDataset(dataset.name, workspace.path(parquet));
      registered.set(dataset.name, parquet);
    }
    for (const name of [...registered.keys()].filter(each => !found.some(dataset => dataset.name === each))) {
      await engine.dropDataset(name);
      registered.delete(name);
    }
  }

  return {
    workspace,
    datasets,
    dataset: async name => pinned(await workspace.dataset(name)),
    async engine() {
      opening ??= openEngine();
      const engine = await opening.catch(error => {
        opening = null;
        throw error;
      });
      // Calls that arrive together must not register the same view twice.
      registering = registering.catch(() => {}).then(() => register(engine));
      await registering;
      return engine;
    },
    async active() {
      const found = await datasets();
      if (chosen !== undefined && found.some(dataset => dataset.name === chosen)) return chosen;
      const ordinary = found.filter(each => !isComputedCopy(each));
      const newest = (ordinary.length > 0 ? ordinary : found).reduce<Dataset | null>(
        (best, each) => (best === null || addedAt(each) > addedAt(best) ? each : best),
        null,
      );
      return newest?.name;
    },
    async chosen() {
      return chosen !== undefined && (await workspace.datasets()).some(dataset => dataset.name === chosen);
    },
    use(name) {
      chosen = name;
      pin(name, null);
    },
    pin,
    async sourceOf(names, sql) {
      const found = (await datasets()).filter(dataset => names.includes(dataset.name));
      const rowsRead = found.reduce((sum, dataset) => sum + currentVersion(dataset).rows, 0);
      return {sql, datasets: found.map(refOf), rowsRead, sampled: false};
    },
    checksGroups,
    close() {
      opening?.then(engine => engine.close()).catch(() => {});
    },
  };
}

/** Made from another dataset, with columns of a model beside its own. */
function isComputedCopy(dataset: Dataset): boolean {
  return dataset.versions[0]?.source.kind === 'query' && currentVersion(dataset).columns.some(each => each.computed);
}

function addedAt(dataset: Dataset): string {
  return currentVersion(dataset).createdAt;
}

/** "sales v2: 4,000 rows × 12 columns". */
export function datasetLine(dataset: Dataset): string {
  const {version, rows, columns} = currentVersion(dataset);
  return `${dataset.name} v${version}: ${sizeWords(rows, columns.length)}`;
}
