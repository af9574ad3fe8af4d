// Writes the wire format of protocol buffers, as far as an ONNX file needs it: whole numbers, bytes, texts and messages.

const encoder = new TextEncoder();

/** One message; fields are written in the order of the calls. */
export class Message {
  readonly #parts: Uint8Array[] = [];
  #size = 0;

  /** A whole number that is not negative. */
  number(field: number, value: number): this {
    return this.#push(varint(field * 8)).#push(varint(value));
  }

  bytes(field: number, value: Uint8Array): this {
    return this.#push(varint(field * 8 + 2))
      .#push(varint(value.length))
      .#push(value);
  }

  text(field: number, value: string): this {
    return this.bytes(field, encoder.encode(value));
  }

  message(field: number, value: Message): this {
    return this.bytes(field, value.finish());
  }

  /** Whole numbers that are not negative, one after another in one field. */
  numbers(field: number, values: Iterable<number>): this {
    const all = new Message();
    for (const value of values) all.#push(varint(value));
    return this.message(field, all);
  }

  finish(): Uint8Array {
    const whole = new Uint8Array(this.#size);
    let at = 0;
    for (const part of this.#parts) {
      whole.set(part, at);
      at += part.length;
    }
    return whole;
  }

  #push(part: Uint8Array): this {
    this.#parts.push(part);
    this.#size += part.length;
    return this;
  }
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 128) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
  return Uint8Array.from(bytes);
}
