// Names for datasets and columns, made from whatever a file calls itself.

import {clip} from '../core/text.ts';

const maxColumnName = 120;

/** The dataset name a file name suggests: lower snake case, letters and digits only, never empty. */
export function datasetNameFrom(fileName: string): string {
  const stem = fileName.replace(
    /(?:\.(?:csv|tsv|psv|txt|tab|dat|json|ndjson|jsonl|parquet|pq|xlsx|xlsm|gz|gzip|zst|zip|arrow|feather|ipc|sqlite|sqlite3|db))+$/i,
    '',
  );
  const plain = stem
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/ß/g, 'ss')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '');
  const named = plain === '' ? 'data' : /^[0-9]/.test(plain) ? `data_${plain}` : plain;
  return named.slice(0, 50).replace(/_+$/, '');
}

/** `name`, or `name_2`, `name_3` … : the first that is not taken. */
export function freeName(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name;
  for (let number = 2; ; number++) {
    const candidate = `${name.slice(0, 55)}_${number}`;
    if (!taken.has(candidate)) return candidate;
  }
}

/**
 * Unique, usable names for columns, in order. Of a name over a question and its id only the name is taken. Case does not make names different (as in SQL). The originals stay in
 * `originalName`; blanks around a name are not part of it.
 */
export function columnNames(originals: readonly string[]): {name: string; originalName: string}[] {
  const taken = new Set<string>();
  const lastOf = new Map<string, number>();
  return originals.map((originalName, index) => {
    const [code = ''] = originalName.split(/\n(?:.*\n)?(?=\{"ImportId":)/);
    const plain = code.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();
    const base = plain === '' ? `column_${index + 1}` : clip(plain, maxColumnName);
    let name = base;
    let number = lastOf.get(base) ?? 1;
    while (taken.has(name.toLowerCase())) name = `${base}_${++number}`;
    lastOf.set(base, number);
    taken.add(name.toLowerCase());
    return {name, originalName};
  });
}

/** The columns that are called otherwise than in their file. */
export function renamedOf(columns: readonly {name: string; originalName: string}[]): {from: string; to: string}[] {
  return columns.flatMap(({name, originalName}) =>
    name === originalName.trim() ? [] : [{from: originalName, to: name}],
  );
}
