import type { Sender } from '../receiver.js';
import { PendingLines } from './pending-lines.js';
import { LINE, type ReadBatch } from './read-batch.js';

/** Kinds of known metrics. */
export const COUNTER = 0;
export const GAUGE = 1;
/** A timer in ms. In messages of the queue, commas may separate its values, too. */
export const TIMER = 2;
/** DogStatsD's histograms and distributions. */
export const VALUES = 3;
export const SET = 4;

const LETTER_G = 103;
const BAR = 124;

/** The most entries in a batch. An entry is a known metric or an undecoded line. */
const MAX_ENTRIES = 8_192;
/** Values of timers and members of sets, at most. */
const MAX_VALUES = 65_536;
/** The most samples in a batch. Even if each is the largest known delta, 2^32, their sum is below 2^53, so it is exact. */
const MAX_SAMPLES = 2 ** 20;
/** Characters of members, at most. */
const MAX_TEXT = 256 * 1024;

/** Samples that were read but not handed over yet, added up by metric. A window is the time between two calls of `take`. */
export class Pending {
  readonly #onFull: () => void;
  /**
   * Two numbers for each known metric: the window of its last sample, and its entry in that window. If the metric
   * became known in a window and has had no sample since, the number is that of the window, negated.
   */
  #last = new Int32Array(2048);
  #window = 1;
  /**
   * The lowest index of an entry in which a gauge may be set again. The main thread applies entries in order, so a value that comes
   * after an undecoded line needs a new entry behind that line.
   */
  #gaugesFrom = 0;
  #entries = 0;
  readonly #ids = new Int32Array(MAX_ENTRIES);
  readonly #kinds = new Uint8Array(MAX_ENTRIES);
  /** Two numbers for each entry: how many samples it had, and their sum (counters) or the last one (gauges). */
  readonly #totals = new Float64Array(2 * MAX_ENTRIES);
  /** The index in `#values` of each entry's first and last value. `#next` leads from one value of an entry to the next. */
  readonly #heads = new Int32Array(MAX_ENTRIES);
  readonly #tails = new Int32Array(MAX_ENTRIES);
  readonly #values = new Float64Array(MAX_VALUES);
  readonly #next = new Int32Array(MAX_VALUES);
  #length = 0;
  #members: string[] = [];
  #text = 0;
  #messages = 0;
  #samples = 0;
  readonly #lines = new PendingLines();
  #learned: [id: number, line: number][] = [];

  /** @param onFull - Called when there is no room for more. The function has to call `take`. */
  constructor(onFull: () => void) {
    this.#onFull = onFull;
  }

  get isEmpty(): boolean {
    return this.#messages === 0 && this.#entries === 0;
  }

  message(): void {
    this.#messages++;
  }

  /** Adds to a known counter. */
  add(id: number, delta: number): void {
    const at = 2 * this.#entry(id, COUNTER);
    this.#totals[at]!++;
    this.#totals[at + 1]! += delta;
  }

  /** Sets a known gauge. */
  set(id: number, value: number): void {
    const at = 2 * this.#entry(id, GAUGE);
    this.#totals[at]!++;
    this.#totals[at + 1] = value;
  }

