// Reads what a hypothesis test takes from the columns of a dataset: samples, pairs, counts, tables.

import type {Column} from '../core/dataset.ts';
import {ToolError} from '../core/errors.ts';
import {quoteName} from '../engine/sql-text.ts';
import {fromSql, levelSql, levelsOf, numberSql, type Reader, type Selection} from './column-values.ts';
import type {HypothesisTest} from './hypothesis/hypothesis-tests.ts';

export type NamedSample = {name: string; values: Float64Array};

/** `dropped` says in words which rows were left out. A table has a row for each group and a column for each value. */
export type TestData = {
  samples: NamedSample[];
  counts: {rows: string[]; columns: string[]; cells: number[][]} | null;
  dropped: string[];
};

export type Asked = {
  takes: HypothesisTest['takes'];
  value: Column;
  group: Column | null;
  other: Column | null;
  more: readonly Column[];
};

/** @throws ToolError `test.needs`, `test.too_few_groups`, `test.not_two_groups`, `analysis.*` */
export async function readTestData(reader: Reader, selection: Selection, asked: Asked): Promise<TestData> {
  const {takes, value, group, other, more} = asked;
  switch (takes) {
    case 'sample':
    case 'sample-and-number': {
      const [values = new Float64Array()] = await reader.numbers(selection, [numberSql(value)]);
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
    case 'repeated':
      if (more.length < 2) throw needs('more, two or more further columns of the same rows');
      return columnSamples(reader, selection, [value, ...more]);
    case 'counts':
    case 'counts-and-number':
      return oneCount(reader, selection, value);
    case 'paired-table':
      if (!other) throw needs('paired_with, the second answer of each row');
      return crossTable(reader, selection, value, other, true);
    case 'table': {
      const second = group ?? other;
      if (!second) throw needs('group, a second column of categories');
      return crossTable(reader, selection, value, second);
    }
  }
}

async function columnSamples(reader: Reader, selection: Selection, columns: readonly Column[]): Promise<TestData> {
  const values = await reader.numbers(selection, columns.map(numberSql));
  const samples = columns.map(({name}, i) => ({name, values: values[i] ?? new Float64Array()}));
  return {samples, counts: null, dropped: []};
}

async function groupSamples(reader: Reader, selection: Selection, value: Column, group: Column): Promise<TestData> {
  const levels = await levelsOf(reader, selection, group);
  if (levels.length < 2)
    throw new ToolError(
      'test.too_few_groups',
      `"${group.name}" has ${levels.length === 1 ? 'only 1 value' : 'no values'}; 2 are needed.`,
    );
  const expressions = [numberSql(value), levelSql(group, levels)];
  const [values = new Float64Array(), places = new Float64Array()] = await reader.numbers(selection, expressions);
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

function twoGroups(data: TestData, group: Column): TestData {
  if (data.samples.length === 2) return data;
  const names = data.samples.map(({name}) => name);
  throw new ToolError('test.not_two_groups', `"${group.name}" has ${names.length} values; this test compares two.`, {
    hint: `Keep two with where, such as "${group.name}" IN ('${names[0]}', '${names[1]}'), or use anova or kruskal_wallis.`,
  });
}

async function oneCount(reader: Reader, selection: Selection, value: Column): Promise<TestData> {
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

/** `square` gives both sides the same values, as two answers to one question have them. */
async function crossTable(
  reader: Reader,
  selection: Selection,
  value: Column,
  other: Column,
  square = false,
): Promise<TestData> {
  const own = [await levelsOf(reader, selection, other), await levelsOf(reader, selection, value)];
  const [rows = [], columns = []] = square ? [0, 1].map(() => [...new Set(own.flat())].sort()) : own;
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

export function needs(what: string): ToolError {
  return new ToolError('test.needs', `This test needs ${what}.`);
}
