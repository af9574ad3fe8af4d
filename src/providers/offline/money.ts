// Which columns hold money, the likeliest first, for questions that speak of earning, spending or of the best without a column.

import type {Column} from '../../core/dataset.ts';
import {isYesNo, measureColumns} from './choose.ts';
import type {Subject} from './intent.ts';
import {isTakenAway, piecesOf, singular} from './names.ts';

/** Pieces of names, what is earned in all before what one unit costs. */
const moneyNames = (
  'revenue turnover sale income earning takings proceeds amount spending spend spent paid payment profit fare salary wage ' +
  'price cost fee'
).split(' ');

/** Number columns of money in that order; "order_total" counts among them, "total_rooms" does not. */
export function moneyColumns(subject: Subject): Column[] {
  const ranked = measureColumns(subject)
    .filter(column => !isYesNo(column))
    .map(column => ({column, rank: rankOf(piecesOf(column.name).map(singular))}))
    .filter(({rank}) => rank >= 0);
  return ranked.sort((a, b) => a.rank - b.rank).map(({column}) => column);
}

function rankOf(pieces: string[]): number {
  if (pieces.some(piece => /^(rate|pct|percent|share|ratio)$/.test(piece))) return -1;
  // A cost or a fee is money when it is all there is, after everything that is earned.
  const [only] = pieces;
  if (isTakenAway(pieces) && !(pieces.length === 1 && (only === 'cost' || only === 'fee'))) return -1;
  if (pieces.at(-1) === 'total') return moneyNames.indexOf('amount');
  const places = pieces.map(piece => moneyNames.indexOf(piece)).filter(place => place >= 0);
  return places.length > 0 ? Math.min(...places) : -1;
}

/** What was taken for money, and what else could have been. */
export function sayMoney(said: string, how: string, [taken, ...others]: Column[]): string {
  const rest = others.slice(0, 2).map(({name}) => name);
  const also = rest.length > 0 ? ` (${rest.join(' or ')} could be meant too)` : '';
  return `${said} was read as ${how} ${taken?.name}${also}.`;
}
