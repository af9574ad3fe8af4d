// Runs a hypothesis test on columns of a dataset, or proposes one and says why.

import type {Column, TableColumn} from '../core/dataset.ts';
import {ToolError} from '../core/errors.ts';
import {columnNamed, isNumeric, type Reader, type Selection} from './column-values.ts';
import {
  type Check,
  checkAssumptions,
  describeSample,
  type Proposal,
  proposeForGroups,
  proposeForPairs,
  proposeForTable,
} from './hypothesis/choose-test.ts';
import {chiSquaredIndependence} from './hypothesis/contingency.ts';
import {HYPOTHESIS_TESTS, type HypothesisTest} from './hypothesis/hypothesis-tests.ts';
import {type Alternative, oneSided} from './hypothesis/one-sided.ts';
import {dunn, gamesHowell, type PairComparison, tukeyHsd} from './hypothesis/pairwise.ts';
import type {TestResult} from './hypothesis/result.ts';
import {type NamedSample, needs, readTestData, type TestData} from './test-data.ts';

export type TestRequest = {
  columns: readonly Column[];
  value: string;
  test?: string | undefined;
  group?: string | undefined;
  pairedWith?: string | undefined;
  /** Further measurements of the same rows, for Friedman's test. */
  more?: readonly string[] | undefined;
  mu?: number | undefined;
  alternative?: Alternative | undefined;
};

/** `dropped` says in words which rows were left out. `comparisons` tell which groups differ, after a test of several. */
export type TestAnswer = {
  name: string;
  why: string | null;
  result: TestResult;
  checks: Check[];
  samples: {name: string; n: number; mean: number; sd: number; median: number}[];
  counts: TestData['counts'];
  comparisons: {method: string; pairs: PairComparison[]} | null;
  dropped: string[];
  alternative: Alternative;
};

/**
 * Without `test` (or with "auto"): a number by a group → t-test, ANOVA or their rank versions; two columns of a row →
 * paired; `mu` → one-sample; a category by a group → chi² or Fisher; a number alone → normality.
 * @throws ToolError `test.unknown`, `test.needs`, `test.same_column`, `analysis.*` and whatever the test itself refuses
 */
export async function testColumns(reader: Reader, selection: Selection, request: TestRequest): Promise<TestAnswer> {
  const value = columnNamed(request.columns, request.value);
  const group = request.group === undefined ? null : columnNamed(request.columns, request.group);
  const other = request.pairedWith === undefined ? null : columnNamed(request.columns, request.pairedWith);
  if (group === value || other === value)
    throw new ToolError('test.same_column', `"${value.name}" can't be compared with itself.`, {
      hint: group === value ? 'Name another column as group.' : 'Name another column as paired_with.',
    });
  const wanted = request.test === undefined || request.test === 'auto' ? null : namedTest(request.test);
  const more = (request.more ?? []).map(name => columnNamed(request.columns, name));
  const takes = wanted?.takes ?? shapeOf(value, {group, other, mu: request.mu, more});
  const data = await readTestData(reader, selection, {takes, value, group, other, more});
  const checks = takesNumbers(takes) ? checkAssumptions(checkedSamples(takes, data.samples)) : [];
  const proposal = wanted ? null : propose(takes, data, checks, request.mu);
  const test = wanted ?? namedTest(proposal?.test ?? '');
  const alternative = request.alternative ?? 'two-sided';
  const result = oneSided(runTest(test, data, request.mu), test.name, alternative);
  if (result.dropped > 0) data.dropped.push(`${result.dropped} without a value`);
  if (result.leftOut !== undefined) data.dropped.push(result.leftOut);
  return {
    name: test.name,
    why: proposal?.why ?? null,
    result,
    checks: checks.filter(({result: check}) => check.test !== result.test),
    samples: data.samples.map(({name, values}) => ({name, ...describeSample(values)})),
    counts: data.counts,
    comparisons: compared(test.name, data.samples),
    dropped: data.dropped,
    alternative,
  };
}

function namedTest(name: string): HypothesisTest {
  const found = HYPOTHESIS_TESTS.find(test => test.name === name);
  if (found) return found;
  throw new ToolError('test.unknown', `There is no test "${name}".`, {
    hint: `Tests: ab, power, ${HYPOTHESIS_TESTS.map(test => test.name).join(', ')}.`,
  });
}

