// Columns as they were read: numbers as they are, texts as numbers of their distinct values.

/**
 * One column of n values, in the same row order as all the others. A missing number is NaN; `codes[i]` is the place of
 * row i's text in `levels`, −1 where it is missing. A category is a name that repeats, a text is prose to take words from.
 */
export type RawColumn =
  | {name: string; kind: 'number'; values: Float64Array}
  | {name: string; kind: 'category' | 'text'; codes: Int32Array; levels: readonly string[]};

export type TextColumn = Extract<RawColumn, {levels: readonly string[]}>;

/** Levels in the order in which they first occur. */
export function codeTexts(
  name: string,
  kind: TextColumn['kind'],
  texts: Iterable<string | null> & {length: number},
): TextColumn {
  const coder = new TextCoder(texts.length);
  for (const text of texts) coder.add(text);
  return coder.column(name, kind);
}

/** Collects texts one by one, each distinct one kept once. */
export class TextCoder {
  readonly #codes: Int32Array;
  readonly #numbers = new Map<string, number>();
  #next = 0;

  /** `shared` memory can be handed to a thread without a copy. */
  constructor(rows: number, shared = false) {
    const bytes = rows * Int32Array.BYTES_PER_ELEMENT;
    this.#codes = new Int32Array(shared ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes));
  }

  add(text: string | null): void {
    let code = -1;
    if (text !== null) {
      code = this.#numbers.get(text) ?? this.#numbers.size;
      if (code === this.#numbers.size) this.#numbers.set(text, code);
    }
    this.#codes[this.#next++] = code;
  }

  column(name: string, kind: TextColumn['kind']): TextColumn {
    return {name, kind, codes: this.#codes, levels: [...this.#numbers.keys()]};
  }
}

export function rowsOf(column: RawColumn): number {
  return column.kind === 'number' ? column.values.length : column.codes.length;
}

/** The numbers 0 … rows − 1. */
export function allRows(rows: number): Uint32Array {
  return Uint32Array.from({length: rows}, (_, row) => row);
}

/** The rows `from` … `to` − 1 of every column, in the same memory. */
export function rawRowsBetween(columns: readonly RawColumn[], from: number, to: number): RawColumn[] {
  return columns.map(column =>
    column.kind === 'number'
      ? {...column, values: column.values.subarray(from, to)}
      : {...column, codes: column.codes.subarray(from, to)},
  );
}

/** The rows of every column, in the order given. */
export function takeRawRows(columns: readonly RawColumn[], rows: Uint32Array): RawColumn[] {
  return columns.map(column =>
    column.kind === 'number'
      ? {...column, values: takeNumbers(column.values, rows)}
      : {...column, codes: Int32Array.from(rows, row => column.codes[row] ?? -1)},
  );
}

export function takeNumbers(values: Float64Array, rows: Uint32Array): Float64Array {
  const taken = new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) taken[i] = values[rows[i] ?? 0] ?? Number.NaN;
  return taken;
}
