// The clusters of k-means as SQL, so that a kept column says how it was computed and new rows can be put in.

import {fromSql, type Selection} from '../../analysis/column-values.ts';
import type {Clustered} from '../../models/clustering/cluster-rows.ts';

/** Cluster c + 1 has the nearest of the `centres`, in scaled units; NULL where a value is missing. */
export function nearestCentreSql(
  selection: Selection,
  features: readonly string[],
  {centres, scale}: Pick<Clustered, 'centres' | 'scale'>,
): string {
  const scaled = features.map((sql, j) => `((${sql}) - (${sqlNumber(scale.means[j])})) / ${sqlNumber(scale.sds[j])}`);
  const distances = centres.map(
    centre => `${scaled.map((sql, j) => `pow(${sql} - (${sqlNumber(centre[j])}), 2)`).join(' + ')}`,
  );
  const all = `[${distances.join(', ')}]`;
  const complete = features.map(sql => `isfinite(${sql})`).join(' AND ');
  return `SELECT *, CASE WHEN ${complete} THEN list_position(${all}, list_min(${all})) END AS "cluster" ${fromSql(selection)}`;
}

/** In exponent form, which is DOUBLE; plain digits would be DECIMAL. */
export function sqlNumber(value: number | undefined): string {
  return (value ?? 0).toExponential();
}
