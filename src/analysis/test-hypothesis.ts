// Runs a hypothesis test on columns of a dataset: reads the samples or counts the test takes, proposes one when asked to.

import type {Column, TableColumn} from '../core/dataset.ts';
import {ToolError} from '../core/errors.ts';
import {quoteName} from '../engine/sql-text.ts';
import {
  columnNamed,
  fromSql,
  isNumeric,
  levelSql,
  levelsOf,
  numberSql,
  type Reader,
  readNumbers,
  type Selection,
} from './column-values.ts';
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
import type {TestResult} from './hypothesis/result.ts';
import {type PairComparison, tukeyHsd} from './hypothesis/variance-tests.ts';

export type TestRequest = {
  columns: readonly Column[];
  value: string;
  test?: string | undefined;
  group?: string | undefined;
  pairedWith?: string | undefined;
  mu?: number | undefined;
  alternative?: Alternative | undefined;
};

export type NamedSample = {name: string; values: Float64Array};

/** `dropped` says in words which rows were left out. `comparisons` are Tukey's, after an ANOVA. */
export type TestAnswer = {
  name: string;
  why: string | null;
  result: TestResult;
  checks: Check[];
  samples: {name: string; n: number; mean: number; sd: number; median: number}[];
  counts: {rows: string[]; columns: string[]; cells: number[][]} | null;
  comparisons: PairComparison[];
  dropped: string[];
  alternative: Alternative;
};

type Data = {
  samples: NamedSample[];
  counts: TestAnswer['counts'];
  dropped: string[];
};

/**
 * Without `test` (or with "auto"): a number by a group → t-test, ANOVA or their rank versions; two columns of a row →
 * paired; `mu` → one-sample; a category by a group → chi² or Fisher; a number alone → normality.
 * @throws ToolError `test.unknown`, `test.needs`, `analysis.*` and whatever the test itself refuses
 */
export async function testColumns(reader: Reader, selection: Selection, request: TestRequest): Promise<TestAnswer> {
  const value = columnNamed(request.columns, request.value);
  const group = request.group === undefined ? null : columnNamed(request.columns, request.group);
  const other = request.pairedWith === undefined ? null : columnNamed(request.columns, request.pairedWith);
  const wanted = request.test === undefined || request.test === 'auto' ? null : namedTest(request.test);
  const takes = wanted?.takes ?? shapeOf(value, group, other, request.mu);
  const data = await readData(reader, selection, {takes, value, group, other});
  const checks = takesNumbers(takes) ? checkAssumptions(checkedSamples(takes, data.samples)) : [];
  const proposal = wanted ? null : propose(takes, data, checks, request.mu);
  const test = wanted ?? namedTest(proposal?.test ?? '');
  const alternative = request.alternative ?? 'two-sided';
  const result = oneSided(runTest(test, data, request.mu), test.name, alternative);
  if (result.dropped > 0) data.dropped.push(`${result.dropped} without a value`);
  return {
    name: test.name,
    why: proposal?.why ?? null,
    result,
    checks: checks.filter(({result: check}) => check.test !== result.test),
    samples: data.samples.map(({name, values}) => ({name, ...describeSample(values)})),
    counts: data.counts,
    comparisons: test.name === 'anova' && data.samples.length <= 10 ? attemptTukey(data.samples) : [],
    dropped: data.dropped,
    alternative,
  };
}

function namedTest(name: string): HypothesisTest {
  const found = HYPOTHESIS_TESTS.find(test => test.name === name);
  if (found) return found;
  throw new ToolError('test.unknown', `There is no test "${name}".`, {
    hint: `Tests: ${HYPOTHESIS_TESTS.map(test => test.name).join(', ')}.`,
  });
}

function shapeOf(
  value: TableColumn,
  group: TableColumn | null,
  other: TableColumn | null,
  mu: number | undefined,
): HypothesisTest['takes'] {
  if (other) return value.kind === 'number' ? 'pairs' : 'table';
  if (group) return value.kind === 'number' ? 'groups' : 'table';
  if (mu !== undefined) return 'sample-and-number';
  return isNumeric(value) && value.kind !== 'boolean' ? 'sample' : 'counts';
}

type Asked = {takes: HypothesisTest['takes']; value: Column; group: Column | null; other: Column | null};

async function readData(reader: Reader, selection: Selection, asked: Asked): Promise<Data> {
  const {takes, value, group, other} = asked;
  switch (takes) {
    case 'sample':
    case 'sample-and-number': {
      const [values = new Float64Array()] = await readNumbers(reader, selection, [numberSql(value)]);
      return {samples: [{name: value.name, values}], counts: null, dropped: []};
    }
    case 'pairs': {
      if (!other) throw needs('paired_with, the second column of each row');
      return columnSamples(reader, selection, [value, other]);
    }
    case 'two-samples':
      if (other) return columnSamples(reader, selection, [value, other]);
      if (!group) throw needs('group, a column with two values, or paired_with, a second column');
      return twoGroups(await groupSamples(reader, selection, value, group), group);
    case 'groups':
      if (other) return columnSamples(reader, selection, [value, other]);
      if (!group) throw needs('group, a column of categories');
      return groupSamples(reader, selection, value, group);
    case 'counts':
      return oneCount(reader, selection, value);
    case 'table': {
      const second = group ?? other;
      if (!second) throw needs('group, a second column of categories');
      return crossTable(reader, selection, value, second);
    }
  }
}

