// What one import came to, as the JSON of `upload --json`.

import type {Imported} from '../import/job.ts';
import type {UploadedFileJson} from './json-schemas.ts';

export function importJson(file: string, {dataset, version, alreadyKnown, report}: Imported): UploadedFileJson {
  const {
    dialect,
    encoding,
    rowsIn,
    rowsOut,
    rowsDropped,
    counts,
    lines,
    renamed,
    types,
    warnings,
    sha256,
    sizeBytes,
    storedName,
    rejectsFile,
    ms,
    format,
  } = report;
  return {
    file,
    status: alreadyKnown ? 'already_known' : 'imported',
    dataset: dataset.name,
    version: version.version,
    format,
    rows: version.rows,
    columns: version.columns.map(({name, type, originalName, nullCount, distinctCount, notes}) => ({
      name,
      original_name: originalName,
      type,
      null_count: nullCount,
      distinct_count: distinctCount,
      notes,
      evidence: types.find(each => each.name === name)?.evidence ?? null,
    })),
    rows_in: rowsIn,
    rows_out: rowsOut,
    rows_dropped: rowsDropped,
    dialect: dialect && {
      delimiter: dialect.delimiter,
      quote: dialect.quote,
      escape: dialect.escape,
      header_rows: dialect.headerRows,
      preamble_rows: dialect.preambleRows,
      decimal: dialect.decimal,
      encoding: encoding?.name ?? null,
      confidence: dialect.confidence,
      runner_up: dialect.runnerUp,
    },
    encoding: encoding && {
      name: encoding.name,
      confidence: encoding.confidence,
      bad_characters: encoding.badCharacters,
    },
    line_counts: counts,
    lines,
    renamed_columns: renamed,
    warnings,
    sha256,
    bytes: sizeBytes,
    stored_file: storedName,
    rejects_file: rejectsFile ?? null,
    ms: Math.round(ms),
  };
}
