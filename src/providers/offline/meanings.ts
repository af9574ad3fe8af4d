// What a word or phrase can mean to the analyst, and the kinds of columns that some words hint at.

import type {AggregateName, Comparison, Direction, PeriodPart} from './intent.ts';

export type Cue =
  | 'trend'
  | 'chart'
  | 'bar'
  | 'line'
  | 'scatter'
  | 'histogram'
  | 'box'
  | 'violin'
  | 'heatmap'
  | 'ecdf'
  | 'qq'
  | 'area'
  | 'stacked'
  | 'pairs'
  | 'missing_map'
  | 'distribution'
  | 'correlation'
  | 'spearman'
  | 'missing_values'
  | 'outliers'
  | 'z_score'
  | 'duplicates'
  | 'compare'
  | 'share'
  | 'rate'
  | 'distinct'
  | 'show'
  | 'first'
  | 'last'
  | 'random'
  | 'describe'
  | 'columns'
  | 'datasets'
  | 'dataset'
  | 'rows'
  | 'which'
  | 'quartiles'
  | 'deciles'
  | 'percentile'
  | 'frequent'
  | 'each'
  | 'same'
  | 'what_about'
  | 'more_filter';

/** `hint` names the kind of column a word such as "older" or "cheapest" speaks of. */
export type Meaning =
  | {kind: 'aggregate'; fn: AggregateName}
  | {kind: 'operator'; op: Comparison; hint?: Hint}
  | {kind: 'postfix'; op: Comparison}
  | {kind: 'superlative'; direction: Direction; hint?: Hint}
  | {kind: 'between'}
  | {kind: 'match'; how: 'contains' | 'starts with' | 'ends with'}
  | {kind: 'missing'}
  | {kind: 'present'}
  | {kind: 'not'}
  | {kind: 'and'}
  | {kind: 'or'}
  | {kind: 'by'}
  | {kind: 'period'; part: PeriodPart}
  | {kind: 'cue'; cue: Cue}
  | {kind: 'clause'}
  /** `noun` marks a word for the rows themselves, such as "passengers" beside a PassengerId. */
  | {kind: 'filler'; noun?: true};

export type Hint =
  | 'age'
  | 'price'
  | 'time'
  | 'temperature'
  | 'length'
  | 'weight'
  | 'height'
  | 'speed'
  | 'rain'
  | 'wind'
  | 'sold'
  | 'money'
  | 'rating'
  | 'duration';

/** Pieces of column names that each hint looks for, best first. */
export const hintPieces: Record<Hint, string[]> = {
  age: ['age', 'birth'],
  price: ['price', 'fare', 'cost', 'fee', 'amount', 'charge'],
  time: ['date', 'time', 'day', 'timestamp', 'year'],
  temperature: ['temperature', 'temp', 'celsius', 'fahrenheit', 'tavg', 'tmax'],
  length: ['length', 'duration', 'distance', 'minutes', 'hours', 'days'],
  weight: ['weight', 'mass', 'kg'],
  height: ['height', 'tall'],
  speed: ['speed', 'velocity', 'mph', 'kmh'],
  rain: ['rain', 'rainfall', 'precipitation', 'precip'],
  wind: ['wind', 'gust'],
  sold: ['quantity', 'qty', 'units', 'unit', 'sold', 'volume', 'sales', 'revenue', 'amount'],
  duration: ['duration', 'minutes', 'hours', 'seconds', 'days', 'ms', 'delay', 'latency'],
  rating: ['rating', 'score', 'stars', 'satisfaction', 'grade'],
  money: ['revenue', 'sales', 'amount', 'spend', 'spent', 'total', 'fare', 'payment', 'price'],
};
