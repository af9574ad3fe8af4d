// A whole report as data: gathers what was computed, puts it in its sections, and lets no number through without a source.

import {readFile} from 'node:fs/promises';
import {resolve, sep} from 'node:path';
import {currentVersion} from '../../core/dataset.ts';
import {clip, formatCount, formatNumber} from '../../core/text.ts';
import type {Block, Outline, Prose, Section} from '../../render/report/outline.ts';
import type {App} from '../app.ts';
import {viewSql} from '../sessions/export.ts';
import {dataBlocks} from './data-section.ts';
import {candidatesOf, findingBlocks} from './findings-section.ts';
import {limitBlocks, nextStepBlocks, refusalBlock} from './limits-section.ts';
import {gatherMaterial, type Material} from './material.ts';
import {type Written, writtenByModel} from './model-prose.ts';
import {modelBlocks} from './models-section.ts';
import {qualitySentence} from './quality-words.ts';
import {chartWords, firstLine, type ReadSvg, type Result, runsAlone} from './result-blocks.ts';
import {shortFigures} from './short-figures.ts';
import {sourcedBlocks} from './sourced-prose.ts';
import {createSources, type Sources, sealOutline} from './sources.ts';

const mostSummaryItems = 12;
const mostSvgBytes = 4 * 1024 * 1024;

/** `writer` is the model that wrote the prose, null for the templates; `refused` are figures without a source. */
export type Report = {outline: Outline; receipts: number; refused: string[]; writer: string | null; standard: boolean};

/**
 * The report on the dataset named, or on all that the session of `app` is about.
 * @throws UsageError `dataset.none`, ToolError `dataset.unknown`; rejects with the reason of the signal when stopped
 */
export async function buildReport(app: App, named: string | null, signal: AbortSignal): Promise<Report> {
  const material = await gatherMaterial(app, named, signal);
  const sources = createSources({
    results: new Map(material.results.map(({result}) => [result.receipt.id, result])),
    datasets: material.datasets.map(({dataset}) => dataset),
    models: new Map(material.models.map(({id, content: {parameters: _, ...told}}) => [id, told])),
    questions: [
      ...material.questions,
      ...material.problems.map(({what}) => what),
      ...material.nextSteps.map(({label}) => label),
    ],
  });
  const readSvg = svgReader(app);
  const written = await writtenByModel(app, material, signal);
  const found = await findingBlocks(material, sources, readSvg);
  const prose = proseOf(written, material, sources);
  const sections: Section[] = [
    {id: 'summary', title: 'Executive summary', blocks: [writerNote(written), ...prose.summary]},
    {id: 'data', title: 'Data', blocks: dataBlocks(material.datasets)},
    {id: 'findings', title: 'Findings', blocks: found.blocks},
    {id: 'models', title: 'Models', blocks: await modelBlocks(material, readSvg)},
    {id: 'limits', title: 'Limits and assumptions', blocks: [...prose.limits, ...limitBlocks(material)]},
    {id: 'next', title: 'Next steps', blocks: [...prose.next, ...nextStepBlocks(material)]},
    {id: 'receipts', title: 'Appendix: receipts', blocks: await receiptBlocks(app, material)},
  ];
  const outline: Outline = {
    title: titleOf(material),
    about: aboutOf(app, material),
    createdAt: new Date(app.clock.now()).toISOString(),
    sections,
  };
  const sealed = sealOutline(outline, sources);
  const refused = [...new Set([...found.refused, ...prose.refused, ...sealed.refused])];
  return {
    outline: withRefusals(sealed.outline, refused.length),
    receipts: material.results.length,
    refused,
    writer: written.by === 'model' ? written.model : null,
    standard: material.standard,
  };
}

function titleOf({datasets}: Material): string {
  return `Report on ${datasets.map(({dataset}) => dataset.name).join(', ')}`;
}

function aboutOf(app: App, {datasets, standard}: Material): Prose[] {
  const lines = datasets.map(({dataset}): Prose => {
    const {version, sha256} = currentVersion(dataset);
    const from = [{kind: 'dataset' as const, name: dataset.name}];
    return [{text: `${dataset.name} v${version}, sha256 ${sha256}`, from}];
  });
  const how = standard
    ? 'Nothing had been asked, so the report ran the standard analysis.'
    : 'The findings are those of the session.';
  return [
    ...lines,
    [
      {
        text: `${how} Session: ${app.sessionId}; every number names the result (#) it comes from.`,
        from: [{kind: 'report'}],
      },
    ],
  ];
}

function writerNote(written: Written): Block {
  const text =
    written.by === 'model'
      ? `Summary, limits and next steps were worded by ${written.model}; every number in them was put in or checked by ds-agent.`
      : `No language model wrote any of this: the text is put together from the results by templates${written.reason === '' ? '' : ` (${written.reason})`}.`;
  return {type: 'prose', tone: 'note', spans: [{text, from: [{kind: 'report'}]}]};
}

type ProseParts = {summary: Block[]; limits: Block[]; next: Block[]; refused: string[]};

function proseOf(written: Written, material: Material, sources: Sources): ProseParts {
  if (written.by === 'templates')
    return {summary: templateSummary(material, sources), limits: [], next: [], refused: []};
  const candidates = candidatesOf([], material);
  const [summary, limits, next] = [written.summary, written.limits, written.next].map(text =>
    sourcedBlocks(text, candidates, sources),
  );
  const blocks = summary?.blocks ?? [];
  return {
    summary: blocks.length > 0 ? blocks : templateSummary(material, sources),
    limits: limits?.blocks ?? [],
    next: next?.blocks ?? [],
    refused: [summary, limits, next].flatMap(part => part?.refused ?? []),
  };
}

