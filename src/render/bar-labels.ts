// The numbers beside bars: as many decimals as tell the bars apart, the same for all of them.

import {formatNumber} from '../core/text.ts';
import {isDrawable} from './axis.ts';

const digits = 4;
/** From here on a number takes more room than a bar. */
const longest = 1e10;

/**
 * A text for each value, `∅` for null. The largest has four significant digits, the others its decimals, and none that no
 * label needs; whole numbers stay whole, and a small one never becomes 0. The values themselves stand in tooltips and tables.
 */
export function barLabels(values: readonly (number | null)[]): string[] {
  const drawn = values.filter(isDrawable);
  const largest = drawn.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (largest > 0 && (largest >= longest || largest < 1e-4)) return exponents(values, largest);
  const isWhole = drawn.every(value => Number.isInteger(value));
  const most = isWhole || largest === 0 ? 0 : Math.max(0, digits - 1 - Math.floor(Math.log10(largest)));
  const needed = drawn.map(value => /\.(\d*?)0*$/.exec(value.toFixed(Math.min(most, 20)))?.[1]?.length ?? 0);
  const decimals = Math.max(0, ...needed);
  return values.map(value => {
    if (value === null) return '∅';
    if (!isDrawable(value)) return formatNumber(value);
    const [whole = '0', fraction] = value.toFixed(decimals).split('.');
    const isLost = value !== 0 && Number(value.toFixed(decimals)) === 0;
    if (isLost) return formatNumber(Number(value.toPrecision(2)));
    const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ',');
    return fraction === undefined ? grouped : `${grouped}.${fraction}`;
  });
}

/** All with the power of the largest, so that they compare: "1.0002e12" and "0.9998e12". */
function exponents(values: readonly (number | null)[], largest: number): string[] {
  const power = Math.floor(Math.log10(largest));
  const parts = values.map(value => (isDrawable(value) ? value / 10 ** power : 0));
  const needed = parts.map(part => /\.(\d*?)0*$/.exec(part.toFixed(digits))?.[1]?.length ?? 0);
  const decimals = Math.max(0, ...needed);
  return values.map((value, index) => {
    if (value === null) return '∅';
    if (!isDrawable(value)) return formatNumber(value);
    const part = (parts[index] ?? 0).toFixed(decimals);
    return Number(part) === 0 ? formatNumber(Number(value.toPrecision(2))) : `${part}e${power}`;
  });
}
