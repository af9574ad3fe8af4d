// Unpacks LZ4 frames (the format of https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md), as Arrow files hold them.
// Node has no LZ4 of its own.

const magic = 0x184d2204;

/**
 * The bytes that an LZ4 frame stands for; at most `maxBytes` of them. Checksums are not looked at.
 * @throws RangeError when the frame is damaged or holds more
 */
export function unpackLz4(frame: Uint8Array, maxBytes: number): Uint8Array {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  if (frame.length < 7 || view.getUint32(0, true) !== magic) throw new RangeError('no LZ4 frame');
  const flags = frame[4] ?? 0;
  const hasBlockSums = (flags & 0x10) !== 0;
  const hasSize = (flags & 0x08) !== 0;
  const hasDictionary = (flags & 0x01) !== 0;
  let at = 6 + (hasSize ? 8 : 0) + (hasDictionary ? 4 : 0) + 1;
  const declared = hasSize ? Number(view.getBigUint64(6, true)) : 0;
  if (declared > maxBytes) throw new RangeError('an LZ4 frame of too many bytes');
  const output = new Output(Math.max(declared, 64), maxBytes);
  for (;;) {
    if (at + 4 > frame.length) throw new RangeError('an LZ4 frame that ends too soon');
    const word = view.getUint32(at, true);
    at += 4;
    if (word === 0) return output.bytes();
    const size = word & 0x7fffffff;
    if (at + size > frame.length) throw new RangeError('an LZ4 block that ends too soon');
    const block = frame.subarray(at, at + size);
    if (word >>> 31 === 1) output.add(block);
    else unpackBlock(block, output);
    at += size + (hasBlockSums ? 4 : 0);
  }
}

function unpackBlock(block: Uint8Array, output: Output): void {
  let at = 0;
  const next = (): number => {
    const byte = block[at++];
    if (byte === undefined) throw new RangeError('an LZ4 block that ends too soon');
    return byte;
  };
  const length = (start: number): number => {
    let size = start;
    if (start === 15) for (let more = 255; more === 255; size += more) more = next();
    return size;
  };
  while (at < block.length) {
    const token = next();
    const literals = length(token >> 4);
    if (at + literals > block.length) throw new RangeError('an LZ4 block that ends too soon');
    output.add(block.subarray(at, at + literals));
    at += literals;
    if (at >= block.length) return;
    const back = next() | (next() << 8);
    output.repeat(back, length(token & 15) + 4);
  }
}

class Output {
  #bytes: Uint8Array;
  #size = 0;
  readonly #max: number;

  constructor(size: number, max: number) {
    this.#bytes = new Uint8Array(size);
    this.#max = max;
  }

  add(piece: Uint8Array): void {
    this.#reserve(piece.length);
    this.#bytes.set(piece, this.#size);
    this.#size += piece.length;
  }

  /** Copies `length` bytes that begin `back` bytes ago; they may overlap what is written. */
  repeat(back: number, length: number): void {
    const from = this.#size - back;
    if (back === 0 || from < 0) throw new RangeError('an LZ4 block that points before its beginning');
    this.#reserve(length);
    if (back >= length) this.#bytes.copyWithin(this.#size, from, from + length);
    else for (let index = 0; index < length; index++) this.#bytes[this.#size + index] = this.#bytes[from + index] ?? 0;
    this.#size += length;
  }

  bytes(): Uint8Array {
    return this.#bytes.slice(0, this.#size);
  }

  #reserve(more: number): void {
    const wanted = this.#size + more;
    if (wanted > this.#max) throw new RangeError('an LZ4 frame of too many bytes');
    if (wanted <= this.#bytes.length) return;
    const bytes = new Uint8Array(Math.max(wanted, this.#bytes.length * 2));
    bytes.set(this.#bytes);
    this.#bytes = bytes;
  }
}