  /** Adds a value of a known timer, histogram or distribution. */
  value(id: number, kind: number, value: number): void {
    if (this.#length === MAX_VALUES) this.#onFull();
    this.#append(this.#entry(id, kind), value);
  }

  /** Adds a member to a known set. */
  member(id: number, member: string): void {
    if (this.#length === MAX_VALUES || this.#text > MAX_TEXT) this.#onFull();
    const entry = this.#entry(id, SET);
    this.#text += member.length;
    this.#append(entry, this.#members.push(member) - 1);
  }

  /** Adds an undecoded line, or the rest of a line, for the plain decoder in the main thread. Returns its number in the batch. */
  line(
    bytes: Uint8Array,
    start: number,
    end: number,
    isFirst: boolean,
    from: () => Sender | undefined,
  ): number {
    if (this.#entries === MAX_ENTRIES || !this.#lines.fits(end - start)) this.#onFull();
    this.#ids[this.#entries++] = LINE;
    if (mayBeGauge(bytes, start, end)) this.#gaugesFrom = this.#entries;
    return this.#lines.add(bytes, start, end, isFirst, from);
  }

  /** Records that the metric of this line is known as `id` from now on. */
  learn(id: number, line: number): void {
    this.#learned.push([id, line]);
    if (2 * id >= this.#last.length) this.#last = longer(this.#last, 2 * id + 1);
    this.#last[2 * id] = -this.#window; // it has no entry yet
  }

  /** Whether a known metric had a sample, or was learned, in `window` or later. */
  cameSince(id: number, window: number): boolean {
    return Math.abs(this.#last[2 * id]!) >= window;
  }

  /** The number of the current window. The first window is 1. */
  get window(): number {
    return this.#window;
  }

  /** Returns all that was read, and begins a new window. */
  take(): ReadBatch {
    const entries = this.#entries;
    const numbers = new Float64Array(this.#length + entries);
    const counts = new Float64Array(entries);
    const members: string[] = [];
    let length = 0;
    for (let entry = 0; entry < entries; entry++) {
      if (this.#ids[entry] === LINE) continue;
      const kind = this.#kinds[entry]!;
      counts[entry] = this.#totals[2 * entry]!;
      if (kind === COUNTER || kind === GAUGE) {
        numbers[length++] = this.#totals[2 * entry + 1]!;
        continue;
      }
      for (let at = this.#heads[entry]!; at >= 0; at = this.#next[at]!) {
        if (kind === SET) members.push(this.#members[this.#values[at]!]!);
        else numbers[length++] = this.#values[at]!;
      }
    }
    const batch: ReadBatch = {
      messages: this.#messages,
      samples: this.#samples,
      ids: this.#ids.slice(0, entries),
      counts,
      numbers: numbers.slice(0, length),
      members,
      lines: this.#lines.take(),
      learned: this.#learned,
    };
    this.#begin();
    return batch;
  }

  #begin(): void {
    this.#window++;
    this.#gaugesFrom = 0;
    this.#entries = this.#length = this.#text = 0;
    this.#messages = this.#samples = 0;
    this.#members = [];
    this.#learned = [];
  }

  #append(entry: number, value: number): void {
    const at = this.#length++;
    this.#values[at] = value;
    this.#next[at] = -1;
    if (this.#totals[2 * entry]!++ === 0) this.#heads[entry] = at;
    else this.#next[this.#tails[entry]!] = at;
    this.#tails[entry] = at;
  }

  /** The entry of a known metric. */
  #entry(id: number, kind: number): number {
    if (this.#samples++ >= MAX_SAMPLES) this.#full();
    if (this.#last[2 * id] === this.#window) {
      const entry = this.#last[2 * id + 1]!;
      if (kind !== GAUGE || entry >= this.#gaugesFrom) return entry;
    }
    if (this.#entries === MAX_ENTRIES) this.#full();
    const entry = this.#entries++;
    this.#last[2 * id] = this.#window;
    this.#last[2 * id + 1] = entry;
    this.#ids[entry] = id;
    this.#kinds[entry] = kind;
    this.#totals[2 * entry] = this.#totals[2 * entry + 1] = 0;
    return entry;
  }

  /** Makes room. The current sample isn't counted in the batch that ends, but in the next one. */
  #full(): void {
    this.#samples--;
    this.#onFull();
    this.#samples++;
  }
}

/** Whether `|g` is in the line, which may therefore be a gauge. */
function mayBeGauge(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start + 1; at < end; at++) if (bytes[at] === LETTER_G && bytes[at - 1] === BAR) return true;
  return false;
}

function longer(array: Int32Array<ArrayBuffer>, index: number): Int32Array<ArrayBuffer> {
  const result = new Int32Array(Math.max(array.length * 2, index + 1));
  result.set(array);
  return result;
}