type Beside = {
  group: TableColumn | null;
  other: TableColumn | null;
  mu: number | undefined;
  more: readonly TableColumn[];
};

function shapeOf(value: TableColumn, {group, other, mu, more}: Beside): HypothesisTest['takes'] {
  if (other) return value.kind === 'number' ? 'pairs' : 'paired-table';
  if (group) return value.kind === 'number' ? 'groups' : 'table';
  if (more.length > 0) return 'repeated';
  const isMeasure = isNumeric(value) && value.kind !== 'boolean';
  // A number outside 0 and 1 is no share.
  if (mu !== undefined) return isMeasure || !(mu > 0 && mu < 1) ? 'sample-and-number' : 'counts-and-number';
  return isMeasure ? 'sample' : 'counts';
}

function propose(
  takes: HypothesisTest['takes'],
  data: TestData,
  checks: readonly Check[],
  mu: number | undefined,
): Proposal {
  switch (takes) {
    case 'groups':
    case 'two-samples':
      return proposeForGroups(data.samples, checks);
    case 'pairs':
      return proposeForPairs(differencesOf(data.samples), checks);
    case 'sample-and-number':
      return {test: 'one_sample_t', why: `one number against the expected mean ${mu}`};
    case 'sample':
      return {test: 'shapiro_wilk', why: 'one number alone: its normality. Give mu to test its mean, or a group'};
    case 'counts':
      return {test: 'chi2_fit', why: 'one column of categories: equal shares are tested'};
    case 'counts-and-number':
      return {test: 'binomial', why: `a share against the expected ${mu}`};
    case 'repeated':
      return {test: 'friedman', why: `${data.samples.length} measurements a row: their ranks within each row`};
    case 'paired-table':
      if (data.counts?.rows.length === 2) return {test: 'mcnemar', why: 'two answers a row with two values'};
      return {test: 'chi2_independence', why: 'two columns of more than two categories: their relation'};
    case 'table': {
      const cells = data.counts?.cells ?? [];
      return proposeForTable(cells, chiSquaredIndependence(cells).expected);
    }
  }
}

function runTest(test: HypothesisTest, {samples, counts}: TestData, mu: number | undefined): TestResult {
  const [first = new Float64Array(), second = new Float64Array()] = samples.map(each => each.values);
  switch (test.takes) {
    case 'sample':
      return test.run(first);
    case 'sample-and-number':
      if (mu === undefined) throw needs('mu, the expected mean');
      return test.run(first, mu);
    case 'pairs':
    case 'two-samples':
      return test.run(first, second);
    case 'groups':
    case 'repeated':
      return test.run(samples.map(each => each.values));
    case 'counts-and-number':
      if (mu === undefined) throw needs('mu, the expected share');
      return test.run(counts?.cells[0] ?? [], mu);
    case 'counts':
      return test.run(counts?.cells[0] ?? []);
    case 'table':
    case 'paired-table':
      return test.run(counts?.cells ?? []);
  }
}

/** Paired tests assume something of the differences, the others of each sample. */
function checkedSamples(takes: HypothesisTest['takes'], samples: NamedSample[]): NamedSample[] {
  return takes === 'pairs' ? [{name: 'the differences', values: differencesOf(samples)}] : samples;
}

function differencesOf([first, second]: readonly NamedSample[]): Float64Array {
  return (first?.values ?? new Float64Array()).map((value, i) => value - (second?.values[i] ?? Number.NaN));
}

function takesNumbers(takes: HypothesisTest['takes']): boolean {
  return ['sample', 'sample-and-number', 'pairs', 'two-samples', 'groups'].includes(takes);
}

const pairwise: Readonly<Record<string, {method: string; run(groups: readonly Float64Array[]): PairComparison[]}>> = {
  anova: {method: 'Tukey HSD', run: tukeyHsd},
  welch_anova: {method: 'Games-Howell', run: gamesHowell},
  kruskal_wallis: {method: "Dunn's test of mean ranks, p by Holm", run: dunn},
};

function compared(test: string, samples: readonly NamedSample[]): TestAnswer['comparisons'] {
  const after = pairwise[test];
  if (!after || samples.length < 3 || samples.length > 10) return null;
  try {
    return {method: after.method, pairs: after.run(samples.map(each => each.values))};
  } catch (error) {
    if (error instanceof ToolError) return null;
    throw error;
  }
}
