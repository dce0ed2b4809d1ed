/** Writes a message of Protocol Buffers. Fields are given by their tag, which is the number times 8, plus the type. */
export class ProtobufWriter {
  bytes: Buffer = Buffer.allocUnsafeSlow(4096);
  length = 0;

  /** Begins another message in the same memory. */
  clear(): void {
    this.length = 0;
  }

  /** The bytes of the message. The next message is written over them. */
  get written(): Buffer {
    return this.bytes.subarray(0, this.length);
  }

  /** An unsigned integer. */
  uint(tag: number, value: number): void {
    this.#makeRoom(12);
    this.bytes[this.length++] = tag;
    this.#varint(value);
  }

  /** A signed integer, zigzag. */
  sint(tag: number, value: number): void {
    this.#makeRoom(12);
    this.bytes[this.length++] = tag;
    this.signed(value);
  }

  double(tag: number, value: number): void {
    this.#makeRoom(10);
    this.bytes[this.length++] = tag;
    this.length = this.bytes.writeDoubleLE(value, this.length);
  }

  string(tag: number, text: string): void {
    const length = Buffer.byteLength(text);
    this.#makeRoom(length + 12);
    this.bytes[this.length++] = tag;
    this.#varint(length);
    this.length += this.bytes.write(text, this.length);
  }

  /** A field of bytes, which are copied unchanged. */
  raw(tag: number, from: Uint8Array, start: number, end: number): void {
    const length = end - start;
    this.#makeRoom(length + 12);
    this.bytes[this.length++] = tag;
    this.#varint(length);
    // The bytes are copied in a loop, because most fields are so short that a call would take longer.
    const { bytes } = this;
    let to = this.length;
    for (let at = start; at < end; at++) bytes[to++] = from[at]!;
    this.length = to;
  }

  /** Begins a field with a message of `length` bytes. The message has to be written next. */
  begin(tag: number, length: number): void {
    this.#makeRoom(12);
    this.bytes[this.length++] = tag;
    this.#varint(length);
  }

  /**
   * A field with the message that `write` writes.
   *
   * @param more - The second byte of the tag. Only fields from number 16 have it.
   */
  nested(tag: number, write: () => void, more?: number): void {
    this.#makeRoom(3);
    this.bytes[this.length++] = tag;
    if (more !== undefined) this.bytes[this.length++] = more;
    const start = ++this.length; // one byte for the length, which is enough for most messages
    write();
    const length = this.length - start;
    if (length < 128) {
      this.bytes[start - 1] = length;
      return;
    }
    const extra = varintBytes(length) - 1;
    this.#makeRoom(extra);
    this.bytes.copyWithin(start + extra, start, this.length);
    this.length = start - 1;
    this.#varint(length);
    this.length = start + extra + length;
  }

  /** An integer of a packed field, zigzag. */
  signed(value: number): void {
    this.#makeRoom(10);
    this.#varint(value >= 0 ? 2 * value : -2 * value - 1);
  }

  #varint(value: number): void {
    if (value > Number.MAX_SAFE_INTEGER) {
      this.#bigVarint(BigInt(value));
      return;
    }
    let rest = value;
    while (rest >= 128) {
      // No bitwise operators are used, because they work on 32 bits only.
      this.bytes[this.length++] = 128 + (rest % 128);
      rest = Math.floor(rest / 128);
    }
    this.bytes[this.length++] = rest;
  }

  #bigVarint(value: bigint): void {
    let rest = BigInt.asUintN(64, value);
    while (rest >= 128n) {
      this.bytes[this.length++] = Number(128n + (rest % 128n));
      rest /= 128n;
    }
    this.bytes[this.length++] = Number(rest);
  }

  #makeRoom(bytes: number): void {
    if (this.length + bytes <= this.bytes.length) return;
    const longer = Buffer.allocUnsafeSlow(Math.max(2 * this.bytes.length, this.length + bytes));
    this.bytes.copy(longer, 0, 0, this.length);
    this.bytes = longer;
  }
}

/** The number of bytes that an unsigned integer takes. */
export function varintBytes(value: number): number {
  let bytes = 1;
  for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) bytes++;
  return bytes;
}
