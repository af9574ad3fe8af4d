// What a question can mean, as closed unions. Understanding makes one Intent, planning turns it into tool calls.

import type {Column, Dataset} from '../../core/dataset.ts';

export type AggregateName =
  | 'count'
  | 'average'
  | 'sum'
  | 'min'
  | 'max'
  | 'median'
  | 'stddev'
  | 'variance'
  | 'distinct'
  | 'quantile'
  | 'missing'
  /** Percentage of the total (of a column, or of the rows when `column` is null). */
  | 'share'
  /** Percentage of rows for which a yes/no column is true (or 1), of the rows where it is known. */
  | 'rate';

/** `column` is null only for `count` and `share` of rows. `q` is set for `quantile`, between 0 and 1. */
export type Measure = {fn: AggregateName; column: Column | null; q?: number};

export type PeriodPart = 'year' | 'quarter' | 'month' | 'week' | 'day' | 'hour' | 'weekday' | 'month_of_year';

/** A column to group by; `part` is set when the groups are periods of a time column. */
export type Key = {column: Column; part: PeriodPart | null};

export type Comparison = '=' | '<>' | '<' | '<=' | '>' | '>=';

/** A value in a condition. `date` is ISO text; `column` compares with another column of the same row. */
export type Literal =
  | {kind: 'number'; value: number}
  | {kind: 'text'; value: string}
  | {kind: 'date'; value: string}
  | {kind: 'boolean'; value: boolean}
  | {kind: 'column'; column: Column};

/** `ignoreCase` is set for texts that are not known values of the column. `within` is from ≤ x < until. */
export type Condition =
  | {kind: 'compare'; column: Column; op: Comparison; value: Literal; ignoreCase?: boolean}
  | {kind: 'between'; column: Column; from: Literal; to: Literal}
  | {kind: 'in'; column: Column; values: string[]}
  | {kind: 'match'; column: Column; how: 'contains' | 'starts with' | 'ends with'; text: string}
  | {kind: 'missing'; column: Column}
  | {kind: 'within'; column: Column; from: string; until: string; label: string}
  | {kind: 'part'; column: Column; part: 'month' | 'weekday'; values: number[]; label: string}
  | {kind: 'not'; condition: Condition}
  | {kind: 'and'; conditions: Condition[]}
  | {kind: 'or'; conditions: Condition[]};

export type ChartMark = Chart['mark'];

export type Direction = 'desc' | 'asc';

/**
 * The dataset a question is about; `columns` are those of its current version, `rows` its row count. `derived` are columns
 * that the question computes, such as a product of two.
 */
export type Subject = {name: string; rows: number; columns: Column[]; derived?: {name: string; sql: string}[]};

/** What every question about a dataset carries. `notes` and `alternatives` are sentences said with the answer. */
export type About = {subject: Subject; where: Condition | null; notes: string[]; alternatives: string[]};

/** `within`: the ends are taken in each group of the keys before the last, which is what is ranked. `nth`: only that one is asked for. */
export type Pick = {direction: Direction; limit: number; within?: boolean; nth?: number};

/** Only groups of so many rows, or of so many rows that meet a condition (`some`: and a row that meets another), or by a measure. */
export type Having = {op: Comparison; count: number; of?: Condition; some?: Condition; measure?: Measure | 'first'};

/** What is made of the values of periods: their sum so far, a mean or sum of the last ones, the change to the one before. */
export type SeriesView = {kind: 'running'} | {kind: 'moving'; fn: 'average' | 'sum'; window: number} | {kind: 'change'};

/** Days from ≤ x < until; `label` says them. */
export type Span = {from: string; until: string; label: string};

/** What a question asks to have made of the answer to the rest of its words. */
export type Wish =
  | {kind: 'running'}
  | {kind: 'moving'; fn: 'average' | 'sum'; window: number | null; unit: PeriodPart | null}
  | {kind: 'change'}
  | {kind: 'typical'; fn: 'average' | 'median'; unit: PeriodPart | null}
  | {kind: 'growth'; by: 'percent' | 'amount'; direction: Direction; years: [number, number] | null}
  | {kind: 'nth'; nth: number};

