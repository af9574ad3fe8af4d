import {readFileSync} from 'node:fs';
import {zstdCompressSync} from 'node:zlib';
import type {DataType} from 'apache-arrow';
import * as arrow from 'apache-arrow';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {unpackLz4} from '../../src/import/readers/lz4.ts';
import {Importing} from './importing.ts';

let importing: Importing;

beforeEach(async () => {
  importing = await Importing.start();
});

afterEach(() => importing.stop());

const vector = (type: DataType, values: unknown[]) => arrow.vectorFromArray(values, type);

/** A column whose numbers lie in memory as given, for times finer than a millisecond; null where `valid` says so. */
const raw = (type: DataType, data: ArrayLike<number | bigint>, valid = 0b11) =>
  new arrow.Vector([
    arrow.makeData({
      type,
      data,
      length: 2,
      nullCount: valid === 3 ? 0 : 1,
      nullBitmap: new Uint8Array([valid]),
    } as never),
  ]);

async function read(columns: Record<string, arrow.Vector>, form: 'file' | 'stream' = 'file') {
  const bytes = arrow.tableToIPC(new arrow.Table(columns), form);
  const result = await importing.text(bytes, {}, form === 'file' ? 'data.feather' : 'data.arrow');
  return {...result, types: result.version.columns.map(column => column.type), rows: await importing.rows(result)};
}

const field = (name: string, type: DataType) => new arrow.Field(name, type, true);
const us = 1_704_449_045_123_456n;