/** The headline of the data, then the first thing that each finding says. */
function templateSummary(material: Material, sources: Sources): Block[] {
  const items: Prose[] = [];
  for (const {dataset, profile, quality} of material.datasets) {
    const say = (text: string, {receipt}: Result) => items.push([{text, from: [{kind: 'result', id: receipt.id}]}]);
    if (profile) say(`${firstLine(profile.summary)}.`, profile);
    const doubts = quality && qualitySentence(dataset.name, quality);
    if (quality && doubts) say(doubts, quality);
  }
  for (const {question, answer, results} of material.findings) {
    const ids = results.map(({receipt}) => receipt.id);
    const said = answer === null ? [] : sourcedBlocks(answer, candidatesOf(ids, material), sources).blocks;
    const first = said.flatMap(block =>
      block.type === 'prose' ? block.spans.slice(0, 1) : block.type === 'list' ? (block.items[0] ?? []) : [],
    )[0];
    if (first) items.push([{text: asHead(question), from: [{kind: 'asked'}]}, first]);
    else items.push(...headlinesOf(results, question));
  }
  for (const result of material.trained)
    items.push(...linesMatching(result.summary, /^(?:Best|No candidate|On )/, result.receipt.id));
  for (const model of material.models.slice(0, 1)) items.push(keptModelSentence(model));
  const shown = items.slice(0, mostSummaryItems);
  if (shown.length === 0)
    return [{type: 'prose', tone: 'note', spans: [{text: 'Not done: there is nothing to sum up.'}]}];
  return [{type: 'list', items: shown}];
}

/** The strongest pair of a correlation, the sentence of a test, the ends of a line and of groups that a chart shows. */
function headlinesOf(results: readonly Result[], question: string): Prose[] {
  return results.flatMap((result): Prose[] => {
    const {receipt, summary} = result;
    const from = [{kind: 'result' as const, id: receipt.id}];
    const lines = summary.split('\n');
    const line =
      receipt.tool === 'draw_chart'
        ? factsOf(result)
        : receipt.tool === 'correlate'
          ? lines.find(each => each.startsWith('- '))?.slice(2)
          : lines.find(each => each.trim() !== '' && !each.startsWith('|'));
    return line
      ? [
          [
            {text: asHead(question), from},
            {text: shortFigures(line), from},
          ],
        ]
      : [];
  });
}

/** The newest kept model beside its baseline. */
function keptModelSentence({id, content}: Material['models'][number]): Prose {
  const {target, metric, holdout} = content;
  const [model, baseline] = [holdout.winner[metric], holdout.baseline[metric]].map(value =>
    typeof value === 'number' ? shortFigures(formatNumber(value)) : '–',
  );
  const text = `The newest kept model predicts ${target}: ${metric} ${model} on ${formatCount(holdout.rows)} rows held out, ${baseline} for the baseline (smaller is better).`;
  return [{text, from: [{kind: 'model', id}]}];
}

/** Of a line its ends and extremes, of bars and boxes the highest and the lowest; other charts speak for themselves. */
function factsOf(result: Result): string | undefined {
  const [, facts] =
    /^(?:Line chart|Bar chart|Box plot): [^;]+; (.*?)\. (?:n = )?[\d,]+[^.]*\.?$/.exec(chartWords(result)) ?? [];
  return facts
    ?.split('; ')
    .filter(fact => !fact.includes('beyond the whiskers'))
    .join('; ');
}

/** "Does price differ by region? ", or "average price by region: ". */
function asHead(question: string): string {
  const text = clip(question, 120);
  return /[?!.:…]$/.test(text) ? `${text} ` : `${text}: `;
}

function linesMatching(summary: string, pattern: RegExp, id: number): Prose[] {
  return summary
    .split('\n')
    .filter(line => pattern.test(line))
    .map(text => [{text: shortFigures(text), from: [{kind: 'result', id}]}]);
}

async function receiptBlocks(app: App, {results}: Material): Promise<Block[]> {
  const datasets = await app.workspace.datasets();
  if (results.length === 0) return [{type: 'prose', tone: 'note', spans: [{text: 'Not done: nothing was computed.'}]}];
  return results.map(({result: {receipt}, question}): Block => {
    const views = receipt.datasets.flatMap(ref => viewSql(datasets, ref, path => app.workspace.path(path)) ?? []);
    return {
      type: 'receipt',
      receipt,
      question,
      views,
      runs: runsAlone(receipt) && views.length === receipt.datasets.length,
    };
  });
}

function withRefusals(outline: Outline, count: number): Outline {
  const said = refusalBlock(count);
  const sections = outline.sections.map(each =>
    each.id === 'limits' ? {...each, blocks: [...said, ...each.blocks]} : each,
  );
  return {...outline, sections};
}

/** Reads drawings of the workspace only; one that is gone or too large is shown as text instead. */
function svgReader({workspace}: App): ReadSvg {
  const folder = resolve(workspace.path('charts'));
  return async path => {
    const file = resolve(workspace.root, path);
    if (!file.startsWith(folder + sep)) return null;
    const text = await readFile(file, 'utf8').catch(() => null);
    return text !== null &&
      text.length <= mostSvgBytes &&
      /^\s*(?:<\?xml[^>]*>\s*)?<svg[\s>][\s\S]*<\/svg>\s*$/.test(text)
      ? text
      : null;
  };
}
