/** The fields of a protobuf message, by number. A varint is kept as a Buffer of 8 bytes, as if it were fixed. */
export class Fields {
  readonly #values = new Map<number, Buffer[]>();

  add(field: number, value: Buffer): void {
    const values = this.#values.get(field);
    if (values === undefined) this.#values.set(field, [value]);
    else values.push(value);
  }

  has(field: number): boolean {
    return this.#values.has(field);
  }

  all(field: number): Buffer[] {
    return this.#values.get(field) ?? [];
  }

  text(field: number): string {
    return this.all(field)[0]?.toString('utf8') ?? '';
  }

  fixed(field: number): bigint {
    return this.all(field)[0]?.readBigUInt64LE() ?? 0n;
  }

  number(field: number): number {
    return Number(this.fixed(field));
  }

  double(field: number): number {
    return this.all(field)[0]?.readDoubleLE() ?? 0;
  }
}

/** The fields of a message. */
export function fields(bytes: Buffer): Fields {
  const result = new Fields();
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++]!;
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const tag = varint();
    const wire = tag & 7;
    const field = tag >>> 3;
    if (wire === 0) {
      const value = Buffer.alloc(8);
      value.writeBigUInt64LE(BigInt(varint()));
      result.add(field, value);
    } else {
      const length = wire === 2 ? varint() : wire === 1 ? 8 : 4;
      result.add(field, bytes.subarray(at, (at += length)));
    }
  }
  return result;
}

/** The signed number that a varint stands for. */
export function zigzag(value: number): number {
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
}

/** The numbers of a packed field. */
export function varints(bytes: Buffer): number[] {
  const values: number[] = [];
  for (let at = 0; at < bytes.length;) {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++]!;
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) break;
    }
    values.push(value);
  }
  return values;
}
