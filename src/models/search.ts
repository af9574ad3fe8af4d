// The contest: every candidate on the same folds, the best ones tuned, the best of those blended, all within a time.

import {formatNumber} from '../core/text.ts';
import type {Estimator, Settings} from './estimator.ts';
import {drawRows, type FoldData, featuresFor, fitPart, outputsOf, prepareFold} from './fold-data.ts';
import {errorOf} from './score.ts';
import {leastSquaresWeights, mixtureWeights, stackOf} from './stack.ts';
import type {Split} from './train-test-split.ts';
import type {Candidate, TrainingData} from './training-data.ts';

/** `out[k][i]` is output k for row i of `rows`, predicted by a model that had not seen it; NaN where no fold tests it. */
export type Entry = Candidate & {
  of: Estimator;
  settings: Settings;
  errors: number[];
  out: Float64Array[];
  fitMs: number;
};

/** `folds` are of places in `rows`, which are the rows of the data that take part in the choice. */
export type Contest = {
  data: TrainingData;
  rows: Uint32Array;
  folds: readonly Split[];
  prepared: Map<number, FoldData>;
  now(): number;
  /** No candidate is begun that will not end by then. */
  endsAt: number;
  skip(name: string, why: string): void;
  progress(text: string): void;
};

const lackOfTime = 'no time left';
/** Fits on so many rows, and on three times as many, tell how long one on all of them will take. */
const pilotRows = 1_000;
const fewestTuned = 2;
const mostMembers = 6;
const leastWeight = 0.02;
const rounding = 1e-12;

export function foldData(contest: Contest, fold: number): FoldData {
  const {data, rows, folds, prepared} = contest;
  const found = prepared.get(fold);
  if (found) return found;
  const at = (places: Uint32Array | undefined) => Uint32Array.from(places ?? [], place => rows[place] ?? 0);
  const made = prepareFold(data, at(folds[fold]?.train), at(folds[fold]?.test));
  prepared.set(fold, made);
  return made;
}

/** The best so far and the one that learns nothing, on all folds. */
export type Rivals = {leader: Entry; baseline: Entry};
/** Of the way from the best back to the baseline: who is farther behind than this hardly weighs in a blend. */
const farBehind = 0.05;

type Trial = {
  settings?: Settings;
  /** Runs whatever the time. */
  isSure?: boolean;
  /** Who is slow and far behind these is given up before the last fold. */
  rivals?: Rivals | undefined;
};

/** Null, with the reason told to `skip`, when it was given up or there is not enough time for all folds. */
export function crossValidate(
  contest: Contest,
  of: Estimator,
  {settings = {}, isSure = false, rivals}: Trial = {},
): Entry | null {
  const {data, rows, folds, now, endsAt, skip} = contest;
  const name = labelOf(of, settings);
  const {train} = foldData(contest, 0);
  const unfit =
    of.unfitTarget?.(data.target) ?? of.unfit?.(train.target.length, train.kept.length) ?? of.suits?.(train.kept);
  if (unfit) {
    skip(name, unfit);
    return null;
  }
  // Once the time is over nothing is fitted any more, not even to few rows.
  if (!isSure && (now() > endsAt || now() + foldMs(contest, of, settings) * folds.length > endsAt)) {
    skip(name, lackOfTime);
    return null;
  }
  const begun = now();
  const out = outputsFor(data.classCount, rows.length);
  const errors: number[] = [];
  let fitMs = 0;
  for (let fold = 0; fold < folds.length; fold++) {
    if (!isSure && fold > 0 && now() > endsAt) {
      skip(name, lackOfTime);
      return null;
    }
    const {train, test} = foldData(contest, fold);
    const fitBegun = now();
    const model = fitPart(of, settings, train, data);
    fitMs += (now() - fitBegun) / folds.length;
    const outputs = outputsOf(model, featuresFor(of, test), data.classCount);
    errors.push(errorOf(test.target, outputs, data.classCount, test.weights));
    folds[fold]?.test.forEach((place, i) => {
      out.forEach((column, k) => {
        column[place] = outputs[k]?.[i] ?? Number.NaN;
      });
    });
    const behind = rivals && of.slow && fold + 1 < folds.length ? behindText(errors, rivals, folds.length) : null;
    if (behind) {
      skip(name, behind);
      return null;
    }
  }
  return {...entryOf(of, settings, errors), out, fitMs, ms: Math.round(now() - begun)};
}

