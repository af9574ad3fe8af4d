// Which DuckDB type keeps what an Arrow type holds.

import {DataType} from 'apache-arrow';
import {ImportError} from '../../core/errors.ts';

/** `type` is a DuckDB type; `notes` say what it does not. */
export type ArrowType = {type: string; notes: string[]};

const units = ['s', 'ms', 'us', 'ns'];
const nanoseconds = 3;
const roughly = 'times are kept to the microsecond';

/** @throws ImportError `import.unsupported` for a type that has no counterpart */
export function typeOfArrow(type: DataType): ArrowType {
  const plain = (name: string, ...notes: string[]) => ({type: name, notes});
  if (DataType.isNull(type) || isText(type)) return plain('VARCHAR');
  if (DataType.isBool(type)) return plain('BOOLEAN');
  if (DataType.isInt(type)) {
    const name = {8: 'TINYINT', 16: 'SMALLINT', 32: 'INTEGER', 64: 'BIGINT'}[type.bitWidth];
    return plain(type.isSigned ? name : `U${name}`);
  }
  if (DataType.isFloat(type)) return plain(type.precision === 2 ? 'DOUBLE' : 'FLOAT');
  if (DataType.isDecimal(type)) {
    const {precision, scale} = type;
    return precision <= 38 && scale >= 0 && scale <= precision
      ? plain(`DECIMAL(${precision},${scale})`)
      : plain('VARCHAR', `decimal of ${precision} digits, kept as text`);
  }
  if (DataType.isDate(type)) return plain('DATE');
  if (DataType.isTime(type)) return plain('TIME', ...(type.unit === nanoseconds ? [roughly] : []));
  if (DataType.isTimestamp(type)) {
    const isFine = type.unit === nanoseconds;
    if (!type.timezone) return plain(isFine ? 'TIMESTAMP_NS' : 'TIMESTAMP');
    return plain('TIMESTAMPTZ', `time zone ${type.timezone}`, ...(isFine ? [roughly] : []));
  }
  if (DataType.isDuration(type)) return plain('BIGINT', `durations; unit: ${units[type.unit]}`);
  if (isBytes(type)) return plain('VARCHAR', 'bytes written as 0x…');
  if (isList(type) || DataType.isStruct(type)) return plain('JSON');
  if (DataType.isDictionary(type)) return typeOfArrow(type.dictionary);
  throw new ImportError('import.unsupported', `The Arrow type ${String(type)} can't be read.`, {
    hint: 'Convert that column first, or save the table as Parquet.',
  });
}

export function isText(type: DataType): boolean {
  return DataType.isUtf8(type) || DataType.isLargeUtf8(type) || DataType.isUtf8View(type);
}

export function isBytes(type: DataType): boolean {
  return (
    DataType.isBinary(type) ||
    DataType.isLargeBinary(type) ||
    DataType.isBinaryView(type) ||
    DataType.isFixedSizeBinary(type)
  );
}

export function isList(type: DataType): boolean {
  return DataType.isList(type) || DataType.isLargeList(type) || DataType.isFixedSizeList(type) || DataType.isMap(type);
}
