const NO_MESSAGE = 'exemplars can only be added to a message of Protocol Buffers';
/** The types of fields in Protocol Buffers. */
const VARINT = 0;
const FIXED64 = 1;
const LENGTH_DELIMITED = 2;
const FIXED32 = 5;

/**
 * Copies a message of Protocol Buffers, and replaces each message of one field. All other fields stay unchanged.
 *
 * @param field - The number of the field.
 * @param change - Gets a message of the field and its index, and returns the new message.
 * @throws RangeError for bytes that aren't a message.
 */
export function mapMessages(
  bytes: Uint8Array,
  field: number,
  change: (message: Uint8Array, index: number) => Uint8Array,
): Uint8Array {
  const parts: Uint8Array[] = [];
  let index = 0;
  for (let at = 0; at < bytes.length;) {
    const start = at;
    const [tag, afterTag] = readVarint(bytes, at);
    const type = tag & 7;
    if (type !== LENGTH_DELIMITED) {
      at = endOf(bytes, afterTag, type);
      parts.push(bytes.subarray(start, at));
      continue;
    }
    const [length, from] = readVarint(bytes, afterTag);
    at = from + length;
    if (at > bytes.length) throw new RangeError(NO_MESSAGE);
    if (tag >>> 3 !== field) {
      parts.push(bytes.subarray(start, at));
      continue;
    }
    const changed = change(bytes.subarray(from, at), index++);
    parts.push(bytes.subarray(start, afterTag), varint(changed.length), changed);
  }
  return concatenated(parts);
}

/** Bytes one after another. */
export function concatenated(parts: readonly Uint8Array[]): Uint8Array {
  return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
}

function endOf(bytes: Uint8Array, at: number, type: number): number {
  if (type === VARINT) return readVarint(bytes, at)[1];
  if (type === FIXED64) return at + 8;
  if (type === FIXED32) return at + 4;
  throw new RangeError(NO_MESSAGE);
}

/** Reads a number of at most 2^53 − 1. Returns the number and its end. */
function readVarint(bytes: Uint8Array, from: number): [value: number, end: number] {
  let value = 0;
  let factor = 1;
  for (let at = from; at < bytes.length; at++) {
    value += (bytes[at]! & 127) * factor;
    if (bytes[at]! < 128) return [value, at + 1];
    factor *= 128;
  }
  throw new RangeError(NO_MESSAGE);
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push(128 + (rest % 128));
  return Uint8Array.of(...bytes, rest);
}
