// Makes sure that a plan computes its answers: the numbers of the labels may not stand in it.

import type {Task} from './dataset.ts';
import type {Plan} from './plan.ts';

/**
 * The numbers of the labels, of at least three digits other than leading zeros, that stand in the plan as whole numbers.
 * Shorter ones, such as a threshold of 0.05, may well be part of an honest query.
 */
export function leakedNumbers(labels: Task['labels'], plan: Plan): string[] {
  const written = new Set(JSON.stringify(plan).match(/\d+(?:\.\d+)?/g));
  const numbers = labels.flatMap(([, value]) => value.match(/\d+(?:\.\d+)?/g) ?? []);
  return numbers.filter(number => number.replace('.', '').replace(/^0+/, '').length >= 3 && written.has(number));
}
