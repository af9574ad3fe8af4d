// The executive summary as templates word it: the data, what each question came to, and what the models are worth.

import {counted, formatNumber} from '../../core/text.ts';
import type {Block, Prose, Span} from '../../render/report/outline.ts';
import {candidatesOf, capital, questionTitle, saidAnew} from './findings-section.ts';
import {headlineOf} from './headlines.ts';
import type {Finding, Material} from './material.ts';
import {qualitySentence} from './quality-words.ts';
import {firstLine, type Result} from './result-blocks.ts';
import {shortFigures} from './short-figures.ts';
import {sourcedBlocks} from './sourced-prose.ts';
import type {Sources} from './sources.ts';

const mostItems = 12;

/** Data and models are always there; of the findings as many as a summary can hold, none of them twice. */
export function templateSummary(material: Material, sources: Sources): Block[] {
  const data = material.datasets.flatMap(({dataset, profile, quality}): Prose[] => {
    const doubts = quality && qualitySentence(dataset.name, quality);
    return [
      ...(profile ? [said(`${firstLine(profile.summary)}.`, profile)] : []),
      ...(quality && doubts ? [said(doubts, quality)] : []),
    ];
  });
  const models = [
    ...material.trained.flatMap(result => {
      const text = headlineOf(result);
      return text === null ? [] : [said(capital(sentence(text)), result)];
    }),
    ...material.models.slice(0, 1).map(keptModelSentence),
  ];
  const findings = new Map<string, Prose>();
  for (const finding of material.findings)
    for (const item of findingItems(finding, material, sources)) {
      const told = item.at(-1)?.text ?? '';
      if (!findings.has(told)) findings.set(told, item);
    }
  const room = Math.max(1, mostItems - data.length - models.length);
  const items = [...data, ...[...findings.values()].slice(0, room), ...models];
  if (items.length === 0)
    return [{type: 'prose', tone: 'note', spans: [{text: 'Not done: there is nothing to sum up.'}]}];
  return [{type: 'list', items}];
}

/** The first sentence of the answer, or the outcomes of its results where it says nothing of its own. */
function findingItems(finding: Finding, material: Material, sources: Sources): Prose[] {
  const {results} = finding;
  const answer = saidAnew(finding);
  const ids = results.map(({receipt}) => receipt.id);
  const blocks = answer === '' ? [] : sourcedBlocks(answer, candidatesOf(ids, material), sources).blocks;
  const first = blocks.flatMap(block =>
    block.type === 'prose' ? block.spans.slice(0, 1) : block.type === 'list' ? (block.items[0] ?? []) : [],
  )[0];
  const title = questionTitle(finding);
  if (first && !aside.test(first.text))
    return [[{text: asHead(title), from: [{kind: 'asked'}, ...(first.from ?? [])]}, first]];
  return results.flatMap((result): Prose[] => {
    const text = headlineOf(result);
    const from = [{kind: 'result' as const, id: result.receipt.id}];
    const head = asHead(title);
    return text === null
      ? []
      : [
          [
            {text: head, from: [{kind: 'asked'}, ...from]},
            {text: head.endsWith(': ') ? sentence(text) : capital(sentence(text)), from},
          ],
        ];
  });
}

/** How a question was understood, or what to mind: nothing that was found. */
const aside = /^(?:Read as|Showing|The first and the last)\b/;

function said(text: string, {receipt}: Result): Span[] {
  return [{text, from: [{kind: 'result', id: receipt.id}]}];
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** "Does price differ by region? ", or "Average price by region: ". */
function asHead(title: string): string {
  return /[?!.:…]$/.test(title) ? `${title} ` : `${title}: `;
}

/** The newest kept model beside its baseline. */
function keptModelSentence({id, content}: Material['models'][number]): Prose {
  const {target, metric, holdout} = content;
  const [model, baseline] = [holdout.winner[metric], holdout.baseline[metric]].map(value =>
    typeof value === 'number' ? shortFigures(formatNumber(value)) : '–',
  );
  const text = `The newest kept model predicts ${target}: ${metric} ${model} on ${counted(holdout.rows, 'row')} held out, ${baseline} for the baseline (smaller is better).`;
  return [{text, from: [{kind: 'model', id}]}];
}
