// The findings of a report: each question with what was answered, its charts, tables and tests.

import {clip} from '../../core/text.ts';
import type {Block, SourceRef} from '../../render/report/outline.ts';
import type {Finding, Material} from './material.ts';
import {type ReadSvg, resultBlocks} from './result-blocks.ts';
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
  for (const finding of material.findings) {
    blocks.push({
      type: 'heading',
      text: clip(finding.question || 'Computed', longestHeading),
      source: headingSource(finding),
    });
    const said = answerBlocks(finding, material, sources);
    refused.push(...said.refused);
    blocks.push(...said.blocks);
    for (const result of finding.results)
      blocks.push(...(await resultBlocks(result, {heading: finding.question}, readSvg)));
  }
  if (blocks.length === 0)
    blocks.push({type: 'prose', tone: 'note', spans: [{text: 'Not done: nothing was computed.'}]});
  return {blocks, refused};
}

function headingSource({answer, results}: Finding): SourceRef {
  const [first] = results;
  return answer === null && first ? {kind: 'result', id: first.receipt.id} : {kind: 'asked'};
}

function answerBlocks({answer, results, failed}: Finding, material: Material, sources: Sources) {
  const failure: Block[] = failed
    ? [{type: 'prose', tone: 'caution', spans: [{text: 'This question was not answered to its end.'}]}]
    : [];
  if (answer === null) return {blocks: failure, refused: []};
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
