import type { Decoded, DecodeResult } from '@afstatsd/core';
import { type BadLine, OTHER, type ReadBatch } from './read-batch.js';

/** Kinds of known metrics. */
export const COUNTER = 0;
export const GAUGE = 1;
/** A timer in ms, whose values the queue separates with commas, too. */
export const TIMER = 2;
/** DogStatsD's histograms and distributions. */
export const VALUES = 3;
export const SET = 4;

/** Metrics of a batch, at most. */
const MAX_ENTRIES = 8_192;
/** Values of timers and members of sets, at most. */
const MAX_VALUES = 65_536;
/** Samples, at most: that many of the largest known deltas still add up exactly. */
const MAX_SAMPLES = 2 ** 20;
/** Metrics as the plain decoder read them, at most. The main thread makes all of them in one turn. */
const MAX_OTHERS = 2048;
/** Bytes of texts, at most: of members, and of lines that the plain decoder has read. A longer line is a batch of its own. */
const MAX_TEXT_BYTES = 512 * 1024;

/** What was read and not yet handed over, added up by metric. */
export class Pending {
  readonly #onFull: () => void;
  /** Of each known metric: the window in which it had its last sample, and its entry there. Negative: it was learned in that one. */
  #windows = new Int32Array(1024);
  #entryOf = new Int32Array(1024);
  #window = 1;
  /** Begins with each change of a gauge, so that a value that was set before it isn't overtaken by one that comes later. */
  #gaugesFrom = 0;
  #entries = 0;
  readonly #ids = new Int32Array(MAX_ENTRIES);
  readonly #kinds = new Uint8Array(MAX_ENTRIES);
  readonly #counts = new Float64Array(MAX_ENTRIES);
  readonly #sums = new Float64Array(MAX_ENTRIES);
  /** Of each entry, the first and the last of its values. */
  readonly #heads = new Int32Array(MAX_ENTRIES);
  readonly #tails = new Int32Array(MAX_ENTRIES);
  readonly #values = new Float64Array(MAX_VALUES);
  readonly #next = new Int32Array(MAX_VALUES);
  #length = 0;
  #members: string[] = [];
  #text = 0;
  #messages = 0;
  #samples = 0;
  #badLines = 0;
  #bad: BadLine | undefined;
  #events: string[] = [];
  #serviceChecks: string[] = [];
  #others: Decoded[] = [];
  #learned: [id: number, other: number][] = [];

  /** @param onFull - Called when there is no room for more. It has to `take` what there is. */
  constructor(onFull: () => void) {
    this.#onFull = onFull;
  }

  get isEmpty(): boolean {
    return this.#messages === 0 && this.#entries === 0 && this.#badLines === 0;
  }

  message(): void {
    this.#messages++;
  }

  /** Adds to a known counter. */
  add(id: number, delta: number): void {
    const entry = this.#entry(id, COUNTER);
    this.#counts[entry]!++;
    this.#sums[entry]! += delta;
  }

  /** Sets a known gauge. */
  set(id: number, value: number): void {
    const entry = this.#entry(id, GAUGE);
    this.#counts[entry]!++;
    this.#sums[entry] = value;
  }

