// The one place where values of DuckDB become Cells. Reads whole column vectors of a chunk, never row objects.

import type {DuckDBDataChunk, DuckDBType, DuckDBValue} from '@duckdb/node-api';
import {
  DuckDBArrayValue,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBIntervalValue,
  DuckDBListValue,
  DuckDBMapValue,
  DuckDBStructValue,
  DuckDBTimestampMillisecondsValue,
  DuckDBTimestampNanosecondsValue,
  DuckDBTimestampSecondsValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBTypeId,
  DuckDBUnionValue,
  DuckDBVariantValue,
} from '@duckdb/node-api';
import type {Cell, ColumnKind} from '../core/dataset.ts';

/** Appends the first `count` rows of a chunk to `rows`. */
export function appendCells(rows: Cell[][], chunk: DuckDBDataChunk, types: readonly DuckDBType[], count: number): void {
  const first = rows.length;
  for (let row = 0; row < count; row++) rows.push(new Array<Cell>(types.length).fill(null));
  types.forEach((type, column) => {
    const values = chunk.getColumnValues(column);
    const single = type.typeId === DuckDBTypeId.FLOAT;
    for (let row = 0; row < count; row++) {
      const value = values[row] ?? null;
      const target = rows[first + row];
      if (target) target[column] = single && typeof value === 'number' ? shortestFloat(value) : cellOf(value);
    }
  });
}