async function columnSamples(reader: Reader, selection: Selection, columns: readonly Column[]): Promise<Data> {
  const values = await readNumbers(reader, selection, columns.map(numberSql));
  const samples = columns.map(({name}, i) => ({name, values: values[i] ?? new Float64Array()}));
  return {samples, counts: null, dropped: []};
}

async function groupSamples(reader: Reader, selection: Selection, value: Column, group: Column): Promise<Data> {
  const levels = await levelsOf(reader, selection, group);
  if (levels.length < 2)
    throw new ToolError('test.too_few_groups', `"${group.name}" has ${levels.length} different values; 2 are needed.`);
  const expressions = [numberSql(value), levelSql(group, levels)];
  const [values = new Float64Array(), places = new Float64Array()] = await readNumbers(reader, selection, expressions);
  const all = levels.map((name, level) => ({name, values: values.filter((_, row) => places[row] === level)}));
  const isEmpty = ({values: own}: NamedSample) => own.every(Number.isNaN);
  const without = places.reduce((sum, place) => sum + (Number.isNaN(place) ? 1 : 0), 0);
  const dropped = all
    .filter(isEmpty)
    .map(({name, values: own}) => `${own.length} where "${group.name}" is ${name}, all without a value`);
  if (without > 0) dropped.push(`${without} without a "${group.name}"`);
  const samples = all.filter(each => !isEmpty(each));
  if (samples.length < 2)
    throw new ToolError('test.too_few_groups', `Only ${samples.length} of the groups have values; 2 are needed.`);
  return {samples, counts: null, dropped};
}

function twoGroups(data: Data, group: Column): Data {
  if (data.samples.length === 2) return data;
  const names = data.samples.map(({name}) => name);
  throw new ToolError('test.not_two_groups', `"${group.name}" has ${names.length} values; this test compares two.`, {
    hint: `Keep two with where, such as "${group.name}" IN ('${names[0]}', '${names[1]}'), or use anova or kruskal_wallis.`,
  });
}

async function oneCount(reader: Reader, selection: Selection, value: Column): Promise<Data> {
  const levels = await levelsOf(reader, selection, value);
  const sql = `SELECT ${quoteName(value.name)}::VARCHAR AS level, count(*) ${fromSql(selection)} GROUP BY 1`;
  const found = new Map((await reader.rows(sql)).map(([level, n]) => [level, Number(n)]));
  const missing = found.get(null) ?? 0;
  return {
    samples: [],
    counts: {rows: [value.name], columns: levels, cells: [levels.map(level => found.get(level) ?? 0)]},
    dropped: missing > 0 ? [`${missing} without a "${value.name}"`] : [],
  };
}

async function crossTable(reader: Reader, selection: Selection, value: Column, other: Column): Promise<Data> {
  const [rows, columns] = [await levelsOf(reader, selection, other), await levelsOf(reader, selection, value)];
  const sides = [other, value].map(({name}) => `${quoteName(name)}::VARCHAR`);
  const sql = `SELECT ${sides[0]} AS r, ${sides[1]} AS c, count(*) ${fromSql(selection)} GROUP BY 1, 2`;
  const cells = rows.map(() => columns.map(() => 0));
  let missing = 0;
  for (const [r, c, n] of await reader.rows(sql)) {
    const row = cells[rows.indexOf(String(r))];
    if (r === null || c === null || !row) missing += Number(n);
    else row[columns.indexOf(String(c))] = Number(n);
  }
  return {
    samples: [],
    counts: {rows, columns, cells},
    dropped: missing > 0 ? [`${missing} without a "${other.name}" or a "${value.name}"`] : [],
  };
}

function propose(
  takes: HypothesisTest['takes'],
  data: Data,
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
    case 'table': {
      const cells = data.counts?.cells ?? [];
      return proposeForTable(cells, chiSquaredIndependence(cells).expected);
    }
  }
}

function runTest(test: HypothesisTest, {samples, counts}: Data, mu: number | undefined): TestResult {
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
      return test.run(samples.map(each => each.values));
    case 'counts':
      return test.run(counts?.cells[0] ?? []);
    case 'table':
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
  return takes !== 'counts' && takes !== 'table';
}

function attemptTukey(samples: readonly NamedSample[]): PairComparison[] {
  try {
    return tukeyHsd(samples.map(each => each.values));
  } catch (error) {
    if (error instanceof ToolError) return [];
    throw error;
  }
}

function needs(what: string): ToolError {
  return new ToolError('test.needs', `This test needs ${what}.`);
}