  /** Adds a value of a known timer, histogram or distribution. */
  value(id: number, kind: number, value: number): void {
    if (this.#length === MAX_VALUES) this.#onFull();
    this.#append(this.#entry(id, kind), value);
  }

  /** Adds a member to a known set. */
  member(id: number, member: string): void {
    if (this.#length === MAX_VALUES || this.#text > MAX_TEXT_BYTES) this.#onFull();
    const entry = this.#entry(id, SET);
    this.#text += member.length;
    this.#append(entry, this.#members.push(member) - 1);
  }

  /**
   * Takes what the plain decoder has read of so many bytes. Returns the place of its last metric among the others.
   *
   * @param from - who sent it.
   */
  read(
    { metrics, bad, events, serviceChecks }: DecodeResult,
    bytes: number,
    from: () => Omit<BadLine, 'line'>,
  ): number {
    if (this.#text > 0 && this.#text + bytes > MAX_TEXT_BYTES) this.#onFull();
    this.#text += bytes;
    if (bad.length > 0) {
      this.#bad ??= { line: bad[0]!, ...from() };
      this.#badLines += bad.length;
    }
    for (const text of events) this.#events.push(text);
    for (const text of serviceChecks) this.#serviceChecks.push(text);
    if (events.length > 0 || serviceChecks.length > 0) {
      for (const text of [...events, ...serviceChecks]) this.#text += text.length;
      if (this.#text > MAX_TEXT_BYTES) this.#onFull();
    }
    for (const metric of metrics) this.#other(metric);
    return this.#others.length - 1;
  }

  /** Says that a known metric is the one at this place among the others. */
  learn(id: number, other: number): void {
    this.#learned.push([id, other]);
    if (id >= this.#windows.length) {
      this.#windows = longer(this.#windows, id);
      this.#entryOf = longer(this.#entryOf, id);
    }
    this.#windows[id] = -this.#window; // it has no entry yet
  }

  /** Whether a known metric came in this window or in a later one. */
  cameSince(id: number, window: number): boolean {
    return Math.abs(this.#windows[id]!) >= window;
  }

  /** Windows so far, this one included. */
  get window(): number {
    return this.#window;
  }

  /** All that was read, and begins afresh. */
  take(): ReadBatch {
    const entries = this.#entries;
    const numbers = new Float64Array(this.#length + entries);
    const members: string[] = [];
    let length = 0;
    for (let entry = 0; entry < entries; entry++) {
      if (this.#ids[entry] === OTHER) continue;
      const kind = this.#kinds[entry]!;
      if (kind === COUNTER || kind === GAUGE) {
        numbers[length++] = this.#sums[entry]!;
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
      badLines: this.#badLines,
      bad: this.#bad,
      events: this.#events,
      serviceChecks: this.#serviceChecks,
      ids: this.#ids.slice(0, entries),
      counts: this.#counts.slice(0, entries),
      numbers: numbers.slice(0, length),
      members,
      others: this.#others,
      learned: this.#learned,
    };
    this.#begin();
    return batch;
  }

  #begin(): void {
    this.#window++;
    this.#gaugesFrom = 0;
    this.#entries = this.#length = this.#text = 0;
    this.#messages = this.#samples = this.#badLines = 0;
    this.#bad = undefined;
    this.#members = [];
    this.#events = [];
    this.#serviceChecks = [];
    this.#others = [];
    this.#learned = [];
  }

  #append(entry: number, value: number): void {
    const at = this.#length++;
    this.#values[at] = value;
    this.#next[at] = -1;
    if (this.#counts[entry]!++ === 0) this.#heads[entry] = at;
    else this.#next[this.#tails[entry]!] = at;
    this.#tails[entry] = at;
  }

  /** The entry of a known metric. */
  #entry(id: number, kind: number): number {
    if (this.#samples++ >= MAX_SAMPLES) this.#full();
    if (this.#windows[id] === this.#window) {
      const entry = this.#entryOf[id]!;
      if (kind !== GAUGE || entry >= this.#gaugesFrom) return entry;
    }
    if (this.#entries === MAX_ENTRIES) this.#full();
    const entry = this.#entries++;
    this.#windows[id] = this.#window;
    this.#entryOf[id] = entry;
    this.#ids[entry] = id;
    this.#kinds[entry] = kind;
    this.#counts[entry] = 0;
    this.#sums[entry] = 0;
    return entry;
  }

  #other(metric: Decoded): void {
    if (this.#entries === MAX_ENTRIES || this.#others.length === MAX_OTHERS) this.#onFull();
    this.#ids[this.#entries] = OTHER;
    this.#counts[this.#entries++] = 0;
    if (metric.type === 'gauge') this.#gaugesFrom = this.#entries;
    this.#others.push(metric);
    this.#samples +=
      metric.type === 'timer' ? metric.values.length : metric.type === 'set' ? metric.members.length : 1;
  }

  /** The sample that finds no room belongs to the batch that begins. */
  #full(): void {
    this.#samples--;
    this.#onFull();
    this.#samples++;
  }
}

function longer(array: Int32Array<ArrayBuffer>, index: number): Int32Array<ArrayBuffer> {
  const result = new Int32Array(Math.max(array.length * 2, index + 1));
  result.set(array);
  return result;
}
