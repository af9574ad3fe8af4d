// What the cells of an Arrow column say, as text that DuckDB casts to the column's own type without loss.

import type {Data} from 'apache-arrow';
import {DataType, Vector} from 'apache-arrow';
import {isBytes, isText} from './arrow-types.ts';

/** A value inside a list or struct: what JSON knows, and integers of any size. */
type Plain = null | string | number | boolean | bigint | Plain[] | {[name: string]: Plain};

type Read = (index: number) => Plain;

const fractionDigits = [0, 3, 6, 9];

/** Reads the cells of one chunk of a column as text; null where there is none. */
export function cellReader(data: Data): (index: number) => string | null {
  const read = reader(data);
  return index => {
    const value = read(index);
    if (value === null || typeof value === 'string') return value;
    return typeof value === 'object' ? jsonText(value) : String(value);
  };
}

function reader(data: Data): Read {
  if (DataType.isNull(data.type)) return () => null;
  const read = valueReader(data);
  return index => (data.getValid(index) ? read(index) : null);
}

function valueReader(data: Data): Read {
  const {type, values} = data;
  if (isText(type) || isBytes(type) || DataType.isBool(type)) return plainReader(data);
  if (DataType.isInt(type)) return index => values[index];
  if (DataType.isFloat(type))
    return type.precision === 0
      ? plainReader(data)
      : index => (type.precision === 1 ? single(values[index]) : values[index]);
  if (DataType.isDecimal(type)) return index => decimalText(values, index, type.bitWidth / 32, type.scale);
  if (DataType.isDate(type)) {
    const digits = type.unit === 0 ? 0 : 3;
    const perUnit = type.unit === 0 ? 86_400n : 1n;
    return index => momentText(wide(values, index) * perUnit, digits).slice(0, -9 - (digits && digits + 1));
  }
  if (DataType.isTime(type))
    return index => momentText(wide(values, index), fractionDigits[type.unit] ?? 0).slice(11, 26);
  if (DataType.isTimestamp(type)) {
    const zone = type.timezone ? '+00' : '';
    return index => momentText(wide(values, index), fractionDigits[type.unit] ?? 0) + zone;
  }
  if (DataType.isDuration(type)) return index => wide(values, index);
  if (DataType.isDictionary(type)) return dictionaryReader(data);
  if (DataType.isStruct(type)) {
    const fields = type.children.map((field, at) => ({name: field.name, read: childReader(data, at)}));
    return index => Object.fromEntries(fields.map(({name, read}) => [name, read(index)]));
  }
  const items = childReader(data, 0);
  if (DataType.isFixedSizeList(type)) return index => range(index * type.listSize, (index + 1) * type.listSize, items);
  return index => range(Number(data.valueOffsets[index]), Number(data.valueOffsets[index + 1]), items);
}

function childReader(data: Data, at: number): Read {
  const child = data.children[at];
  return child ? reader(child) : () => null;
}

function range(from: number, to: number, read: Read): Plain[] {
  return Array.from({length: Math.max(0, to - from)}, (_, index) => read(from + index));
}

/** The library knows where these lie; bytes become 0x… */
function plainReader(data: Data): Read {
  const vector = new Vector([data]);
  return index => {
    const value: unknown = vector.get(index);
    if (value instanceof Uint8Array) return `0x${Buffer.from(value).toString('hex')}`;
    return typeof value === 'boolean' || typeof value === 'number' ? value : String(value);
  };
}

function dictionaryReader({values, dictionary}: Data): Read {
  const chunks = (dictionary?.data ?? []).map(chunk => ({length: chunk.length, read: reader(chunk)}));
  return index => {
    let place = Number(values[index]);
    for (const {length, read} of chunks) {
      if (place < length) return read(place);
      place -= length;
    }
    throw new RangeError('an index that its dictionary does not have');
  };
}

/** The shortest number that is this one in single precision: 0.1, not 0.10000000149011612. */
function single(value: number): number {
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return value;
}

/** Dates and times lie there as 32 or 64 bits. */
function wide(values: BigInt64Array | Int32Array, index: number): bigint {
  if (values instanceof BigInt64Array) return values[index] ?? 0n;
  return BigInt(values[index] ?? 0);
}

function decimalText(values: Uint32Array, index: number, words: number, scale: number): string {
  let value = 0n;
  for (let word = words - 1; word >= 0; word--) value = (value << 32n) | BigInt(values[index * words + word] ?? 0);
  value = BigInt.asIntN(words * 32, value);
  const digits = (value < 0n ? -value : value).toString().padStart(scale + 1, '0');
  const sign = value < 0n ? '-' : '';
  return scale === 0 ? sign + digits : `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** `YYYY-MM-DD hh:mm:ss[.fraction]` of a count of units since 1970, of which 10^`digits` are a second. */
function momentText(count: bigint, digits: number): string {
  const perSecond = 10n ** BigInt(digits);
  let seconds = count / perSecond;
  let rest = count % perSecond;
  if (rest < 0n) {
    rest += perSecond;
    seconds--;
  }
  const whole = new Date(Number(seconds) * 1000).toISOString();
  const text = `${whole.slice(0, whole.indexOf('T'))} ${whole.slice(-13, -5)}`;
  return digits === 0 ? text : `${text}.${rest.toString().padStart(digits, '0')}`;
}

/** JSON in which integers keep all their digits. */
function jsonText(value: Plain): string {
  if (typeof value === 'bigint') return value.toString();
  if (Array.isArray(value)) return `[${value.map(jsonText).join(',')}]`;
  if (value === null || typeof value !== 'object')
    return typeof value === 'number' && !Number.isFinite(value) ? `"${value}"` : JSON.stringify(value);
  return `{${Object.entries(value)
    .map(([name, item]) => `${JSON.stringify(name)}:${jsonText(item)}`)
    .join(',')}}`;
}
