// Compares every number of an answer with what was computed, so that a reader knows which of them nothing stands behind.

import type {Grounding} from '../../core/grounding.ts';
import {type Numbers, near} from './known-numbers.ts';
import {type Figure, figuresIn, type Reading} from './numbers-in-text.ts';

/** `rows` is the length of the longest table of the turn: some of its rows may be counted by eye. */
export type Known = {numbers: readonly Numbers[]; rows: number};

/**
 * Pure. A number is supported when a known one rounds to it, as it stands or as a percentage of it, whatever separators
 * and units (k, million, bn) it is written with; a number without a sign may be the size of a negative one. Dates, years
 * where a year can stand, ordinals, list numbers, names and code are no figures. A sum, difference, ratio or change of
 * two supported numbers of the same answer is derived, and so is a count up to 10 of rows of a table.
 */
export function groundAnswer(answer: string, known: Known): Grounding {
  const figures = figuresIn(answer).filter(each => !isYear(each) && !isConvention(each));
  const found = figures.map(each => ({figure: each, value: supportOf(each, known.numbers)}));
  const operands = [...new Set(found.flatMap(operandsOf))].slice(0, 120);
  const open = found.filter(({value}) => Number.isNaN(value)).map(({figure}) => figure);
  const wrong = open.filter(each => !isCount(each, known.rows) && !isDerived(each, operands));
  return {
    numbers: figures.length,
    supported: figures.length - open.length,
    derived: open.length - wrong.length,
    unsupported: [...new Set(wrong.map(({text}) => text))],
  };
}

/** The known number, and the figure as it stands: who subtracts two figures of an answer has only those. */
function operandsOf({figure: {readings}, value}: {figure: Figure; value: number}): number[] {
  if (Number.isNaN(value)) return [];
  const distance = (reading: Reading) => Math.abs(Math.abs(value) - reading.value);
  const written = readings.reduce((best, each) => (distance(each) < distance(best) ? each : best));
  return [value, Math.sign(value) * written.value];
}

/** The known number behind a figure, or NaN. */
function supportOf(figure: Figure, known: readonly Numbers[]): number {
  for (const reading of figure.readings) {
    for (const {value, reach, back} of wanted(figure, reading)) {
      for (const numbers of known) {
        const match = near(numbers, value, reach);
        if (!Number.isNaN(match)) return match * back;
      }
    }
  }
  return Number.NaN;
}

/** Values to look for: `back` leads from a match to the scale of the figure. */
function wanted(figure: Figure, {value, unit}: Reading): {value: number; reach: number; back: number}[] {
  const reach = (roundedTo({value, unit}, figure.hedged) / 2) * (1 + 1e-6) + Math.abs(value) * 1e-9;
  const signed = figure.negative ? [-value] : [value, -value];
  const scales = figure.percent ? [1, 100] : value !== 0 && Math.abs(value) <= 1 && unit < 1 ? [1, 0.01] : [1];
  return scales.flatMap(scale => signed.map(each => ({value: each / scale, reach: reach / scale, back: scale})));
}

/** Zeros at the end may be rounding: two digits before them are enough, or one behind "about". */
function roundedTo({value, unit}: Reading, hedged: boolean): number {
  let size = unit;
  if (value === 0 || unit < 1) return size;
  while (Number.isInteger(value / (size * 10)) && Math.abs(value) / (size * 10) >= (hedged ? 1 : 10)) size *= 10;
  return size;
}

function isDerived(figure: Figure, operands: readonly number[]): boolean {
  return figure.readings.some(reading => {
    const {value, unit} = reading;
    if (value === 0 || value / unit < 10) return false;
    const reach = (roundedTo(reading, figure.hedged) / 2) * (1 + 1e-6);
    const fits = (result: number) => Math.abs(Math.abs(result) - value) <= reach;
    return operands.some((a, i) =>
      operands.some((b, j) => {
        if (i === j) return false;
        if (figure.percent) return fits(a - b) || (b !== 0 && (fits((100 * a) / b) || fits((100 * (a - b)) / b)));
        return fits(a - b) || (i < j && fits(a + b)) || (b !== 0 && fits(a / b));
      }),
    );
  });
}

function isCount({plain, readings}: Figure, rows: number): boolean {
  const value = readings[0]?.value ?? 0;
  return plain && value <= 10 && value <= rows;
}

const beforeYear =
  /(?:\b(?:in|since|from|to|until|till|by|during|between|and|of|before|after|year|years|through|for|vs\.?|the|late|early|mid)|[-–—/(,|])\s*$/i;

/** A whole number from 1900 to 2100 where a year can stand. */
function isYear({plain, text, before, after, readings}: Figure): boolean {
  const value = readings[0]?.value ?? 0;
  if (!plain || text.length !== 4 || value < 1900 || value > 2100) return false;
  return beforeYear.test(before) || /^\s*(?:[-–—/:|),]|and\b|to\b|was\b|is\b|had\b|has\b|data\b|s\b)/i.test(after);
}

/** Levels that statistics names by custom: a 95 % interval, p < 0.05. */
function isConvention({text, before, after, readings, percent}: Figure): boolean {
  const value = readings[0]?.value ?? 0;
  if ([80, 90, 95, 99].includes(value) && (percent || /^\s*[-–]?\s*%/.test(after)))
    if (/^\s*[-–]?%?\s*(?:confidence|credible|prediction|interval|CIs?\b|level|significance|sure)/i.test(after))
      return true;
  if (percent && [1, 5, 10].includes(value) && /^\s*(?:significance\s+)?level/i.test(after)) return true;
  return (
    [0.1, 0.05, 0.01, 0.001, 0.0001].includes(value) &&
    /(?:\bp|p-values?|α|alpha|significance level(?: of)?)\s*(?:[<>≤≥=]|of|below|under|less than|is|are)*\s*$/i.test(
      before,
    ) &&
    text !== ''
  );
}
