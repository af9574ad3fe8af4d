// Keeps the charts that a tool draws beside its result; what draws is loaded only where there is something to draw.

import type {Artifact, Source} from '../../core/tool.ts';
import type {ChartSpec} from '../../render/chart-spec.ts';
import type {ChartSetting} from './keep-chart.ts';

export async function keepCharts(
  charts: readonly ChartSpec[],
  setting: ChartSetting,
  source: Source | undefined,
): Promise<Artifact[]> {
  if (charts.length === 0) return [];
  const {keepChart} = await import('./keep-chart.ts');
  const kept: Artifact[] = [];
  for (const spec of charts) kept.push(...(await keepChart(spec, setting, {source})));
  return kept;
}
