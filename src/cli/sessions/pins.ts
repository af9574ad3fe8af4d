// Keeps a resumed session on the very data it was computed from, and says where the workspace has moved on.

import {currentVersion} from '../../core/dataset.ts';
import type {StampedEvent} from '../../core/events.ts';
import {formatCount} from '../../core/text.ts';
import type {Catalog} from '../../tools/catalog.ts';

/** `sha256` is null for a version that came to be but was not asked about. */
type Used = {version: number; sha256: string | null};

/** The version of each dataset that the session worked on last. */
export function versionsUsed(events: readonly StampedEvent[]): Map<string, Used> {
  const used = new Map<string, Used>();
  let added = new Set<string>();
  for (const event of events) {
    if (event.type === 'tool_start') added = new Set();
    else if (event.type === 'dataset_added') {
      added.add(event.name);
      used.set(event.name, {version: event.version, sha256: null});
    } else if (event.type === 'tool_end' && event.result.ok && !event.result.nextSteps) {
      // A call that made a new version names the one it read; the session goes on with the new one.
      for (const {name, version, sha256} of event.result.receipt.datasets)
        if (!added.has(name)) used.set(name, {version, sha256});
    } else if (event.type === 'command_result' && event.ok && /^\/(undo|use)\b/.test(event.line)) {
      for (const name of used.keys()) if (event.text.includes(name)) used.delete(name);
    }
  }
  return used;
}

/** Pins what has changed since and gives a sentence about each. */
export async function pinDatasets(catalog: Catalog, events: readonly StampedEvent[]): Promise<string[]> {
  const datasets = new Map((await catalog.datasets()).map(dataset => [dataset.name, dataset]));
  return [...versionsUsed(events)].flatMap(([name, {version, sha256}]) => {
    const dataset = datasets.get(name);
    if (!dataset) return [`${name}, which this session used, is no longer in the workspace.`];
    const found = dataset.versions.find(each => (sha256 === null ? each.version === version : each.sha256 === sha256));
    const current = currentVersion(dataset);
    if (!found)
      return [`${name} v${version} of this session is gone; questions are now answered from v${current.version}.`];
    if (found.version === current.version) return [];
    catalog.pin(name, found.version);
    const rows = (count: number) => `${formatCount(count)} row${count === 1 ? '' : 's'}`;
    return [
      `${name} has changed: this session used v${found.version} (${rows(found.rows)}), the workspace now has v${current.version} (${rows(current.rows)}). Answers stay on v${found.version}; /use ${name} (or --dataset ${name}) moves to v${current.version}.`,
    ];
  });
}
