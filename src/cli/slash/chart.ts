// /chart tweak and /chart … to FILE: changes how the last chart looks, and writes it where the user wants it; no model, no query.

import {readdir, readFile, stat} from 'node:fs/promises';
import {extname} from 'node:path';
import {UsageError} from '../../core/errors.ts';
import {printable} from '../../core/text.ts';
import type {Artifact} from '../../core/tool.ts';
import type {ChartForm} from '../../tools/charts/keep-chart.ts';
import type {App} from '../app.ts';
import type {SlashAnswer} from '../slash.ts';
import {chartsOf} from './run-tool.ts';

/** The newest chart of the workspace. @throws UsageError `chart.none` */
async function lastChart({workspace}: App): Promise<string> {
  const kept = (await readdir(workspace.path('charts')).catch(() => [])).filter(name =>
    /^[a-z0-9-]+\.json$/.test(name),
  );
  const times = await Promise.all(
    kept.map(async name => ({name, at: (await stat(workspace.path('charts', name))).mtimeMs})),
  );
  const newest = times.sort((a, b) => b.at - a.at)[0];
  if (newest === undefined)
    throw new UsageError('chart.none', 'There is no chart yet.', {hint: 'Draw one: /chart bar price by region'});
  return newest.name;
}

/** "log y; top 10", with "to FILE" at the end. */
export async function tweak(args: string, app: App): Promise<SlashAnswer> {
  const {rest, target} = splitTarget(args);
  const {keepChart, parseKeptChart} = await import('../../tools/charts/keep-chart.ts');
  const {tweakChart} = await import('../../render/tweak-chart.ts');
  const name = await lastChart(app);
  const kept = await parseKeptChart(await readFile(app.workspace.path('charts', name), 'utf8'));
  const tweaked = tweakChart(kept.spec, rest);
  const width = tweaked.width ?? kept.width;
  const setting = {workspace: app.workspace, terminalWidth: () => app.terminalWidth()};
  const artifacts = await keepChart(tweaked.spec, setting, {source: kept.source, width});
  const written = target === undefined ? [] : [await writeChart(target, app)];
  return {charts: chartsOf(artifacts), text: [...pathLines(artifacts), ...written].join('\n')};
}

/** Writes the last chart to a file. @throws ImportError as other exports */
export async function writeChart({file, form}: ChartTarget, app: App): Promise<string> {
  const {chartFile, parseKeptChart} = await import('../../tools/charts/keep-chart.ts');
  const {writeFileWhole} = await import('../../workspace/output-file.ts');
  const kept = await parseKeptChart(await readFile(app.workspace.path('charts', await lastChart(app)), 'utf8'));
  const content = await chartFile(kept.spec, form, kept);
  const path = await writeFileWhole(file, content, {workspace: app.workspace, force: false});
  return `Written: ${printable(path, {oneLine: true})}`;
}

export type ChartTarget = {file: string; form: ChartForm};

/** What stands before "to FILE" at the end of a line, and the file. @throws UsageError `chart.bad_file` for another ending */
export function splitTarget(args: string): {rest: string; target: ChartTarget | undefined} {
  const found = /^([\s\S]*?)\s*\bto\s+("[^"]+"|\S+\.[a-z][a-z0-9]{0,4})\s*$/i.exec(args);
  if (!found) return {rest: args, target: undefined};
  const file = (found[2] ?? '').replace(/^"|"$/g, '');
  return {rest: found[1] ?? '', target: {file, form: formOf(file)}};
}

function formOf(file: string): ChartForm {
  const ending = extname(file).slice(1).toLowerCase();
  if (ending === 'svg' || ending === 'html' || ending === 'png' || ending === 'json') return ending;
  throw new UsageError('chart.bad_file', `A chart can not be written as "${printable(ending, {oneLine: true})}".`, {
    hint: 'Name a file that ends in .svg, .html, .png or .json.',
  });
}

/** "Kept: charts/price-by-region-1a2b3c4d.svg, ….html (in the workspace)". */
export function pathLines(artifacts: readonly Artifact[]): string[] {
  const paths = artifacts.flatMap(({path}) => path ?? []);
  return paths.length === 0 ? [] : [`Kept in the workspace: ${paths.join(', ')}`];
}
