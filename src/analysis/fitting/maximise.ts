// Finds the maximum of a smooth likelihood of a few parameters, to the last digits that its gradient has.

import {leastSquares} from '../../core/least-squares.ts';

export type Objective = (at: readonly number[]) => {value: number; gradient: readonly number[]};

const mostSteps = 200;

/**
 * Newton's method with the Hessian from differences of the gradient; where that is no descent, a step along the gradient.
 * Parameters should be of the size of 1. Null when it does not settle, such as for a likelihood that rises for ever.
 */
export function maximise(objective: Objective, start: readonly number[]): number[] | null {
  let at = [...start];
  let here = objective(at);
  for (let step = 0; step < mostSteps; step++) {
    const direction = newtonDirection(objective, at, here.gradient);
    // Newton's step doubles the digits, so after a small one nothing is left that the value could show.
    if (Number.isFinite(here.value) && direction.every(change => Math.abs(change) < 1e-6))
      return at.map((value, i) => value + (direction[i] ?? 0));
    const rise = direction.reduce((sum, change, i) => sum + change * (here.gradient[i] ?? 0), 0);
    const uphill = rise > 0 ? direction : here.gradient.map(slope => slope / (1 + Math.abs(slope)));
    const moved = lineSearch(objective, at, here.value, uphill);
    if (moved === null) return null;
    at = moved;
    here = objective(at);
  }
  return null;
}

function lineSearch(objective: Objective, at: readonly number[], value: number, direction: readonly number[]) {
  // The longest step allowed keeps logarithms of parameters in range.
  const longest = Math.max(1, ...direction.map(Math.abs));
  for (let scale = 1 / longest; scale > 1e-10; scale /= 2) {
    const moved = at.map((each, i) => each + scale * (direction[i] ?? 0));
    if (objective(moved).value > value) return moved;
  }
  return null;
}

function newtonDirection(objective: Objective, at: readonly number[], gradient: readonly number[]): number[] {
  const width = 1e-5;
  const columns = at.map((_, j) => {
    const beside = (sign: number) => objective(at.map((value, i) => (i === j ? value + sign * width : value))).gradient;
    const [above, below] = [beside(1), beside(-1)];
    return Float64Array.from(gradient, (__, i) => -((above[i] ?? 0) - (below[i] ?? 0)) / (2 * width));
  });
  return [...leastSquares(columns, Float64Array.from(gradient)).coefficients];
}
