// Tables nobody wishes for, as SQL over each other: no rows, one row, nothing but missing values, no finite numbers, 120 columns.

/** A name with a quote, blanks and another script. */
export const odd = 'we"ird naïve 列';
export const awkwardTables: Record<string, string> = {
  one_row: `SELECT 1.5 AS n, 2 AS m, 'a' AS t, DATE '2024-01-01' AS d, true AS b, 1 AS "${odd.replace('"', '""')}"`,
  no_rows: `SELECT * FROM one_row WHERE false`,
  all_null: `SELECT NULL::DOUBLE AS n, NULL::INTEGER AS m, NULL::VARCHAR AS t, NULL::DATE AS d, NULL::BOOLEAN AS b, NULL::INTEGER AS "${odd.replace('"', '""')}" FROM range(5)`,
  constant: `SELECT 7.0 AS n, 3 AS m, 'x' AS t, DATE '2024-01-01' AS d, false AS b, 1 AS "${odd.replace('"', '""')}" FROM range(20)`,
  not_finite: `SELECT CASE i % 3 WHEN 0 THEN 'nan'::DOUBLE WHEN 1 THEN 'infinity'::DOUBLE ELSE i END AS n, i AS m, 'g' || i % 2 AS t, DATE '2024-01-01' + i::INTEGER AS d, i % 2 = 0 AS b, i AS "${odd.replace('"', '""')}" FROM range(30) r(i)`,
  huge: `SELECT 1e300 * i AS n, 9007199254740993 + i AS m, chr(8238) || chr(27) || (i % 2) AS t, DATE '9999-01-01' AS d, true AS b, i AS "${odd.replace('"', '""')}" FROM range(12) r(i)`,
  wide: `SELECT i AS n, i AS m, 'a' AS t, DATE '2024-01-01' AS d, true AS b, i AS "${odd.replace('"', '""')}", ${Array.from({length: 120}, (_, c) => `hash(i * 7 + ${c}) % 1000 AS c${c}`).join(', ')} FROM range(50) r(i)`,
};