/** Why to give up after the folds that `errors` are of; null to go on. */
function behindText(errors: readonly number[], {leader, baseline}: Rivals, folds: number): string | null {
  const meanOf = (values: readonly number[]) =>
    values.slice(0, errors.length).reduce((sum, value) => sum + value, 0) / errors.length;
  const [own, best, worst] = [meanOf(errors), meanOf(leader.errors), meanOf(baseline.errors)];
  if (!(own - best > farBehind * Math.max(0, worst - best))) return null;
  return `given up after ${errors.length} of ${folds} folds, with ${formatNumber(own)} there far behind ${formatNumber(best)} of ${leader.estimator}`;
}

/** How long a fold is expected to take, or at least if that is too long, from a fit on few rows; 0 where the rows are few anyway. */
function foldMs(contest: Contest, of: Estimator, settings: Settings): number {
  const {data, now, folds, endsAt} = contest;
  const {train, test} = foldData(contest, 0);
  if (train.target.length < 8 * pilotRows) return 0;
  const timed = (rows: number) => {
    const few = drawRows(train, rows, data.seed);
    const begun = now();
    const model = fitPart(of, settings, few, data);
    outputsOf(model, featuresFor(of, drawRows(test, rows / 4, data.seed)), data.classCount);
    return now() - begun;
  };
  const isTooLong = (ms: number) => now() + ms * folds.length > endsAt;
  // The first time of all is that of compiling, too.
  timed(pilotRows);
  if (isTooLong(0)) return Number.POSITIVE_INFINITY;
  const small = timed(pilotRows);
  if (isTooLong(small)) return small;
  const larger = timed(3 * pilotRows);
  return larger + (Math.max(0, larger - small) * (train.target.length - 3 * pilotRows)) / (2 * pilotRows);
}

function outputsFor(classCount: number, rows: number): Float64Array[] {
  return Array.from({length: Math.max(1, classCount)}, () => new Float64Array(rows).fill(Number.NaN));
}

export function entryOf(of: Estimator, settings: Settings, errors: number[]): Omit<Entry, 'ms' | 'out' | 'fitMs'> {
  const mean = errors.reduce((sum, each) => sum + each, 0) / errors.length;
  const squares = errors.reduce((sum, each) => sum + (each - mean) ** 2, 0);
  const spread = Math.sqrt(squares / Math.max(1, errors.length - 1));
  // Folds that agree but for the rounding of their sums agree.
  const sd = spread > rounding * Math.abs(mean) ? spread : 0;
  const {describes, baseline} = of;
  return {of, settings, errors, estimator: labelOf(of, settings), describes, baseline, error: mean, sd};
}

export function labelOf({name}: Estimator, settings: Settings): string {
  return [name, ...Object.entries(settings).map(([key, value]) => `${key}=${value}`)].join(' ');
}

/**
 * Successive halving (Jamieson and Talwalkar 2016) over the settings of all that were tried, the usual ones among them: all on a quarter of the
 * rows of one fold, the better third on two whole folds, the best two unlike the usual ones on all folds.
 */
export function tune(contest: Contest, board: readonly Entry[]): Entry[] {
  const tuned = ordered(board).flatMap(({of}) => (of.tunes ? [of] : []));
  let field = tuned.flatMap(of => [{}, ...(of.tunes ?? [])].map(settings => ({of, settings})));
  if (field.length === 0 || contest.now() > contest.endsAt) return [];
  const stages = [
    {folds: [0], share: 0.25, keep: Math.max(fewestTuned, Math.ceil(field.length / 3))},
    {folds: [0, 1], share: 1, keep: field.length},
  ];
  for (const {folds, share, keep} of stages) {
    contest.progress(`tuning ${[...new Set(field.map(({of}) => of.name))].join(', ')}: ${field.length} settings`);
    const scored = [];
    for (const each of field) {
      if (contest.now() > contest.endsAt) {
        contest.skip('tuning', lackOfTime);
        return [];
      }
      scored.push({...each, error: quickError(contest, each, folds, share)});
    }
    field = scored.sort((a, b) => a.error - b.error).slice(0, keep);
  }
  field = field.filter(({settings}) => Object.keys(settings).length > 0).slice(0, fewestTuned);
  return field.flatMap(({of, settings}) => {
    const entry = crossValidate(contest, of, {settings});
    return entry ? [entry] : [];
  });
}

