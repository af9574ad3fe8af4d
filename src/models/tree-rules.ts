// A small tree as text: its questions in the units of the columns, and what it says at the end of each path.

import {z} from 'zod';
import {counted} from '../core/text.ts';
import type {Recipe} from './recipe.ts';
import type {Trees} from './trees/tree.ts';
import {unpackTrees} from './trees/tree-file.ts';

const treeParameters = z.object({classCount: z.int().min(0), trees: z.unknown()});
const mostDigits = 5;

type Question = {yes: string; no: string};

/**
 * The lines of the first tree of `parameters`, each question indented below the one before it. `features[j]` asks about
 * feature j of the recipe. `classes` are the names of the classes, in their order.
 */
export function treeRules(parameters: unknown, recipe: Recipe, classes: readonly string[]): string[] {
  const {classCount, trees: packed} = treeParameters.parse(parameters);
  const {trees} = unpackTrees(packed);
  const ask = questionsOf(recipe);
  const lines: string[] = [];
  const walk = (node: number, depth: number) => {
    const feature = trees.feature[node] ?? -1;
    if (feature < 0) return;
    const question = ask[feature]?.(trees.threshold[node] ?? 0) ?? {yes: `feature ${feature}`, no: 'else'};
    const isMissingLeft = trees.missingLeft[node] === 1;
    const canMiss = recipeMisses(recipe, feature);
    const sides = [
      {child: node + 1, text: question.yes + (canMiss && isMissingLeft ? ' or missing' : '')},
      {child: trees.right[node] ?? 0, text: question.no + (canMiss && !isMissingLeft ? ' or missing' : '')},
    ];
    for (const {child, text} of sides) {
      const isLeaf = (trees.feature[child] ?? -1) < 0;
      lines.push(`${'  '.repeat(depth)}${text}${isLeaf ? `: ${answerOf(trees, child, classCount, classes)}` : ''}`);
      walk(child, depth + 1);
    }
  };
  walk(trees.roots[0] ?? 0, 0);
  return lines;
}

function answerOf(
  {outputs, values, cover}: Trees,
  node: number,
  classCount: number,
  classes: readonly string[],
): string {
  const rows = counted(Math.round(cover[node] ?? 0), 'row');
  const own = Array.from(values.subarray(node * outputs, (node + 1) * outputs));
  if (classCount === 0) return `${short(own[0] ?? 0)} (${rows})`;
  const shares = classCount === 2 && outputs === 1 ? [1 - (own[0] ?? 0), own[0] ?? 0] : own;
  const best = shares.indexOf(Math.max(...shares));
  return `${classes[best] ?? `class ${best}`}, ${Math.round(100 * (shares[best] ?? 0))} % of ${rows}`;
}

/** For each feature how a threshold on it reads. */
function questionsOf({steps}: Recipe): ((threshold: number) => Question)[] {
  const flag = (yes: string, no: string) => () => ({yes, no});
  const compare = (name: string, scale: (threshold: number) => number) => (threshold: number) => {
    const limit = short(scale(threshold));
    return {yes: `${name} ≤ ${limit}`, no: `${name} > ${limit}`};
  };
  return steps.flatMap((step): ((threshold: number) => Question)[] => {
    switch (step.kind) {
      case 'number': {
        const value = compare(step.name, threshold => threshold * step.sd + step.mean);
        return step.flagsMissing ? [value, flag(`${step.name} is there`, `${step.name} is missing`)] : [value];
      }
      case 'category':
        return step.levels.map(level => flag(`${step.name} is not ${level}`, `${step.name} is ${level}`));
      case 'encoded':
        return step.outputs.map(({label, prior, sd}) => compare(`${step.name} (${label})`, at => at * sd + prior));
      case 'text':
        return step.terms.map(term => compare(`weight of "${term}" in ${step.name}`, at => at));
      default:
        return step satisfies never;
    }
  });
}

function recipeMisses({steps}: Recipe, feature: number): boolean {
  let at = 0;
  for (const step of steps) {
    const width =
      step.kind === 'number'
        ? 1 + Number(step.flagsMissing)
        : step.kind === 'category'
          ? step.levels.length
          : step.kind === 'encoded'
            ? step.outputs.length
            : step.terms.length;
    if (feature < at + width) return step.kind === 'number' && step.flagsMissing && feature === at;
    at += width;
  }
  return false;
}

function short(value: number): string {
  return String(Number(value.toPrecision(mostDigits)));
}
