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
/** A larger change of a counter is left to the plain decoder: sums of known ones stay within 2^53. */
const LARGEST_DELTA = 2 ** 32;
/** Longer keys aren't kept, in bytes. Names with tags that are longer are refused by the outputs. */
const LONGEST_KEY = 1024;
const DEFAULT_KEYS = 65_536;
const BYTES_OF_A_KEY = 256;
/** How long a key is kept for certain while the table is full, in ms. */
const KEEP_MS = 10_000;
// What the table keeps with a key: the kind of the metric, whether its values are negative, and whether it has a sample rate.
const KIND = 7;
const NEGATIVE = 8;
const RATE = 16;
const NOBODY = (): undefined => undefined;

export interface KnownLinesOptions {
  readonly grammar: Grammar;
  /** The most metrics that are known, counted by how they are written. Default 65,536. */
  readonly keys?: number;
  /** The most bytes of their names and tags. Default 256 for each of them. */
  readonly bytes?: number;
  /** A clock in ms that never goes back. Default `performance.now`. */
  readonly now?: () => number;
}

/**
 * Reads lines by their bytes. A line whose name, type, rate and tags came twice before costs a look-up and a number, and no
 * string is made for it. All other lines, and whatever is unusual, are handed over as they are, and the plain decoder of core reads
 * them in the main thread. So it alone says what a line means.
 */
export class KnownLines {
  readonly #isQueue: boolean;
  readonly #grammar: Grammar;
  readonly #pending: Pending;
  readonly #table: LineTable;
  readonly #now: () => number;
  /** So that nobody can choose names that meet. */
  readonly #seed = randomInt(2 ** 31);
  /** Sample rates, of those known metrics that have one. */
  #rates = new Float64Array(1024);
  /** New lines of late, so that the second of a kind is told from the first. */
  readonly #recent: RecentHashes;
  #swept = -Infinity;
  /** The window in which the table was swept last. */
  #sweptIn = 0;
  /** Of the part that is being read. */
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
   * @param sender - who sent it. It is asked for lines that aren't known, because they may be bad. Default: nobody knows.
   */
  read(bytes: Buffer, from: number, to: number, sender: () => Sender | undefined = NOBODY): void {
    this.#sender = sender;
    this.#pending.message();
    const end = to > from && bytes[to - 1] === NUL ? to - 1 : to; // C programs send a NUL, which ends the message
    for (let at = from; at < end;) at = this.#line(bytes, at, end) + 1;
  }

  /** Forgets what came no more, if the table is full. To be called when all that is pending was taken. */
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
    // An event of DogStatsD's is one by the first bytes of its line.
    if (bytes[start] === UNDERSCORE) return this.#passLine(bytes, start, to, true);
    for (let part = start; ;) {
      const end = this.#part(bytes, part, to, part === start);
      if (end < 0) return this.#passLine(bytes, part, to, part === start);
      if (end >= to || bytes[end] === NEWLINE) return end;
      part = end + 2; // behind `::`
    }
  }

  /** Reads a metric and returns where it ends; -1 for one that the plain decoder has to find the end of. */
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
    // From the tags on nothing separates metrics but the end of the line.
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
    // Before `::` a CR is part of the metric, and before the end of the line it isn't.
    if (end < to && byte === COLON && bytes[end - 1] === CR) return -1;
    hash ^= hash >>> 15;
    const id = this.#table.find(hash, bytes, start, colon, bar, end);
    if (id < 0) this.#learn(hash, { bytes, name: start, nameEnd: colon, rest: bar, restEnd: end }, isFirst);
    else if (!this.#record(id, bytes, colon + 1, bar)) this.#pass(bytes, start, end, isFirst);
    return end;
  }

  /** Records what a known line says. False: this isn't as the line was that is known. */
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
      // A sign may make it a change.
      if (isSigned) return false;
      this.#pending.set(id, numbers[count - 1]!);
    } else for (let at = 0; at < count; at++) this.#pending.value(id, kind, numbers[at]!);
    return true;
  }

  /** Hands on a metric that isn't known, and keeps how it is written, if that can say what it is. */
  #learn(hash: number, place: KeyPlace, isFirst: boolean): void {
    const { bytes, name, nameEnd, rest, restEnd } = place;
    const line = this.#pass(bytes as Buffer, name, restEnd, isFirst);
    // Names of a flood come once.
    if (!this.#recent.see(hash) || nameEnd - name + restEnd - rest > LONGEST_KEY) return;
    if (this.#table.isFull) return;
    // It would be another key each second.
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

  /** Hands on what stands in `[start, end)`, which is a line, or the rest or a part of one. Returns its number in the batch. */
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

/** Whether a field `|T1795354531` stands there. */
function hasTime(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from + 1; at < to; at++) if (bytes[at] === LETTER_T && bytes[at - 1] === BAR) return true;
  return false;
}
