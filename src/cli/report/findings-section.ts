// The findings of a report: each question with what was answered, its charts, tables and tests.

import {clip} from '../../core/text.ts';
import type {Block, SourceRef} from '../../render/report/outline.ts';
import type {Finding, Material} from './material.ts';
import {type ReadSvg, resultBlocks} from './result-blocks.ts';
import {shortFigures} from './short-figures.ts';
import {sourcedBlocks} from './sourced-prose.ts';
import type {Sources} from './sources.ts';

const longestHeading = 160;

/** `refused` are figures of answers that stand in no result; their sentences are left out. */
export async function findingBlocks(
  material: Material,
  sources: Sources,
  readSvg: ReadSvg,
): Promise<{blocks: Block[]; refused: string[]}> {
  const blocks: Block[] = [];
  const refused: string[] = [];
  const told = new Map<string, number>();
  for (const finding of material.findings) {
    blocks.push({
      type: 'heading',
      text: questionTitle(finding) || 'Computed',
      source: headingSource(finding),
    });
    const said = answerBlocks(finding, material, sources);
    refused.push(...said.refused);
    blocks.push(...said.blocks);
    for (const result of finding.results) {
      const own = await resultBlocks(result, {heading: questionTitle(finding)}, readSvg);
      const words = `${result.receipt.tool}\n${result.summary}`;
      const before = told.get(words);
      if (before === undefined) {
        told.set(words, result.receipt.id);
        blocks.push(...own);
      } else blocks.push(...own.filter(({type}) => type === 'chart'), sameAs(before));
    }
  }
  if (blocks.length === 0)
    blocks.push({type: 'prose', tone: 'note', spans: [{text: 'Not done: nothing was computed.'}]});
  return {blocks, refused};
}

/** A result that says the same as one before it is not printed again. */
function sameAs(id: number): Block {
  return {
    type: 'prose',
    tone: 'note',
    spans: [{text: 'The figures are those of a result above.', from: [{kind: 'result', id}]}],
  };
}

function headingSource({answer, results}: Finding): SourceRef {
  const [first] = results;
  return answer === null && first ? {kind: 'result', id: first.receipt.id} : {kind: 'asked'};
}

/** Titles of commands whose own words say little; of any other command its line without the slash. */
const commandTitles: readonly [RegExp, string][] = [
  [/^\/cluster\b/, 'Groups of similar rows'],
  [/^\/anomalies\b/, 'Unusual rows'],
  [/^\/reduce\b/, 'Principal components'],
  [/^\/models explain row\b/, 'Why a row got its prediction:'],
  [/^\/models explain\b/, 'What the model looks at'],
  [/^\/models evaluate\b/, 'How good the model is:'],
  [/^\/train\b/, 'A model of'],
];

/** What was asked as a heading: a question as it is, a command in words, a chart by its title. */
export function questionTitle({question, results}: Pick<Finding, 'question' | 'results'>): string {
  if (!question.startsWith('/')) return capital(clip(question, longestHeading));
  const [result] = results;
  const chart =
    result?.receipt.tool === 'draw_chart' ? result.artifacts?.find(({kind}) => kind === 'chart') : undefined;
  if (chart) return capital(clip(chart.title, longestHeading));
  const [pattern, title] = commandTitles.find(([each]) => each.test(question)) ?? [];
  const words = clip(question.replace(pattern ?? /^\//, '').trim(), longestHeading);
  if (title === undefined) return capital(words);
  return words === '' ? title.replace(/:$/, '') : `${title} ${words}`;
}

/** Begins with a capital where the first word is a plain one: "temperature_c" and "iPhone" stay the names they are. */
export function capital(text: string): string {
  return /^\p{Ll}+(?=[\s:,.?]|$)/u.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text;
}

/**
 * An answer without what the results below say in the same words. Those of the embedded analyst are put together from
 * results: their figures are shortened as those of results are, and a change in percent that no result holds goes.
 */
export function saidAnew({answer, byRules, results}: Finding): string {
  if (answer === null || !byRules) return answer ?? '';
  const said = new Set(results.flatMap(({summary}) => summary.split('\n').map(line => line.trim())));
  const all = answer.split('\n').filter(line => line.trim() !== '');
  // "The farthest:" announces a table, which stands below with the results.
  const isLeft = (line: string, next = '') =>
    said.has(line.trim()) || /^(?:Drawn: |\|)/.test(line) || (line.trimEnd().endsWith(':') && next.startsWith('|'));
  const left = new Set(all.filter((line, at) => isLeft(line, all[at + 1])));
  const lines = answer.split('\n').filter(line => !left.has(line));
  return shortFigures(lines.join('\n').replaceAll(/ \([+-−]?[\d,.]+ ?%\)/g, '')).trim();
}

function answerBlocks(finding: Finding, material: Material, sources: Sources) {
  const {results, failed} = finding;
  const answer = saidAnew(finding);
  const failure: Block[] = failed
    ? [{type: 'prose', tone: 'caution', spans: [{text: 'This question was not answered to its end.'}]}]
    : [];
  if (answer === '') return {blocks: failure, refused: []};
  const {blocks, refused} = sourcedBlocks(
    answer,
    candidatesOf(
      results.map(each => each.receipt.id),
      material,
    ),
    sources,
  );
  return {blocks: [...failure, ...blocks], refused};
}

/** Where a figure of prose may come from: these results, the question, the datasets, then every other result. */
export function candidatesOf(first: readonly number[], {results, datasets}: Material): SourceRef[] {
  const rest = results.map(({result}) => result.receipt.id).filter(id => !first.includes(id));
  const result = (id: number): SourceRef => ({kind: 'result', id});
  return [
    ...first.map(result),
    {kind: 'asked'},
    ...datasets.map(({dataset}): SourceRef => ({kind: 'dataset', name: dataset.name})),
    ...rest.map(result),
  ];
}
