// The door that every number of a report passes: it has to stand in what the report names as its source.

import {groundAnswer} from '../../agent/grounding/ground-answer.ts';
import {
  type Numbers,
  numbersInText,
  numbersOf,
  numbersOfDatasets,
  numbersOfResult,
} from '../../agent/grounding/known-numbers.ts';
import {currentVersion, type Dataset} from '../../core/dataset.ts';
import {printable} from '../../core/text.ts';
import type {ToolResult} from '../../core/tool.ts';
import type {Block, Outline, Prose, SourceRef, Span} from '../../render/report/outline.ts';

export interface Sources {
  /** What of the figures in `text` stands in none of these sources; derived figures count, a report computes nothing. */
  unsupported(text: string, from: readonly SourceRef[]): string[];
  /** The fewest of the candidates, in their order, that have all figures of the text; null when they do not. */
  find(text: string, candidates: readonly SourceRef[]): SourceRef[] | null;
}

export type Known = {
  results: ReadonlyMap<number, ToolResult>;
  datasets: readonly Dataset[];
  /** What the files of models say, without their parameters, by id. */
  models: ReadonlyMap<string, unknown>;
  questions: readonly string[];
};

/** It names a version of data and is no figure. */
const hash = /\b[0-9a-f]{64}\b/g;

const none: Numbers = new Float64Array();

export function createSources({results, datasets, models, questions}: Known): Sources {
  const read = new Map<string, Numbers>();
  const once = (key: string, make: () => Numbers) => {
    const found = read.get(key) ?? make();
    read.set(key, found);
    return found;
  };
  const numbersBehind = (source: SourceRef): Numbers => {
    switch (source.kind) {
      case 'result': {
        const result = results.get(source.id);
        return result ? once(`result ${source.id}`, () => numbersOfResult(result)) : none;
      }
      case 'dataset': {
        const found = datasets.find(({name}) => name === source.name);
        return found ? once(`dataset ${source.name}`, () => numbersOfVersion(found)) : none;
      }
      case 'model': {
        const found = models.get(source.id);
        return once(`model ${source.id}`, () => numbersOf(numbersInText(JSON.stringify(found) ?? '')));
      }
      case 'asked':
        return once('asked', () => numbersOf(numbersInText(questions.join('\n'))));
      case 'report':
        return none;
      default:
        return source satisfies never;
    }
  };
  const ground = (text: string, from: readonly SourceRef[]) =>
    groundAnswer(text.replaceAll(hash, ''), {numbers: from.map(numbersBehind), rows: 0});

  return {
    unsupported(text, from) {
      if (!/\d/.test(text) || from.some(({kind}) => kind === 'report')) return [];
      const {numbers, supported, derived, unsupported} = ground(text, from);
      if (numbers === supported) return [];
      return unsupported.length > 0 ? unsupported : [`${derived} that other numbers would give`];
    },
    find(text, candidates) {
      const needed = ground(text, []).numbers;
      const chosen: SourceRef[] = [];
      let supported = 0;
      for (const candidate of candidates) {
        if (supported === needed) break;
        const now = ground(text, [...chosen, candidate]).supported;
        if (now === supported) continue;
        supported = now;
        chosen.push(candidate);
      }
      return supported === needed ? chosen : null;
    },
  };
}

/** Facts of the version, and what its import and its origin say. */
function numbersOfVersion(dataset: Dataset): Numbers {
  const told = dataset.versions.flatMap(({version, rows, columns, warnings, source}) => [
    version,
    rows,
    columns.length,
    ...warnings.flatMap(numbersInText),
    ...columns.flatMap(({notes}) => notes.flatMap(numbersInText)),
    ...(source.kind === 'file' ? [source.sizeBytes, ...numbersInText(source.originalName)] : numbersInText(source.sql)),
  ]);
  return numbersOf([...told, ...numbersOfDatasets([dataset]), currentVersion(dataset).version]);
}

/** `refused` are the figures that were kept out, as they were written. */
export type Sealed = {outline: Outline; refused: string[]};

/** Takes out every paragraph, item, heading and chart text with a number that its source does not hold. */
export function sealOutline(outline: Outline, sources: Sources): Sealed {
  const refused: string[] = [];
  const passes = (text: string, from: readonly SourceRef[]) => {
    const wrong = sources.unsupported(text, from);
    refused.push(...wrong);
    return wrong.length === 0;
  };
  const passesAll = (spans: Prose) => spans.every(({text, from = []}: Span) => passes(text, from));
  const sealBlock = (block: Block): Block[] => {
    switch (block.type) {
      case 'heading':
        return passes(block.text, block.source ? [block.source] : []) ? [block] : [];
      case 'prose':
        return passesAll(block.spans) ? [block] : [];
      case 'list': {
        const items = block.items.filter(passesAll);
        return items.length > 0 ? [{...block, items}] : [];
      }
      case 'table': {
        const cells = block.table.rows.flat().filter(cell => cell !== null);
        const isTrue = passes(block.caption, [block.source]) && passes(cells.map(cellText).join(' ; '), [block.source]);
        return isTrue ? [block] : [];
      }
      case 'chart':
        return passes(`${block.title}\n${block.summary}`, [block.source]) ? [block] : [];
      case 'receipt':
        return [block];
      default:
        return block satisfies never;
    }
  };
  const about = outline.about.filter(passesAll);
  const sections = outline.sections.map(section => ({...section, blocks: section.blocks.flatMap(sealBlock)}));
  return {outline: {...outline, about, sections}, refused: [...new Set(refused.map(each => printable(each)))]};
}

/** A cell as it stands in its table; a year or a code in a text is no figure of the report's own. */
function cellText(cell: unknown): string {
  return typeof cell === 'number' || typeof cell === 'bigint' ? String(cell) : typeof cell === 'string' ? cell : '';
}
