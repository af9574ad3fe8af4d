// Numbers that are years: written 2024, not 2,024, and no tick stands between two of them.

import type {Scale} from './axis.ts';

const [first, last] = [1800, 2100];

/** True for whole numbers from 1800 to 2100 of which two differ; a price that looks so only loses its comma. */
export function areYears(values: readonly (number | string | null)[]): boolean {
  const isYear = (value: number | string | null) =>
    typeof value === 'number' && Number.isInteger(value) && value >= first && value <= last;
  return new Set(values).size > 1 && values.every(isYear);
}

/** The scale with its whole years only. */
export function ofYears(scale: Scale): Scale {
  const labels = scale.labels
    .filter(({value}) => Number.isInteger(value))
    .map(({value}) => ({value, text: String(value)}));
  return {...scale, labels};
}
