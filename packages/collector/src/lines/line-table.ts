/** The most slots that are tried for a key. The limit keeps look-ups fast, even for names that were chosen to collide. */
const LONGEST_PROBE = 32;
const FIRST_SLOTS = 1024;
const FIRST_BYTES = 65_536;
/** The words of a key, 4 bytes each: their number, and the index of each. They adjoin, so a look-up waits for memory once. */
const WORDS = 4;
const HASH = 0;
const PLACE = 1;
/** The lengths of the two parts, 16 bits each. -1 if the key's number is free. */
const LENGTHS = 2;
const NOTE = 3;
const FREE = -1;
/** The longest part of a key, in bytes. */
const LONGEST_PART = 0x7fff;

export interface LineTableLimits {
  /** The most keys. */
  readonly keys: number;
  /** The most bytes of all keys together. */
  readonly bytes: number;
}

/** The place of a key's two parts in a buffer. The first part is the name, and the second is the text behind the value. */
export interface KeyPlace {
  readonly bytes: Uint8Array;
  readonly name: number;
  readonly nameEnd: number;
  readonly rest: number;
  readonly restEnd: number;
}

/**
 * A hash table from bytes to numbers, with open addressing. Nothing is allocated for a look-up. A key consists of two parts,
 * because the value stands between them.
 */
export class LineTable {
  readonly #limits: LineTableLimits;
  /** Each slot has the number of its key plus 1. A free slot has 0. */
  #slots = new Int32Array(FIRST_SLOTS);
  #mask = FIRST_SLOTS - 1;
  #bytes = new Uint8Array(FIRST_BYTES);
  #used = 0;
  #keys = new Int32Array((FIRST_SLOTS / 2) * WORDS);
  /** The lowest number that was never given to a key. */
  #given = 0;
  #free: number[] = [];
  #isFull = false;

  constructor(limits: LineTableLimits) {
    this.#limits = limits;
  }

  /** The number of keys. */
  get size(): number {
    return this.#given - this.#free.length;
  }

  /** Whether a key was refused for lack of room since the last sweep. */
  get isFull(): boolean {
    return this.#isFull;
  }

  /** The number of a key, or -1. The parts stand at `[name, nameEnd)` and `[rest, restEnd)`. */
  find(
    hash: number,
    bytes: Uint8Array,
    name: number,
    nameEnd: number,
    rest: number,
    restEnd: number,
  ): number {
    const slots = this.#slots;
    const mask = this.#mask;
    const keys = this.#keys;
    if (nameEnd - name > LONGEST_PART || restEnd - rest > LONGEST_PART) return -1;
    const lengths = lengthsOf(nameEnd - name, restEnd - rest);
    for (let slot = hash & mask, probe = 0; probe < LONGEST_PROBE; slot = (slot + 1) & mask, probe++) {
      const key = slots[slot]! - 1;
      if (key < 0) return -1;
      const at = key * WORDS;
      if (keys[at + HASH] !== hash || keys[at + LENGTHS] !== lengths) continue;
      if (this.#isAt(keys[at + PLACE]!, bytes, name, nameEnd, rest, restEnd)) return key;
    }
    return -1;
  }

  /** The note of a key. */
  noteOf(key: number): number {
    return this.#keys[key * WORDS + NOTE]!;
  }

  /** Adds a key that isn't in the table, with a note. Returns the key's number, or -1 if there is no room for it. */
  add(hash: number, { bytes, name, nameEnd, rest, restEnd }: KeyPlace, note: number): number {
    const length = nameEnd - name + restEnd - rest;
    if (this.size >= this.#limits.keys || this.#used + length > this.#limits.bytes) {
      this.#isFull = true;
      return -1;
    }
    if ((this.size + 1) * 2 > this.#slots.length) this.#grow();
    const slot = this.#freeSlot(hash);
    if (slot < 0) return -1;
    const key = this.#free.pop() ?? this.#given++;
    this.#slots[slot] = key + 1;
    this.#keys.set([hash, this.#used, lengthsOf(nameEnd - name, restEnd - rest), note], key * WORDS);
    this.#makeRoom(length);
    this.#bytes.set(bytes.subarray(name, nameEnd), this.#used);
    this.#bytes.set(bytes.subarray(rest, restEnd), this.#used + nameEnd - name);
    this.#used += length;
    return key;
  }

  /** Forgets the keys that aren't live. Their numbers are given to later keys. */
  sweep(isLive: (key: number) => boolean): void {
    const before = this.#bytes;
    this.#bytes = new Uint8Array(before.length);
    this.#used = 0;
    const keys = this.#keys;
    for (let key = 0, at = 0; key < this.#given; key++, at += WORDS) {
      const lengths = keys[at + LENGTHS]!;
      if (lengths === FREE) continue;
      if (!isLive(key)) {
        keys[at + LENGTHS] = FREE;
        this.#free.push(key);
        continue;
      }
      const length = (lengths >>> 16) + (lengths & 0xffff);
      const place = keys[at + PLACE]!;
      this.#bytes.set(before.subarray(place, place + length), this.#used);
      keys[at + PLACE] = this.#used;
      this.#used += length;
    }
    this.#isFull = false;
    this.#fillSlots();
  }

  #isAt(
    place: number,
    bytes: Uint8Array,
    name: number,
    nameEnd: number,
    rest: number,
    restEnd: number,
  ): boolean {
    const known = this.#bytes;
    let at = place;
    for (let i = name; i < nameEnd; i++) if (known[at++] !== bytes[i]) return false;
    for (let i = rest; i < restEnd; i++) if (known[at++] !== bytes[i]) return false;
    return true;
  }

  #freeSlot(hash: number): number {
    let slot = hash & this.#mask;
    for (let probe = 0; probe < LONGEST_PROBE; probe++) {
      if (this.#slots[slot] === 0) return slot;
      slot = (slot + 1) & this.#mask;
    }
    return -1;
  }

  #grow(): void {
    const keys = this.#slots.length;
    this.#keys = longer(this.#keys, keys * WORDS);
    this.#slots = new Int32Array(keys * 2);
    this.#mask = keys * 2 - 1;
    this.#fillSlots();
  }

  /**
   * Puts all keys into slots again. A key may find no slot, so that it can't be found any more. It is then added again as a new
   * key, and the next sweep removes the old one.
   */
  #fillSlots(): void {
    this.#slots.fill(0);
    for (let key = 0; key < this.#given; key++) {
      if (this.#keys[key * WORDS + LENGTHS] === FREE) continue;
      const slot = this.#freeSlot(this.#keys[key * WORDS + HASH]!);
      if (slot >= 0) this.#slots[slot] = key + 1;
    }
  }

  #makeRoom(length: number): void {
    if (this.#used + length <= this.#bytes.length) return;
    this.#bytes = longer(this.#bytes, Math.max(this.#bytes.length * 2, this.#used + length));
  }
}

function lengthsOf(name: number, rest: number): number {
  return (name << 16) | rest;
}

function longer<T extends Int32Array<ArrayBuffer> | Uint8Array<ArrayBuffer>>(array: T, length: number): T {
  const result = new (array.constructor as new (length: number) => T)(length);
  result.set(array);
  return result;
}