describe('Arrow', () => {
  it.each(['file', 'stream'] as const)('a %s is read by its bytes, with its types and nulls', async form => {
    const {rows, types, report, dataset} = await read(
      {
        i8: vector(new arrow.Int8(), [-128, null]),
        u8: vector(new arrow.Uint8(), [255, 0]),
        i16: vector(new arrow.Int16(), [-300, null]),
        u32: vector(new arrow.Uint32(), [4_294_967_295, 1]),
        i64: vector(new arrow.Int64(), [9_223_372_036_854_775_807n, null]),
        u64: vector(new arrow.Uint64(), [18_446_744_073_709_551_615n, 0n]),
        f32: vector(new arrow.Float32(), [0.1, null]),
        f64: vector(new arrow.Float64(), [0.1, 1e300]),
        text: vector(new arrow.Utf8(), ['a,"b"\nc\u0000', '']),
        word: vector(new arrow.Dictionary(new arrow.Utf8(), new arrow.Int32()), ['x', null]),
        flag: vector(new arrow.Bool(), [true, null]),
        none: vector(new arrow.Null(), [null, null]),
      },
      form,
    );
    expect(report.format).toBe('arrow');
    expect(dataset.name).toBe('data');
    expect(types.join(' ')).toBe(
      'TINYINT UTINYINT SMALLINT UINTEGER BIGINT UBIGINT FLOAT DOUBLE VARCHAR VARCHAR BOOLEAN VARCHAR',
    );
    expect(rows).toEqual([
      [
        -128,
        255,
        -300,
        4_294_967_295,
        9_223_372_036_854_775_807n,
        18_446_744_073_709_551_615n,
        0.1,
        0.1,
        'a,"b"\nc',
        'x',
        true,
        null,
      ],
      [null, 0, null, 1, null, 0, null, 1e300, '', null, null, null],
    ]);
  });

  it('dates, times, time stamps of every unit and zone, durations and decimals keep all their digits', async () => {
    const {rows, types, version} = await read({
      day: raw(new arrow.DateDay(), new Int32Array([19_727, -1])),
      ms: raw(new arrow.DateMillisecond(), new BigInt64Array([1_704_412_800_000n, 0n])),
      s: raw(new arrow.TimestampSecond(), new BigInt64Array([1_704_449_045n, -1n])),
      us: raw(new arrow.TimestampMicrosecond(), new BigInt64Array([us, -1n]), 0b01),
      ns: raw(new arrow.TimestampNanosecond(), new BigInt64Array([us * 1000n + 789n, 1n])),
      zoned: raw(new arrow.TimestampMicrosecond('Europe/Berlin'), new BigInt64Array([us, 0n])),
      time: raw(new arrow.TimeMicrosecond(), new BigInt64Array([36_245_123_456n, 0n])),
      took: raw(new arrow.DurationMillisecond(), new BigInt64Array([1500n, -2n])),
      money: raw(
        new arrow.Decimal(2, 20, 128),
        new Uint32Array([12_345, 0, 0, 0, 0xfffffffb, 0xffffffff, 0xffffffff, 0xffffffff]),
      ),
    });
    expect(types).toEqual([
      'DATE',
      'DATE',
      'TIMESTAMP',
      'TIMESTAMP',
      'TIMESTAMP_NS',
      'TIMESTAMP WITH TIME ZONE',
      'TIME',
      'BIGINT',
      'DECIMAL(20,2)',
    ]);
    expect(rows[0]).toEqual([
      '2024-01-05',
      '2024-01-05',
      '2024-01-05T10:04:05',
      '2024-01-05T10:04:05.123456',
      '2024-01-05T10:04:05.123456789',
      '2024-01-05T10:04:05.123456Z',
      '10:04:05.123456',
      1500,
      123.45,
    ]);
    expect(rows[1]?.slice(0, 4)).toEqual(['1969-12-31', '1970-01-01', '1969-12-31T23:59:59', null]);
    expect(rows[1]?.slice(-2)).toEqual([-2, -0.05]);
    expect(version.columns[5]?.notes).toEqual(['time zone Europe/Berlin']);
    expect(version.columns[7]?.notes).toEqual(['durations; unit: ms']);
  });

  it('lists and structs become JSON, bytes hexadecimal text, equal names unique ones', async () => {
    const list = new arrow.List(field('item', new arrow.Int64()));
    const struct = new arrow.Struct([field('a', new arrow.Utf8()), field('b', list)]);
    const {rows, types} = await read({
      l: vector(list, [[1n, null], []]),
      s: vector(struct, [{a: 'q"', b: [9_007_199_254_740_993n]}, null]),
      b: vector(new arrow.Binary(), [new Uint8Array([0, 255]), null]),
      B: vector(new arrow.Int32(), [1, 2]),
    });
    expect(types).toEqual(['JSON', 'JSON', 'VARCHAR', 'INTEGER']);
    expect(rows).toEqual([
      ['[1,null]', '{"a":"q\\"","b":[9007199254740993]}', '0x00ff', 1],
      ['[]', null, null, 2],
    ]);
  });

  it('a file packed with LZ4 is read', async () => {
    const bytes = readFileSync(new URL('../fixtures/arrow/lz4.feather', import.meta.url));
    const result = await importing.text(bytes, {}, 'packed.feather');
    expect(result.version.rows).toBe(3000);
    const sql = 'SELECT sum(id), count(name), count(DISTINCT name), max(name) FROM t';
    expect(await importing.rows(result, sql)).toEqual([[4_498_500, 2571, 5, 'region 4']]);
  });

  it('a file packed with zstd is read', async () => {
    arrow.compressionRegistry.set(arrow.CompressionType.ZSTD, {encode: data => zstdCompressSync(data)});
    const table = new arrow.Table({id: vector(new arrow.Int32(), [1, 2, null])});
    const bytes = arrow.tableToIPC(table, 'file', arrow.CompressionType.ZSTD);
    expect(await importing.rows(await importing.text(bytes, {}, 'z.arrow'))).toEqual([[1], [2], [null]]);
  });

  it('a table without rows keeps its columns', async () => {
    const {rows, types} = await read({id: vector(new arrow.Int32(), []), name: vector(new arrow.Utf8(), [])});
    expect([rows, types]).toEqual([[], ['INTEGER', 'VARCHAR']]);
  });

  const good = arrow.tableToIPC(new arrow.Table({id: vector(new arrow.Int32(), [1, 2, 3])}), 'file');
  const cut = (bytes: Uint8Array, size: number) => Buffer.from(bytes.subarray(0, size));
  it.each<[string, Buffer, string]>([
    ['a file cut short', cut(good, good.length - 20), 'import.damaged'],
    ['a file of which only the name is left', cut(good, 12), 'import.damaged'],
    ['a file with wrong sizes inside', Buffer.from(good).fill(0x7f, 200, 260), 'import.damaged'],
    ['Feather version 1', Buffer.from(`FEA1${'\0'.repeat(100)}FEA1`), 'import.unsupported'],
  ])('%s is refused and leaves nothing', async (_, bytes, code) => {
    await expect(importing.text(bytes, {}, 'data.feather')).rejects.toMatchObject({code});
    expect(importing.left()).toEqual([]);
  });

  it('Feather version 1 is called by its name', async () => {
    await expect(importing.text('FEA1\0\0\0\0', {}, 'old.feather')).rejects.toThrow(/Feather version 1/);
  });
});

describe('LZ4', () => {
  const frame = (...block: number[]) =>
    Uint8Array.from([4, 0x22, 0x4d, 0x18, 0x60, 0x40, 0, block.length, 0, 0, 0, ...block, 0, 0, 0, 0]);
  it('a match may overlap what it makes', () => {
    expect(Buffer.from(unpackLz4(frame(0x14, 97, 1, 0, 0x10, 98), 100)).toString()).toBe('aaaaaaaaab');
  });

  it.each([
    ['too many bytes', frame(0x1f, 97, 1, 0, 255, 255, 10)],
    ['a match before the beginning', frame(0x14, 97, 9, 0)],
    ['a cut block', frame(0xf0, 255)],
    ['no frame', Uint8Array.from([1, 2, 3])],
    ['no end', frame(0x10, 97).subarray(0, -4)],
  ])('%s is an error', (_, bytes) => {
    expect(() => unpackLz4(bytes, 100)).toThrow(RangeError);
  });
});