/** One value as a Cell, as the docstring of Cell says. */
export function cellOf(value: DuckDBValue): Cell {
  if (value === null || typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string')
    return value;
  if (typeof value === 'bigint') return integerCell(value);
  if (value instanceof DuckDBDecimalValue) return decimalCell(value);
  if (value instanceof DuckDBVariantValue) return cellOf(value.value);
  if (isNested(value)) return jsonText(value);
  return momentText(value) ?? value.toString();
}

/** Which kind of column a type makes for people. */
export function kindOf(type: DuckDBType): ColumnKind {
  if (type.alias === 'JSON') return 'nested';
  switch (type.typeId) {
    case DuckDBTypeId.BOOLEAN:
      return 'boolean';
    case DuckDBTypeId.TINYINT:
    case DuckDBTypeId.SMALLINT:
    case DuckDBTypeId.INTEGER:
    case DuckDBTypeId.BIGINT:
    case DuckDBTypeId.UTINYINT:
    case DuckDBTypeId.USMALLINT:
    case DuckDBTypeId.UINTEGER:
    case DuckDBTypeId.UBIGINT:
    case DuckDBTypeId.HUGEINT:
    case DuckDBTypeId.UHUGEINT:
    case DuckDBTypeId.BIGNUM:
    case DuckDBTypeId.FLOAT:
    case DuckDBTypeId.DOUBLE:
    case DuckDBTypeId.DECIMAL:
      return 'number';
    case DuckDBTypeId.DATE:
    case DuckDBTypeId.TIME:
    case DuckDBTypeId.TIME_NS:
    case DuckDBTypeId.TIME_TZ:
    case DuckDBTypeId.TIMESTAMP:
    case DuckDBTypeId.TIMESTAMP_S:
    case DuckDBTypeId.TIMESTAMP_MS:
    case DuckDBTypeId.TIMESTAMP_NS:
    case DuckDBTypeId.TIMESTAMP_TZ:
    case DuckDBTypeId.INTERVAL:
      return 'time';
    case DuckDBTypeId.LIST:
    case DuckDBTypeId.ARRAY:
    case DuckDBTypeId.STRUCT:
    case DuckDBTypeId.MAP:
    case DuckDBTypeId.UNION:
    case DuckDBTypeId.VARIANT:
      return 'nested';
    default:
      return 'text';
  }
}

export function typeName(type: DuckDBType): string {
  return type.alias ?? type.toString();
}

function integerCell(value: bigint): number | bigint {
  const near = Number(value);
  return Number.isSafeInteger(near) ? near : value;
}

function decimalCell(value: DuckDBDecimalValue): number | string {
  const text = value.toString();
  const digits = text.replace(/^-?[0.]*/, '').replace('.', '').length;
  return digits <= 15 ? Number(text) : text;
}

/** The double that prints as the shortest text which is still this 32-bit float: 0.1, not 0.10000000149011612. */
function shortestFloat(value: number): number {
  if (!Number.isFinite(value)) return value;
  for (let digits = 6; digits < 9; digits++) {
    const candidate = Number(value.toPrecision(digits));
    if (Math.fround(candidate) === value) return candidate;
  }
  return value;
}

type Nested = DuckDBListValue | DuckDBArrayValue | DuckDBStructValue | DuckDBMapValue | DuckDBUnionValue;

function isNested(value: DuckDBValue): value is Nested {
  return (
    value instanceof DuckDBListValue ||
    value instanceof DuckDBArrayValue ||
    value instanceof DuckDBStructValue ||
    value instanceof DuckDBMapValue ||
    value instanceof DuckDBUnionValue
  );
}

function jsonText(value: DuckDBValue): string {
  if (value instanceof DuckDBListValue || value instanceof DuckDBArrayValue)
    return `[${value.items.map(jsonText).join(',')}]`;
  if (value instanceof DuckDBStructValue) return jsonObject(Object.entries(value.entries));
  if (value instanceof DuckDBUnionValue) return jsonText(value.value);
  if (value instanceof DuckDBMapValue) {
    if (value.entries.every(entry => typeof entry.key === 'string'))
      return jsonObject(value.entries.map(entry => [String(entry.key), entry.value]));
    return `[${value.entries.map(entry => `{"key":${jsonText(entry.key)},"value":${jsonText(entry.value)}}`).join(',')}]`;
  }
  const cell = cellOf(value);
  if (typeof cell === 'bigint') return cell.toString();
  if (typeof cell === 'number') return Number.isFinite(cell) ? String(cell) : `"${cell}"`;
  return JSON.stringify(cell);
}

function jsonObject(entries: readonly (readonly [string, DuckDBValue])[]): string {
  return `{${entries.map(([key, value]) => `${JSON.stringify(key)}:${jsonText(value)}`).join(',')}}`;
}

function momentText(value: DuckDBValue): string | null {
  if (value instanceof DuckDBDateValue) {
    if (!value.isFinite) return value.days > 0 ? 'infinity' : '-infinity';
    return isoDate(value.days) ?? value.toString();
  }
  if (value instanceof DuckDBTimestampTZValue) return timestampText(value.micros * 1000n, value, 'Z');
  if (value instanceof DuckDBTimestampValue) return timestampText(value.micros * 1000n, value, '');
  if (value instanceof DuckDBTimestampMillisecondsValue) return timestampText(value.millis * 1_000_000n, value, '');
  if (value instanceof DuckDBTimestampSecondsValue) return timestampText(value.seconds * 1_000_000_000n, value, '');
  if (value instanceof DuckDBTimestampNanosecondsValue) return timestampText(value.nanos, value, '');
  if (value instanceof DuckDBIntervalValue) return durationText(value);
  return null;
}

const dayNanos = 86_400_000_000_000n;

function timestampText(nanos: bigint, value: {isFinite: boolean; toString(): string}, zone: string): string {
  if (!value.isFinite) return nanos > 0n ? 'infinity' : '-infinity';
  const ofDay = ((nanos % dayNanos) + dayNanos) % dayNanos;
  const date = isoDate(Number((nanos - ofDay) / dayNanos));
  if (date === null) return value.toString();
  const seconds = Number(ofDay / 1_000_000_000n);
  const pad = (part: number) => part.toString().padStart(2, '0');
  const time = `${pad(Math.floor(seconds / 3600))}:${pad(Math.floor(seconds / 60) % 60)}:${pad(seconds % 60)}`;
  return `${date}T${time}${fraction(ofDay % 1_000_000_000n, 9)}${zone}`;
}

/** Days since 1970-01-01 as ISO text, years beyond 9999 with a sign and six digits; null outside what a Date holds. */
function isoDate(days: number): string | null {
  const date = new Date(days * 86_400_000);
  return Number.isNaN(date.getTime()) ? null : date.toISOString().slice(0, -'T00:00:00.000Z'.length);
}

/** ISO-8601 duration, such as `P1Y2DT3.5S`; every part carries its own sign. */
function durationText({months, days, micros}: DuckDBIntervalValue): string {
  const part = (amount: number | bigint, unit: string) => (Number(amount) === 0 ? '' : `${amount}${unit}`);
  const date = part(Math.trunc(months / 12), 'Y') + part(months % 12, 'M') + part(days, 'D');
  const size = micros < 0n ? -micros : micros;
  const sign = micros < 0n ? '-' : '';
  const hours = size / 3_600_000_000n;
  const minutes = (size / 60_000_000n) % 60n;
  const seconds = `${(size / 1_000_000n) % 60n}${fraction(size % 1_000_000n, 6)}`;
  const time = [hours && `${sign}${hours}H`, minutes && `${sign}${minutes}M`, seconds !== '0' && `${sign}${seconds}S`]
    .filter(text => typeof text === 'string')
    .join('');
  return date || time ? `P${date}${time && `T${time}`}` : 'PT0S';
}

function fraction(value: bigint, digits: number): string {
  const text = value.toString().padStart(digits, '0').replace(/0+$/, '');
  return text && `.${text}`;
}
