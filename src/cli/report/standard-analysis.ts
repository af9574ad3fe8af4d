// What a report computes where nothing was asked yet: the calls an analyst begins with, chosen by the profile.

import type {Column, Dataset} from '../../core/dataset.ts';
import {currentVersion} from '../../core/dataset.ts';
import {freeName, quoteName} from '../../engine/sql-text.ts';
import type {Result} from './result-blocks.ts';

/** A call with the heading it gets. */
export type Planned = {title: string; tool: string; args: Record<string, unknown>};

type Kinds = {measures: Column[]; categories: Column[]; dates: Column[]};

const dayMs = 86_400_000;
const mostCategories = 3;
const mostGroups = 20;

export function correlation({name}: Dataset, profile: Result): Planned | null {
  const numeric = kindRows(profile).filter(({kind}) => kind === 'measure' || kind === 'boolean');
  if (numeric.length < 2) return null;
  return {title: 'Which columns go together', tool: 'correlate', args: {dataset: name}};
}

/** Charts and one test around the measure that goes together with most others. */
export function furtherCalls(dataset: Dataset, profile: Result, correlated: Result | null): Planned[] {
  const {measures, categories, dates} = kindsOf(dataset, profile);
  const [first, second] = strongestPair(correlated);
  const main = mainMeasure(measures, correlated);
  const table = quoteName(dataset.name);
  const calls: Planned[] = [];
  const chart = (title: string, args: Record<string, unknown>) =>
    calls.push({title, tool: 'draw_chart', args: {...args, title}});
  if (main) {
    const y = quoteName(main.name);
    chart(`Distribution of ${main.name}`, {mark: 'histogram', sql: `SELECT ${y} FROM ${table}`, x: main.name});
    const [date] = dates;
    if (date) {
      const period = periodOf(date);
      const mean = `mean ${main.name}`;
      chart(`Mean ${main.name} by ${period}`, {
        mark: 'line',
        sql: `SELECT date_trunc('${period}', ${quoteName(date.name)}) AS ${period}, avg(${y}) AS ${quoteName(mean)}, count(${y}) AS n FROM ${table} WHERE ${quoteName(date.name)} IS NOT NULL GROUP BY ALL ORDER BY ${period}`,
        x: period,
        y: mean,
      });
    }
    for (const category of categories.slice(0, mostCategories))
      chart(`${main.name} by ${category.name}`, {
        mark: 'box',
        sql: `SELECT ${quoteName(category.name)}, ${y} FROM ${table}`,
        x: category.name,
        y: main.name,
      });
    const [group] = categories;
    if (group)
      calls.push({
        title: `Does ${main.name} differ by ${group.name}?`,
        tool: 'test_hypothesis',
        args: {dataset: dataset.name, value: main.name, group: group.name},
      });
  } else if (categories[0]) {
    const x = quoteName(categories[0].name);
    const y = freeName('rows', categories.slice(0, 1));
    chart(`Rows by ${categories[0].name}`, {
      mark: 'bar',
      sql: `SELECT ${x}, count(*) AS ${quoteName(y)} FROM ${table} GROUP BY ALL ORDER BY ${quoteName(y)} DESC`,
      x: categories[0].name,
      y,
    });
  }
  const [a, b] = [first, second].map(name => measures.find(each => each.name === name));
  if (a && b)
    chart(`${b.name} against ${a.name}`, {
      mark: 'scatter',
      sql: `SELECT ${quoteName(a.name)}, ${quoteName(b.name)} FROM ${table} WHERE ${quoteName(a.name)} IS NOT NULL AND ${quoteName(b.name)} IS NOT NULL`,
      x: a.name,
      y: b.name,
    });
  return calls;
}

function kindRows(profile: Result): {name: string; kind: string}[] {
  const at = (title: string) => profile.table?.columns.findIndex(({name}) => name === title) ?? -1;
  return (profile.table?.rows ?? []).map(row => ({
    name: String(row[at('column')] ?? ''),
    kind: String(row[at('kind')] ?? ''),
  }));
}

function kindsOf(dataset: Dataset, profile: Result): Kinds {
  const {columns} = currentVersion(dataset);
  const kinds = new Map(kindRows(profile).map(({name, kind}) => [name, kind]));
  const are = (kind: string) => columns.filter(({name}) => kinds.get(name) === kind);
  const few = (column: Column) => column.distinctCount >= 2 && column.distinctCount <= mostGroups;
  return {
    measures: are('measure').filter(({kind}) => kind === 'number'),
    categories: are('category').filter(few),
    dates: are('date'),
  };
}

/** The two columns of the pair that the correlation lists first. */
function strongestPair(correlated: Result | null): string[] {
  const [row] = correlated?.table?.rows ?? [];
  return row ? [String(row[0]), String(row[1])] : [];
}

/** The measure that goes together most with all others; without pairs the first one. */
function mainMeasure(measures: readonly Column[], correlated: Result | null): Column | undefined {
  const weights = new Map<string, number>();
  for (const [a, b, , r] of correlated?.table?.rows ?? [])
    for (const name of [String(a), String(b)]) weights.set(name, (weights.get(name) ?? 0) + Math.abs(Number(r ?? 0)));
  const weight = ({name}: Column) => weights.get(name) ?? 0;
  return measures.toSorted((a, b) => weight(b) - weight(a))[0];
}

/** Short enough to give more than a few points, long enough to be read. */
function periodOf({min, max}: Column): 'day' | 'month' | 'year' {
  const days = (Date.parse(String(max)) - Date.parse(String(min))) / dayMs;
  return days > 366 * 12 ? 'year' : days > 92 ? 'month' : 'day';
}