export type Grouped = {measures: Measure[]; keys: Key[]};

export type DataIntent =
  | ({kind: 'describe'} & About)
  | ({kind: 'columns'} & About)
  | ({kind: 'column_summary'; columns: Column[]} & About)
  /** `spotlight` are the groups the question is about. `pick` asks for the groups at one end of the first measure, `limit` of them. */
  | ({kind: 'aggregate'; pick: Pick | null; spotlight?: string[]; having?: Having} & Grouped & About)
  | ({kind: 'rank_rows'; by: Column; direction: Direction; limit: number; nth?: number} & About)
  | ({kind: 'share'; of: Condition; keys: Key[]} & About)
  | ({kind: 'distribution'; column: Column; drawn: boolean} & About)
  | ({kind: 'quantiles'; column: Column; quantiles: number[]; keys: Key[]} & About)
  | ({kind: 'correlation'; columns: Column[]; target: Column | null; method: 'pearson' | 'spearman'} & About)
  | ({kind: 'missing'; columns: Column[]} & About)
  | ({kind: 'outliers'; columns: Column[]; rule: 'iqr' | 'z'} & About)
  | ({kind: 'duplicates'; columns: Column[]} & About)
  | ({kind: 'trend'; time: Column; part: PeriodPart; measure: Measure; keys: Key[]} & About)
  | ({kind: 'series'; view: SeriesView; time: Column; part: PeriodPart; measure: Measure; keys: Key[]} & About)
  /** Groups or periods are measured first, then averaged. */
  | ({kind: 'typical'; fn: 'average' | 'median'; measure: Measure; per: Key; keys: Key[]} & About)
  | ({
      kind: 'growth';
      measure: Measure;
      key: Key;
      time: Column;
      before: Span;
      after: Span;
      by: 'percent' | 'amount';
      direction: Direction;
    } & About)
  | ({kind: 'compare'; measure: Column; key: Key} & About)
  | ({kind: 'chart'; chart: Chart} & About)
  | ({kind: 'distinct'; column: Column} & About)
  | ({kind: 'rows'; from: 'first' | 'last' | 'random'; limit: number; columns: Column[]} & About);

/** One shape for each mark, so that a mark tells the shape. */
type Marked<Mark extends string, Shape> = Mark extends string ? {mark: Mark} & Shape : never;

export type Chart =
  | Marked<'histogram' | 'qq', {column: Column}>
  | Marked<'box' | 'violin' | 'ecdf', {column: Column; by: Column | null}>
  | Marked<'pairs' | 'missing', {columns: Column[]}>
  | {mark: 'scatter'; x: Column; y: Column}
  | {mark: 'heatmap'; key: Key; measure: Measure; series: Key}
  /** `series` has a line, or bars, for each of its values; `stacked` puts them on each other. */
  | Marked<'bar' | 'line' | 'area', {key: Key; measure: Measure; series?: Key; stacked?: boolean}>;

export type Intent =
  | DataIntent
  | {kind: 'sql'; sql: string; saveAs: string | null}
  | {kind: 'import'; path: string; name: string | null}
  /** One call of a tool whose own summary is the answer. */
  | {kind: 'tool'; tool: string; args: Record<string, unknown>; note?: string}
  /** Questions of one message, in their order. */
  | {
      kind: 'several';
      intents: (DataIntent | {kind: 'tool'; tool: string; args: Record<string, unknown>; note?: string})[];
    }
  | {kind: 'list_datasets'}
  | {kind: 'help'; tone: 'greeting' | 'thanks' | 'help'}
  | {kind: 'no_dataset'}
  | {kind: 'no_step'; text: string}
  /** What would change data. */
  | {kind: 'refused'; reason: string}
  | {kind: 'unclear'; subject: Subject; reason: string; suggestions: string[]};

/** What a question is understood against; `chosen` when the person named the active dataset. */
export type Surroundings = {datasets: Dataset[]; activeDataset: string | undefined; chosen?: boolean};
