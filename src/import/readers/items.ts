// What a reader process is asked for and what it sends back, piece by piece.

/** `choice` is the sheet, table or entry the user named; all it unpacks may be `maxBytes` long. */
export type ReadRequest = {
  reader: 'zip' | 'xlsx' | 'sqlite' | 'arrow';
  path: string;
  shown: string;
  choice: string | undefined;
  maxBytes: number;
};

/** `line` is the row number in the grid, from 1. */
export type GridRow = {cells: string[]; line: number};

/** A column whose DuckDB type is known; `notes` say what the type does not. */
export type TypedField = {name: string; type: string; notes: string[]};

/**
 * `table` starts a table (`names` are its columns when they are known, `warning` says what beside it was not read) that `rows` follow, `typed_table` one whose rows
 * follow as `bytes` of JSON lines (`{"c0": "text", …}`), `entry` an unpacked file.
 */
export type ReadItem =
  | {kind: 'table'; name: string; names: string[] | null; warning?: string | undefined}
  | {kind: 'rows'; rows: GridRow[]}
  | {kind: 'typed_table'; name: string; columns: TypedField[]}
  | {kind: 'entry'; name: string}
  | {kind: 'bytes'; bytes: Uint8Array};

/** One answer to each `next` of the importing process. */
export type ReadAnswer =
  | {kind: 'item'; item: ReadItem}
  | {kind: 'done'}
  | {kind: 'refused'; code: string; message: string; hint: string | undefined}
  | {kind: 'failed'; message: string};

const batchRows = 2_000;
const batchChars = 1 << 18;

/** Sends rows in batches, so that many small ones cost few messages and a few huge ones little memory. */
export async function* inBatches(rows: AsyncIterable<GridRow> | Iterable<GridRow>): AsyncGenerator<ReadItem> {
  let batch: GridRow[] = [];
  let chars = 0;
  for await (const row of rows) {
    batch.push(row);
    for (const cell of row.cells) chars += cell.length + 1;
    if (batch.length < batchRows && chars < batchChars) continue;
    yield {kind: 'rows', rows: batch};
    batch = [];
    chars = 0;
  }
  if (batch.length > 0) yield {kind: 'rows', rows: batch};
}
