import { randomInt } from 'node:crypto';
import type { Decoded } from '@afstatsd/core';
import { isClientReport } from '../completeness.js';
import type { Sender } from '../receiver.js';
import { type KeyPlace, LineTable } from './line-table.js';
import { LineValues } from './line-values.js';
import { COUNTER, GAUGE, type Pending, SET, TIMER, VALUES } from './pending.js';
import { type Grammar, readPlainly } from './plain-line.js';
import { RecentHashes } from './recent-hashes.js';

const NUL = 0;
const NEWLINE = 10;
const CR = 13;
const HASH = 35;
const MINUS = 45;
const COLON = 58;
const LETTER_T = 84;
const UNDERSCORE = 95;
const BAR = 124;

const PRIME = 0x01000193;
/** Larger changes of a counter are left to the plain decoder, so that the sums of a batch stay within 2^53. */
const LARGEST_DELTA = 2 ** 32;
/** The longest key that is kept, in bytes. Outputs refuse longer names with tags anyway. */
const LONGEST_KEY = 1024;
const DEFAULT_KEYS = 65_536;
const BYTES_OF_A_KEY = 256;
/** The shortest time between two sweeps of a full table, in ms. Keys that come at least this often are kept. */
const KEEP_MS = 10_000;
// Bits of the note that the table keeps with a key: the kind, whether the value is negative, whether there is a sample rate.
const KIND = 7;
const NEGATIVE = 8;
const RATE = 16;
const NOBODY = (): undefined => undefined;

export interface KnownLinesOptions {
  readonly grammar: Grammar;
  /** The most keys. A metric has one key for each way of writing it, such as another order of its tags. Default 65,536. */
  readonly keys?: number;
  /** The most bytes of all keys together. Default: 256 bytes for each key. */
  readonly bytes?: number;
  /** A clock in ms that never goes back. Default `performance.now`. */
  readonly now?: () => number;
}

/**
 * Reads lines by their bytes. The key of a line is its name, type, rate and tags: all but the value. A line whose key came twice
 * before is known. A known line costs a look-up and the reading of its number. No string is made for it. Unknown and unusual
 * lines are handed over as they are, and the plain decoder of core reads them in the main thread. So only that decoder decides
 * what a line means.
 */
export class KnownLines {
  readonly #isQueue: boolean;
  readonly #grammar: Grammar;
  readonly #pending: Pending;
  readonly #table: LineTable;
  readonly #now: () => number;
  /** Random, so that nobody can choose names whose hashes are equal. */
  readonly #seed = randomInt(2 ** 31);
  /** Sample rates by id. Only ids whose note has `RATE` have one. */
  #rates = new Float64Array(1024);
  /** Hashes of recent unknown keys. A key is learned when its hash is here, so when it comes for the second time. */
  readonly #recent: RecentHashes;
  #swept = -Infinity;
  /** The window in which the table was swept last. */
  #sweptIn = 0;
  /** The values of the metric that is being read. */
  readonly #values: LineValues;
  #sender: () => Sender | undefined = NOBODY;

  constructor(pending: Pending, { grammar, keys = DEFAULT_KEYS, bytes, now }: KnownLinesOptions) {
    this.#isQueue = grammar === 'queue';
    this.#grammar = grammar;
    this.#pending = pending;
    this.#table = new LineTable({ keys, bytes: bytes ?? keys * BYTES_OF_A_KEY });
    this.#recent = new RecentHashes(2 ** Math.ceil(Math.log2(Math.max(keys, DEFAULT_KEYS))));
    this.#values = new LineValues(grammar);
    this.#now = now ?? (() => performance.now());
  }

  /** How many metrics are known. */
  get size(): number {
    return this.#table.size;
  }

  /**
   * Reads the message that stands in `[from, to)`.
   *
   * @param sender - returns who sent the message. Only unknown lines call this, because they may be bad. Default: unknown.
   */
  read(bytes: Buffer, from: number, to: number, sender: () => Sender | undefined = NOBODY): void {
    this.#sender = sender;
    this.#pending.message();
    const end = to > from && bytes[to - 1] === NUL ? to - 1 : to; // C programs send a NUL, which ends the message
    for (let at = from; at < end;) at = this.#line(bytes, at, end) + 1;
  }

  /**
   * Forgets keys that had no line since the last sweep, if the table is full. Call this right after `take`, because forgotten ids
   * are given to new keys.
   */
  sweep(): void {
    const now = this.#now();
    if (!this.#table.isFull || now - this.#swept < KEEP_MS) return;
    const since = this.#sweptIn;
    this.#swept = now;
    this.#sweptIn = this.#pending.window;
    this.#table.sweep((id) => this.#pending.cameSince(id, since));
  }

  /** Reads a line, and returns where it ends. */
  #line(bytes: Buffer, start: number, to: number): number {
    // DogStatsD's events and service checks begin with `_e{` and `_sc`. They are whole lines, so the line isn't split.
    if (bytes[start] === UNDERSCORE) return this.#passLine(bytes, start, to, true);
    for (let part = start; ;) {
      const end = this.#part(bytes, part, to, part === start);
      if (end < 0) return this.#passLine(bytes, part, to, part === start);
      if (end >= to || bytes[end] === NEWLINE) return end;
      part = end + 2; // behind `::`
    }
  }

