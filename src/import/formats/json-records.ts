// Finds the table in a JSON value: the list of records, however it is wrapped.

/**
 * The records of a parsed JSON value, or null when it holds none: a list; an object with one list of objects somewhere
 * near its top (`{meta, data: […]}`; the longest wins); columns as lists of equal length; `{columns, data}` as pandas
 * writes with orient "split"; else the object itself as one record.
 */
export function recordsOf(value: unknown): unknown[] | null {
  if (Array.isArray(value)) return value.every(Array.isArray) ? rowsToRecords(value) : value;
  if (!isObject(value)) return null;
  if (Array.isArray(value.columns) && Array.isArray(value.data) && value.data.every(Array.isArray))
    return rowsToRecords([value.columns, ...value.data]);
  const lists = Object.values(value).filter(Array.isArray);
  const size = lists[0]?.length ?? 0;
  const isColumns =
    lists.length === Object.keys(value).length && lists.length > 1 && lists.every(list => list.length === size);
  if (isColumns && !lists.every(list => list.every(isObject))) {
    const names = Object.keys(value);
    return Array.from({length: size}, (_, row) =>
      Object.fromEntries(names.map((name, column) => [name, lists[column]?.[row]])),
    );
  }
  return longestList(value, 3) ?? [value];
}

/** Rows as lists; the first holds the names when it is all text and the second is not. */
function rowsToRecords(rows: readonly unknown[][]): unknown[] {
  const [first = [], second] = rows;
  const hasNames =
    first.length > 0 &&
    first.every(cell => typeof cell === 'string') &&
    second?.some(cell => typeof cell !== 'string') !== false;
  const width = Math.max(0, ...rows.slice(0, 10_000).map(row => row.length));
  const names = Array.from({length: width}, (_, index) =>
    hasNames && first[index] ? String(first[index]) : `column_${index + 1}`,
  );
  return rows
    .slice(hasNames ? 1 : 0)
    .map(row => Object.fromEntries(names.map((name, index) => [name, row[index] ?? null])));
}

function longestList(value: Record<string, unknown>, depth: number): unknown[] | null {
  let best: unknown[] | null = null;
  for (const item of Object.values(value)) {
    const found =
      Array.isArray(item) && item.length > 0 && item.every(isObject)
        ? item
        : isObject(item) && depth > 1
          ? longestList(item, depth - 1)
          : null;
    if (found && found.length > (best?.length ?? 0)) best = found;
  }
  return best;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