function quickError(
  contest: Contest,
  each: {of: Estimator; settings: Settings},
  folds: number[],
  share: number,
): number {
  const {data} = contest;
  const errors = folds.map(fold => {
    const {train, test} = foldData(contest, fold);
    const few = share < 1 ? drawRows(train, Math.max(100, Math.ceil(share * train.target.length)), data.seed) : train;
    const model = fitPart(each.of, each.settings, few, data);
    return errorOf(
      test.target,
      outputsOf(model, featuresFor(each.of, test), data.classCount),
      data.classCount,
      test.weights,
    );
  });
  return errors.reduce((sum, error) => sum + error, 0) / errors.length;
}

/**
 * The best of each kind, at most six, blended by weights from their out-of-fold predictions; its error in a fold is
 * measured with weights learnt from the other folds. Null when one alone gets all the weight.
 */
export function blend(contest: Contest, board: readonly Entry[]): Entry | null {
  const {data, rows, folds, now} = contest;
  const begun = now();
  const kinds = ordered(board).filter(({baseline, error}) => !baseline && Number.isFinite(error));
  const best = kinds.filter(({of}, i) => kinds.findIndex(each => each.of === of) === i).slice(0, mostMembers);
  if (best.length < 2) return null;
  const tested = folds.map(({test}) => test);
  const weights = weightsOn(
    contest,
    best,
    tested.flatMap(test => Array.from(test)),
  );
  const members = best.flatMap(({of, settings}, m) => {
    const weight = weights[m] ?? 0;
    return weight >= leastWeight ? [{estimator: of, settings, weight, entry: m}] : [];
  });
  if (members.length < 2) return null;
  const total = members.reduce((sum, {weight}) => sum + weight, 0);
  const estimator = stackOf(
    data.classCount > 0 ? 'classification' : 'regression',
    members.map(member => ({...member, weight: member.weight / total})),
  );
  const chosen = members.map(({entry}) => best[entry]).filter(each => each !== undefined);
  const out = outputsFor(data.classCount, rows.length);
  const errors = tested.map((test, fold) => {
    const others = tested.flatMap((each, f) => (f === fold ? [] : Array.from(each)));
    const own = weightsOn(contest, chosen, others);
    for (const place of test)
      out.forEach((column, k) => {
        column[place] = chosen.reduce((sum, each, m) => sum + (own[m] ?? 0) * (each.out[k]?.[place] ?? 0), 0);
      });
    const {target, weights} = foldData(contest, fold).test;
    return errorOf(
      target,
      out.map(column => Float64Array.from(test, place => column[place] ?? 0)),
      data.classCount,
      weights,
    );
  });
  const fitMs = chosen.reduce((sum, each) => sum + each.fitMs, 0);
  return {...entryOf(estimator, {}, errors), out, fitMs, ms: Math.round(now() - begun)};
}

function weightsOn({data, rows}: Contest, entries: readonly Entry[], places: readonly number[]): number[] {
  const actual = (place: number) => data.target[rows[place] ?? 0] ?? 0;
  if (data.classCount === 0)
    return leastSquaresWeights(
      entries.map(({out}) => Float64Array.from(places, place => (out[0]?.[place] ?? 0) - actual(place))),
    );
  return mixtureWeights(entries.map(({out}) => Float64Array.from(places, place => out[actual(place)]?.[place] ?? 0)));
}

/** Errors that differ in their last digits only are those of the same predictions, summed in another order. */
const toldDigits = 10;

/** Smallest error first, of equal ones the baseline: who learnt nothing more is not better. What has no finite error comes last. */
export function ordered(board: readonly Entry[]): Entry[] {
  const rank = ({error}: Entry) =>
    Number.isFinite(error) ? Number(error.toPrecision(toldDigits)) : Number.POSITIVE_INFINITY;
  // Infinity minus itself is no number.
  const compare = (a: number, b: number) => (a === b ? 0 : a - b);
  return board.toSorted((a, b) => compare(rank(a), rank(b)) || Number(b.baseline) - Number(a.baseline));
}