  /** Reads a metric and returns where it ends; -1 if only the plain decoder can find that. */
  #part(bytes: Buffer, start: number, to: number, isFirst: boolean): number {
    let hash = this.#seed;
    let at = start;
    let byte = -1;
    for (; at < to; at++) {
      byte = bytes[at]!;
      if (byte === COLON || byte === NEWLINE || byte === BAR) break;
      hash = Math.imul(hash ^ byte, PRIME);
    }
    if (at === start || at >= to || byte !== COLON) return -1;
    const colon = at;
    const bar = this.#values.read(bytes, colon + 1, to);
    if (bar < 0) return -1;
    if (this.#values.isNegative) hash = Math.imul(hash ^ MINUS, PRIME);
    // In the queue's grammar `::` separates metrics, but not behind `|#`, because tags may contain it.
    let isWhole = !this.#isQueue;
    for (at = bar; at < to; at++) {
      byte = bytes[at]!;
      if (byte === NEWLINE) break;
      if (!isWhole) {
        if (byte === COLON && at + 1 < to && bytes[at + 1] === COLON) break;
        isWhole = byte === HASH && bytes[at - 1] === BAR;
      }
      hash = Math.imul(hash ^ byte, PRIME);
    }
    const end = at;
    // A CR before `::` is part of the metric, unlike a CR before the end of the line. So the plain decoder reads this one.
    if (end < to && byte === COLON && bytes[end - 1] === CR) return -1;
    hash ^= hash >>> 15;
    const id = this.#table.find(hash, bytes, start, colon, bar, end);
    if (id < 0) this.#learn(hash, { bytes, name: start, nameEnd: colon, rest: bar, restEnd: end }, isFirst);
    else if (!this.#record(id, bytes, colon + 1, bar)) this.#pass(bytes, start, end, isFirst);
    return end;
  }

  /** Records the values of a known line. Returns false for values that the plain decoder has to read. */
  #record(id: number, bytes: Buffer, value: number, bar: number): boolean {
    const about = this.#table.noteOf(id);
    const kind = about & KIND;
    const { count, numbers, isSigned, isNegative, hasComma } = this.#values;
    if (((about & NEGATIVE) !== 0) !== isNegative) return false;
    if (kind === SET) {
      const text = bytes.toString('utf8', value, bar);
      if (this.#isQueue && text.includes(',')) {
        for (const member of text.split(',')) this.#pending.member(id, member);
      } else this.#pending.member(id, text);
      return true;
    }
    if (count === 0 || (hasComma && kind !== TIMER)) return false;
    if (kind === COUNTER) {
      if (count > 1 && isSigned) return false;
      let delta = numbers[0]!;
      for (let at = 1; at < count; at++) delta += numbers[at]!;
      if ((about & RATE) !== 0) delta /= this.#rates[id]!;
      if (delta > LARGEST_DELTA || delta < -LARGEST_DELTA) return false;
      this.#pending.add(id, delta);
    } else if (kind === GAUGE) {
      // A sign may make the value a change.
      if (isSigned) return false;
      this.#pending.set(id, numbers[count - 1]!);
    } else for (let at = 0; at < count; at++) this.#pending.value(id, kind, numbers[at]!);
    return true;
  }

  /** Hands on an unknown metric. Keeps its key, if the key alone decides what later lines with other values mean. */
  #learn(hash: number, place: KeyPlace, isFirst: boolean): void {
    const { bytes, name, nameEnd, rest, restEnd } = place;
    const line = this.#pass(bytes as Buffer, name, restEnd, isFirst);
    // A key is kept when it comes for the second time, because the names of a flood come only once.
    if (!this.#recent.see(hash) || nameEnd - name + restEnd - rest > LONGEST_KEY) return;
    if (this.#table.isFull) return;
    // A line with a time would have another key each second.
    if (hasTime(bytes, rest, restEnd)) return;
    const text = `${(bytes as Buffer).toString('utf8', name, restEnd)}\n`;
    const { metrics, bad, events, serviceChecks } = readPlainly(this.#grammar, text, isFirst);
    const [metric] = metrics;
    if (metric === undefined || metrics.length + bad.length + events.length + serviceChecks.length > 1)
      return;
    if (isClientReport(metric.name)) return;
    // A sign, or a number of another form, may make a gauge's value a change.
    const isPlainNumber = this.#values.count > 0 && !this.#values.isSigned;
    if (metric.type === 'gauge' && (metric.timestamp !== undefined || !isPlainNumber)) return;
    const rate = metric.type === 'counter' ? metric.rate : 1;
    const about = kindOf(metric) | (this.#values.isNegative ? NEGATIVE : 0) | (rate === 1 ? 0 : RATE);
    const id = this.#table.add(hash, place, about);
    if (id < 0) return;
    if (rate !== 1) this.#keepRate(id, rate);
    this.#pending.learn(id, line);
  }

  #keepRate(id: number, rate: number): void {
    if (id >= this.#rates.length) {
      const longer = new Float64Array(Math.max(this.#rates.length * 2, id + 1));
      longer.set(this.#rates);
      this.#rates = longer;
    }
    this.#rates[id] = rate;
  }

  #passLine(bytes: Buffer, start: number, to: number, isFirst: boolean): number {
    const newline = bytes.indexOf(NEWLINE, start);
    const end = newline < 0 || newline > to ? to : newline;
    this.#pass(bytes, start, end, isFirst);
    return end;
  }

  /** Hands on the bytes in `[start, end)`: a line, or a part of one. Returns the number of that line in the batch. */
  #pass(bytes: Buffer, start: number, end: number, isFirst: boolean): number {
    return this.#pending.line(bytes, start, end, isFirst, this.#sender);
  }
}

function kindOf(metric: Decoded): number {
  switch (metric.type) {
    case 'counter':
      return COUNTER;
    case 'gauge':
      return GAUGE;
    case 'timer':
      return metric.as === undefined ? TIMER : VALUES;
    case 'set':
      return SET;
  }
}

/** Whether a line has a time, which is a field such as `|T1795354531`. */
function hasTime(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from + 1; at < to; at++) if (bytes[at] === LETTER_T && bytes[at - 1] === BAR) return true;
  return false;
}
