// Shows a chart at once and keeps it in the workspace: as SVG, as a page to look around in, and as its spec to go on from.

import {createHash} from 'node:crypto';
import {setImmediate} from 'node:timers/promises';
import {z} from 'zod';
import {ToolError} from '../../core/errors.ts';
import type {Artifact, Source} from '../../core/tool.ts';
import type {ChartSpec} from '../../render/chart-spec.ts';
import {writeFileAtomic} from '../../workspace/atomic-write.ts';
import type {Workspace} from '../../workspace/workspace.ts';

export type ChartSetting = {workspace: Workspace; terminalWidth(): number};

export type KeepOptions = {
  /** Where the numbers came from; kept with the spec and shown on the page. */
  source?: Source | undefined;
  png?: boolean | undefined;
  /** px of the SVG and the page. */
  width?: number | undefined;
};

export type ChartForm = 'svg' | 'html' | 'png' | 'json';

/** Lines of bars, boxes or cells at most; of other plots their rows. */
const rowsInTerminal = {bars: 20, boxes: 20, cells: 40, bins: 14, xy: 14, panels: 14} as const;

/** The chart as text for the terminal, and the files, with paths relative to the workspace; without files where it can't be written. */
export async function keepChart(
  spec: ChartSpec,
  setting: ChartSetting,
  options: KeepOptions = {},
): Promise<Artifact[]> {
  const {title} = spec;
  await setImmediate();
  const preview = await chartText(spec, setting.terminalWidth());
  if (setting.workspace.unwritable) return [{kind: 'chart', title, preview}];
  const base = `charts/${chartName(spec, options)}`;
  const forms: ChartForm[] = options.png ? ['svg', 'html', 'png'] : ['svg', 'html'];
  for (const form of [...forms, 'json' as const]) {
    // Each takes tens of milliseconds for thousands of points, and so does the first loading of what draws; between these keys are read.
    await setImmediate();
    await writeFileAtomic(setting.workspace.path(`${base}.${form}`), await chartFile(spec, form, options));
  }
  const [first, ...others] = forms.map(form => `${base}.${form}`);
  return [
    {kind: 'chart', title, preview, ...(first !== undefined && {path: first})},
    ...others.map(
      (path): Artifact => ({kind: 'file', title: `${title} (${path.endsWith('png') ? 'PNG' : 'HTML'})`, path}),
    ),
  ];
}

/** One after the other, each as `keepChart`. */
export async function keepCharts(
  charts: readonly ChartSpec[],
  setting: ChartSetting,
  source: Source | undefined,
): Promise<Artifact[]> {
  const kept: Artifact[] = [];
  for (const spec of charts) kept.push(...(await keepChart(spec, setting, {source})));
  return kept;
}

export async function chartText(spec: ChartSpec, terminalWidth: number): Promise<string> {
  const {renderTerminalChart} = await import('../../render/chart.ts');
  const {familyOf} = await import('../../render/chart-marks.ts');
  await setImmediate();
  const size = {width: Math.max(20, Math.min(200, terminalWidth)), height: rowsInTerminal[familyOf(spec.mark)]};
  return renderTerminalChart(spec, size);
}

/** The chart as the content of a file; the same chart gives the same bytes. */
export async function chartFile(
  spec: ChartSpec,
  form: ChartForm,
  {source, width}: KeepOptions = {},
): Promise<string | Uint8Array> {
  switch (form) {
    case 'svg': {
      const {svgOf} = await import('../../render/svg/svg.ts');
      await setImmediate();
      return svgOf(spec, {width});
    }
    case 'html': {
      const {chartPage, pageDrawing} = await import('../../render/html/chart-page.ts');
      await setImmediate();
      const drawing = pageDrawing(spec, width);
      await setImmediate();
      return chartPage(spec, {source: sourceText(source), drawing});
    }
    case 'png':
      return chartPicture(spec, width);
    case 'json':
      return `${JSON.stringify({v: 1, spec, source, width}, null, 1)}\n`;
  }
}

async function chartPicture(spec: ChartSpec, width: number | undefined): Promise<Uint8Array> {
  const {svgOf} = await import('../../render/svg/svg.ts');
  const {pictureFont, pictureFontFiles} = await import('./chart-fonts.ts');
  const svg = svgOf(spec, {width, font: pictureFont});
  try {
    const {pngOf} = await import('../../render/png.ts');
    return (await pngOf(svg, {fontFiles: pictureFontFiles(), fontFamily: pictureFont})).png;
  } catch (error) {
    throw new ToolError('chart.no_picture', 'A PNG can not be drawn on this machine.', {
      hint: 'The SVG and the HTML page hold the same chart.',
      cause: error,
    });
  }
}

/** Words of the title and a hash of all of the chart, so that no other chart has the name. */
function chartName(spec: ChartSpec, {width}: KeepOptions): string {
  const words = spec.title
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 48)
    .replace(/^-+|-+$/g, '');
  const hash = createHash('sha256')
    .update(JSON.stringify([spec, width ?? null]))
    .digest('hex')
    .slice(0, 8);
  return `${words === '' ? 'chart' : words}-${hash}`;
}

function sourceText(source: Source | undefined): string {
  if (!source) return '';
  const datasets = source.datasets.map(({name, version, sha256}) => `${name} v${version}, sha256 ${sha256}`);
  return [...datasets, ...(source.sql === undefined ? [] : [source.sql])].join('\n');
}

const keptSource = z.object({
  sql: z.string().exactOptional(),
  datasets: z.array(z.object({name: z.string(), version: z.number(), sha256: z.string()})),
  rowsRead: z.number(),
  sampled: z.boolean(),
});

export type KeptChart = {spec: ChartSpec; source: Source | undefined; width: number | undefined};

/** A spec that `keepChart` wrote. @throws ToolError `chart.unreadable` */
export async function parseKeptChart(text: string): Promise<KeptChart> {
  const {chartSpec} = await import('../../render/chart-spec.ts');
  const kept = z.object({
    v: z.literal(1),
    spec: chartSpec,
    source: keptSource.optional(),
    width: z.number().optional(),
  });
  try {
    const {spec, source, width} = kept.parse(JSON.parse(text));
    return {spec, source, width};
  } catch (error) {
    throw new ToolError(
      'chart.unreadable',
      'The kept chart can not be read; it was changed or written by another version.',
      {
        hint: 'Draw it again with /chart.',
        cause: error,
      },
    );
  }
}
