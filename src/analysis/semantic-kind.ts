// Guesses what a column is for, and says what a reader should beware of. Pure: facts in, words out.

import {formatCount, formatNumber} from '../core/text.ts';
import type {ColumnProfile, SemanticKind} from './profile-types.ts';

const idName = /(^|[_\s])(id|uuid|guid|key|nr|no|number)$|^id[_\s]/i;
const strictIdName = /(^|[_\s])(id|uuid|guid)$|^id[_\s]/i;
const camelIdName = /[a-z]I[dD]$/;
/** "userid" and "oid" name rows; "paid" and "bid" do not. */
const joinedIdName =
  /(user|customer|client|order|product|item|account|employee|patient|student|passenger|session|visitor|member|transaction|invoice|store|ticket|vehicle|device|record|row|object|(^|[_\s])[ougpcst])id$/i;
const codeName =
  /(^|[_\s])(code|zip|zip_?code|post_?code|postal|plz|sku|ssn|isbn|ean|upc|barcode|phone|fax|fips|account)$/i;
const wholeNumber = /INT|BIGNUM/;

export type KindInput = Omit<ColumnProfile, 'semantic' | 'warnings' | 'topValues' | 'histogram'> & {
  presentCount: number;
  /** Text values with a blank inside; 0 for other kinds. */
  withBlankCount: number;
};

/**
 * `constant` when there is at most one distinct value; `id` when (nearly) all values differ and they look like names of
 * rows; numbers are measures unless their name says code; texts are categories when they repeat.
 */
export function semanticKind(column: KindInput): SemanticKind {
  if (column.distinctCount <= 1) return 'constant';
  switch (column.columnKind) {
    case 'boolean':
      return 'boolean';
    case 'time':
      return 'date';
    case 'nested':
      return 'nested';
    case 'number':
      return numberKind(column);
    case 'text':
      return textKind(column);
  }
}

function numberKind(column: KindInput): SemanticKind {
  const {facts, distinctCount, presentCount} = column;
  if (facts.kind !== 'number' || !wholeNumber.test(column.type)) return 'measure';
  const unique = isUnique(column);
  if (isIdName(column.name) && distinctCount >= 0.9 * presentCount) return 'id';
  if (unique && Number(facts.max) - Number(facts.min) + 1 === presentCount) return 'id';
  if (distinctCount === 2 && facts.min === 0 && facts.max === 1) return 'boolean';
  return codeName.test(column.name) || isIdName(column.name) ? 'category' : 'measure';
}

/** Estimates are a few per cent off. */
function isUnique({distinctCount, distinctIsEstimate, presentCount}: KindInput): boolean {
  return presentCount >= 10 && distinctCount >= presentCount * (distinctIsEstimate ? 0.95 : 1);
}

function textKind(column: KindInput): SemanticKind {
  const {facts, distinctCount, presentCount, withBlankCount, name} = column;
  const meanLength = facts.kind === 'text' ? (facts.meanLength ?? 0) : 0;
  const mostlyBlanks = withBlankCount > presentCount / 2;
  if (isIdName(name) && distinctCount >= 0.9 * presentCount && !mostlyBlanks) return 'id';
  if (isUnique(column) && meanLength <= 40 && withBlankCount === 0) return 'id';
  if (meanLength > 60) return 'text';
  const few = distinctCount <= Math.max(20, presentCount * 0.05);
  return (few && (presentCount >= 20 || distinctCount < presentCount)) || distinctCount <= presentCount * 0.5
    ? 'category'
    : 'text';
}

/** True for whole numbers that name things, such as ids and codes: by their name, and the weaker names only when they hardly repeat. */
export function isName(column: {name: string; type: string; distinctCount: number; presentCount: number}): boolean {
  const {name, type, distinctCount, presentCount} = column;
  if (!wholeNumber.test(type) || presentCount < 10) return false;
  return isStrictIdName(name) || codeName.test(name) || (idName.test(name) && distinctCount >= 0.9 * presentCount);
}

function isIdName(name: string): boolean {
  return idName.test(name) || isStrictIdName(name);
}

function isStrictIdName(name: string): boolean {
  return strictIdName.test(name) || camelIdName.test(name) || joinedIdName.test(name);
}

/** Short plain notes, the most important first, then those of the import (units, ambiguous dates); empty when all is well. */
export function columnWarnings(
  column: Omit<ColumnProfile, 'warnings'>,
  rows: number,
  notes: readonly string[] = [],
): string[] {
  const {facts, semantic, nullCount, distinctCount} = column;
  if (rows === 0) return [];
  if (nullCount === rows) return ['all values are missing'];
  const warnings: string[] = [];
  const say = (condition: boolean, text: string) => {
    if (condition) warnings.push(text);
  };
  say(semantic === 'constant', 'only one value');
  say(semantic === 'id' && facts.kind === 'number', 'looks like an id: a mean of it says nothing');
  say(nullCount / rows >= 0.2, `${percent(nullCount / rows)} missing`);
  if (facts.kind === 'number') {
    say(facts.nanCount > 0, `${formatCount(facts.nanCount)} NaN, counted as missing`);
    say(facts.infiniteCount > 0, `${formatCount(facts.infiniteCount)} infinite, left out of the statistics`);
    if (semantic === 'measure') {
      say(
        facts.outlierCount > 0,
        `${formatCount(facts.outlierCount)} ${facts.outlierCount === 1 ? 'outlier' : 'outliers'} (beyond 1.5 IQR)`,
      );
      const skewness = facts.skewness ?? 0;
      say(Math.abs(skewness) >= 2, `skewed ${skewness > 0 ? 'right' : 'left'} (${formatNumber(round(skewness))})`);
    }
  }
  if (facts.kind === 'text') {
    const presentCount = rows - nullCount;
    const {numericCount, variantCount, zeroCount} = facts;
    say(
      numericCount > 0 && numericCount >= presentCount * 0.5 && numericCount < presentCount,
      `mixed: ${formatCount(numericCount)} of ${formatCount(presentCount)} values are numbers`,
    );
    const hasZeros = zeroCount > 0 && numericCount >= presentCount * 0.5;
    say(numericCount === presentCount && !hasZeros, 'numbers kept as text');
    say(hasZeros, `${formatCount(zeroCount)} with leading zeros: a code, not a number`);
    say(
      variantCount > 0 && distinctCount > 1,
      `${formatCount(variantCount)} values differ from another only by case or blanks`,
    );
  }
  return [...warnings, ...notes];
}

/** 0.2182 → "21.8 %"; a share that is not zero is never shown as zero, nor one below all as all. */
export function percent(share: number): string {
  if (share > 0 && share < 0.001) return '< 0.1 %';
  if (share < 1 && share > 0.999) return '> 99.9 %';
  return `${Number((share * 100).toFixed(1))} %`;
}

function round(value: number): number {
  return Number(value.toFixed(1));
}
