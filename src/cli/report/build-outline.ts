// A whole report as data: gathers what was computed, puts it in its sections, and lets no number through without a source.

import {readFile} from 'node:fs/promises';
import {resolve, sep} from 'node:path';
import {currentVersion} from '../../core/dataset.ts';
import type {Block, Outline, Prose, Section} from '../../render/report/outline.ts';
import type {App} from '../app.ts';
import {viewSql} from '../sessions/export.ts';
import {dataBlocks} from './data-section.ts';
import {candidatesOf, findingBlocks} from './findings-section.ts';
import {limitBlocks, refusalBlock} from './limits-section.ts';
import {gatherMaterial, type Material} from './material.ts';
import {type Written, writtenByModel} from './model-prose.ts';
import {modelBlocks} from './models-section.ts';
import {nextStepBlocks} from './next-section.ts';
import {type ReadSvg, runsAlone} from './result-blocks.ts';
import {sourcedBlocks} from './sourced-prose.ts';
import {createSources, type Sources, sealOutline} from './sources.ts';
import {templateSummary} from './summary-section.ts';

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
