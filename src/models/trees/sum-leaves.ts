// The quickest way to score rows with given trees: masks for small trees, walking together for deep ones, one by one for few rows.

import type {Columns} from '../../core/least-squares.ts';
import {addByMasks, maskScorer} from './score-by-masks.ts';
import {addByWalking, walkScorer} from './score-by-walking.ts';
import {addLeaves, type Trees} from './tree.ts';

/** For fewer rows, preparing takes longer than walking the trees. */
const fewestRows = 256;

/** Adds to `sums` as `addLeaves`, to the same bits whichever way it takes. */
export function leafSummer(trees: Trees, width: number): (sums: readonly Float64Array[], features: Columns) => void {
  const oneByOne = (sums: readonly Float64Array[], features: Columns) => addLeaves(trees, features, sums);
  let together: typeof oneByOne | undefined;
  return (sums, features) => {
    if ((sums[0]?.length ?? 0) < fewestRows) return oneByOne(sums, features);
    together ??= prepare(trees, width) ?? oneByOne;
    together(sums, features);
  };
}

function prepare(trees: Trees, width: number) {
  const masks = maskScorer(trees, width);
  if (masks) return (sums: readonly Float64Array[], features: Columns) => addByMasks(masks, features, sums);
  const nodes = walkScorer(trees, width);
  return nodes && ((sums: readonly Float64Array[], features: Columns) => addByWalking(nodes, trees, features, sums));
}
