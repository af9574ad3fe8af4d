// The part of a report about the data: where it came from, what it holds, and what is doubtful in it.

import {currentVersion, type DatasetVersion} from '../../core/dataset.ts';
import {formatCount} from '../../core/text.ts';
import type {Block, Prose, SourceRef} from '../../render/report/outline.ts';
import type {DatasetFacts} from './material.ts';
import {qualityBlocks} from './quality-words.ts';
import {firstLine} from './result-blocks.ts';

const notDone = (what: string): Block => ({type: 'prose', tone: 'note', spans: [{text: `Not done: ${what}`}]});

export function dataBlocks(all: readonly DatasetFacts[]): Block[] {
  return all.flatMap(each => datasetBlocks(each, all.length > 1));
}

function datasetBlocks({dataset, profile, quality}: DatasetFacts, isOneOfMany: boolean): Block[] {
  const version = currentVersion(dataset);
  const source: SourceRef = {kind: 'dataset', name: dataset.name};
  const blocks: Block[] = isOneOfMany ? [{type: 'heading', text: dataset.name, source}] : [];
  if (profile)
    blocks.push({
      type: 'prose',
      spans: [{text: `${firstLine(profile.summary)}.`, from: [{kind: 'result', id: profile.receipt.id}]}],
    });
  blocks.push({type: 'list', items: lineage(version, source)});
  if (version.warnings.length > 0) {
    blocks.push({type: 'heading', text: `What the import of ${dataset.name} changed or doubted`, source});
    blocks.push({type: 'list', items: version.warnings.map((text): Prose => [{text, from: [source]}])});
  }
  const notes = version.columns.flatMap(({name, notes}) =>
    notes.map((note): Prose => [{text: `${name}: ${note}`, from: [source]}]),
  );
  if (notes.length > 0) blocks.push({type: 'list', items: notes});
  if (profile?.table)
    blocks.push({
      type: 'table',
      caption: `Columns of ${dataset.name}`,
      table: {...profile.table, columns: profile.table.columns},
      source: {kind: 'result', id: profile.receipt.id},
    });
  else blocks.push(notDone('the columns were not profiled.'));
  if (quality) {
    const from: SourceRef = {kind: 'result', id: quality.receipt.id};
    blocks.push({type: 'heading', text: `Quality of ${dataset.name}`, source: from});
    blocks.push(...qualityBlocks(dataset.name, quality, from));
  } else blocks.push(notDone('the quality was not checked.'));
  return blocks;
}

/** From the file or the query it was made of; the hash names exactly these bytes. */
function lineage({version, source, sha256, createdAt}: DatasetVersion, from: SourceRef): Prose[] {
  const origin =
    source.kind === 'file'
      ? [
          {text: `Version ${version}, imported from the file ${source.originalName} `, from: [from]},
          {text: `(${source.format}, ${formatCount(source.sizeBytes)} bytes)`, from: [from]},
        ]
      : [
          {
            text: `Version ${version}, made from ${source.parents.map(refName).join(', ')} by: ${source.sql}`,
            from: [from],
          },
        ];
  const made: Prose = [{text: `Made on ${createdAt.slice(0, 10)}.`, from: [from]}];
  const hash: Prose = [{text: `sha256 of its data: ${sha256}`}];
  return [origin, made, hash];
}

function refName({name, version}: {name: string; version: number}): string {
  return `${name} v${version}`;
}
