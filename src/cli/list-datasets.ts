// `ds-agent datasets`: the datasets of the workspace, one line each.

import type {Clock} from '../core/clock.ts';
import {currentVersion} from '../core/dataset.ts';
import {formatCount, printable} from '../core/text.ts';
import {openWorkspace} from '../workspace/workspace.ts';
import type {Config} from './config.ts';
import {jsonText} from './json-result.ts';
import type {Output} from './streams.ts';

export async function runDatasets(
  config: Config,
  {json, output, clock}: {json: boolean; output: Output; clock: Clock},
): Promise<number> {
  const workspace = await openWorkspace(config.workspace, {
    clock,
    onWarning: message => output.err(`Warning: ${printable(message)}`),
  });
  const found = await workspace.datasets();
  if (json) {
    const datasets = found.map(dataset => {
      const {version, rows, columns, sha256, createdAt, source, warnings} = currentVersion(dataset);
      return {
        name: dataset.name,
        version,
        versions: dataset.versions.length,
        rows,
        columns: columns.length,
        sha256,
        created_at: createdAt,
        source,
        warnings,
      };
    });
    await output.out(jsonText({schema_version: 1, workspace: workspace.root, datasets}));
    return 0;
  }
  if (found.length === 0) output.err('No dataset is imported yet. Import one: ds-agent upload FILE');
  for (const dataset of found) {
    const {version, rows, columns, source} = currentVersion(dataset);
    const origin =
      source.kind === 'file' ? source.originalName : `query on ${source.parents.map(each => each.name).join(', ')}`;
    await output.out(
      `${dataset.name}  v${version}  ${formatCount(rows)} rows × ${formatCount(columns.length)} columns  ${printable(origin, {oneLine: true})}\n`,
    );
  }
  return 0;
}
