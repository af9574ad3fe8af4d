// Reading the engine's own parse tree of a SELECT, which comes as JSON of unknown shape.

import type {DuckDBConnection} from '@duckdb/node-api';
import type {Exposure} from '../core/privacy.ts';
import {quoteText} from './sql-text.ts';

export type Node = Record<string, unknown>;

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function nodesOf(value: unknown): Node[] {
  return Array.isArray(value) ? value.filter(isNode) : [];
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** The statements of a SELECT as the engine's own serializer gives them; null for statements it does not serialize. */
export async function parseTree(connection: DuckDBConnection, sql: string): Promise<unknown> {
  const result = await connection.runAndReadAll(`SELECT json_serialize_sql(${quoteText(sql)})`);
  const tree: unknown = JSON.parse(String(result.getRows()[0]?.[0] ?? '{}'));
  return isNode(tree) && tree.error === false ? tree.statements : null;
}

/** The other way round: SQL text of one statement. */
export async function sqlOfTree(connection: DuckDBConnection, statement: unknown): Promise<string> {
  // Places are 64-bit numbers, which JSON.parse rounded to something the engine refuses; none is needed.
  const json = JSON.stringify({error: false, statements: [statement]}, (key, value) =>
    key === 'query_location' ? 0 : value,
  );
  const result = await connection.runAndReadAll(`SELECT json_deserialize_sql(${quoteText(json)}::JSON)`);
  return String(result.getRows()[0]?.[0] ?? '');
}

const counting = new Set('count count_star count_if countif approx_count_distinct regr_count'.split(' '));

/** Aggregates that make one number of many; the others (mode, list, string_agg, first …) repeat values of rows. */
const statistics = new Set(
  (
    'sum fsum kahan_sum sumkahan sum_no_overflow avg mean favg median min max stddev stddev_samp stddev_pop variance var_samp ' +
    'var_pop sem skewness kurtosis kurtosis_pop quantile quantile_cont quantile_disc approx_quantile reservoir_quantile mad corr covar_samp covar_pop ' +
    'regr_avgx regr_avgy regr_intercept regr_r2 regr_slope regr_sxx regr_sxy regr_syy entropy product geomean ' +
    'geometric_mean bool_and bool_or'
  ).split(' '),
);

export function aggregateKind(name: string): Exposure['kind'] {
  return counting.has(name) ? 'count' : statistics.has(name) ? 'statistic' : 'value';
}
