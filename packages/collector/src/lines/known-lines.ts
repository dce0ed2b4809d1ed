import { randomInt } from 'node:crypto';
import type { Decoded } from '@afstatsd/core';
import { isClientReport } from '../completeness.js';
import type { Sender } from '../receiver.js';
import { type KeyPlace, LineTable } from './line-table.js';
import { COUNTER, GAUGE, type Pending, SET, TIMER, VALUES } from './pending.js';
import { type Grammar, readPlainly } from './plain-line.js';

const NUL = 0;
const NEWLINE = 10;
const CR = 13;
const HASH = 35;
const PLUS = 43;
const COMMA = 44;
const MINUS = 45;
const POINT = 46;
const ZERO = 48;
const COLON = 58;
const LETTER_T = 84;
const UNDERSCORE = 95;
const BAR = 124;

const PRIME = 0x01000193;
/** Up to so many digits a number without its point is exact, and so is the power of ten: the quotient is what `Number()` makes. */
const MAX_DIGITS = 15;
const POWERS = Float64Array.from({ length: MAX_DIGITS + 1 }, (_, exponent) => Number(`1e${exponent}`));
/** Values of one line, at most. */
const MAX_VALUES = 4096;
/** A larger change of a counter is left to the plain decoder: sums of known ones stay within 2^53. */
const LARGEST_DELTA = 2 ** 32;
/** Longer keys aren't kept, in bytes. Names with tags that are longer are refused by the outputs. */
const LONGEST_KEY = 1024;
/** How many of the last new lines are remembered, so that the second of a kind is told from the first. A power of 2. */
const LAST_NEW = 2 ** 16;
/** How long a key is kept for certain while the table is full, in ms. */
const KEEP_MS = 10_000;
const NOBODY = (): undefined => undefined;

export interface KnownLinesOptions {
  readonly grammar: Grammar;
  /** The most metrics that are known, counted by how they are written. Default 65,536. */
  readonly keys?: number;
  /** The most bytes of their names and tags. Default 16 MiB. */
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
  /** Of each known metric: its kind, its sample rate, and whether its values are negative. */
  #kinds = new Uint8Array(1024);
  #negative = new Uint8Array(1024);
  #rates = new Float64Array(1024);
  /** Hashes of new lines, each at a place of its own. */
  readonly #lastNew = new Int32Array(LAST_NEW);
  #swept = -Infinity;
  /** The window in which the table was swept last. */
  #sweptIn = 0;
  // Of the part that is being read:
  readonly #values = new Float64Array(MAX_VALUES);
  #count = 0;
  #isSigned = false;
  #isNegative = false;
  #hasComma = false;
  #sender: () => Sender | undefined = NOBODY;

  constructor(pending: Pending, { grammar, keys = 65_536, bytes = 16 * 2 ** 20, now }: KnownLinesOptions) {
    this.#isQueue = grammar === 'queue';
    this.#grammar = grammar;
    this.#pending = pending;
    this.#table = new LineTable({ keys, bytes });
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
    let bar = this.#numbers(bytes, colon + 1, to);
    const isText = bar < 0;
    if (isText) bar = this.#textEnd(bytes, colon + 1, to);
    if (bar < 0) return -1;
    if (this.#isNegative) hash = Math.imul(hash ^ MINUS, PRIME);
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
    else if (!this.#record(id, isText, bytes, colon + 1, bar)) this.#pass(bytes, start, end, isFirst);
    return end;
  }

  /** Reads values that are followed by a bar, and returns where that is; -1 when something else stands there. */
  #numbers(bytes: Buffer, from: number, to: number): number {
    this.#count = 0;
    this.#isSigned = this.#isNegative = this.#hasComma = false;
    for (let at = from; at < to; at++) {
      const sign = bytes[at]!;
      const isNegative = sign === MINUS;
      const isSigned = isNegative || sign === PLUS;
      if (isSigned) at++;
      let value = 0;
      let digits = 0;
      let decimals = 0;
      let digit = 0;
      for (; at < to && (digit = bytes[at]! - ZERO) >= 0 && digit <= 9; at++, digits++)
        value = value * 10 + digit;
      if (at < to && bytes[at] === POINT) {
        const point = at++;
        for (; at < to && (digit = bytes[at]! - ZERO) >= 0 && digit <= 9; at++, digits++)
          value = value * 10 + digit;
        decimals = at - point - 1;
      }
      if (digits === 0 || digits > MAX_DIGITS || at >= to || this.#count === MAX_VALUES) break;
      if (isNegative && value === 0) break;
      if (decimals > 0) value /= POWERS[decimals]!;
      this.#values[this.#count++] = isNegative ? -value : value;
      this.#isSigned ||= isSigned;
      const next = bytes[at]!;
      if (next === BAR) {
        this.#isNegative = isNegative && this.#count === 1;
        return at;
      }
      if (next === COMMA && this.#isQueue) this.#hasComma = true;
      else if (next !== COLON) break;
    }
    this.#count = 0;
    this.#isSigned = this.#isNegative = this.#hasComma = false;
    return -1;
  }

  /** The bar behind a value that is no number; -1 when there is none, or the value may be none. */
  #textEnd(bytes: Buffer, from: number, to: number): number {
    // Two colons belong to the name, or end it.
    if (bytes[from] === COLON || bytes[from] === BAR) return -1;
    for (let at = from; at < to; at++) {
      const byte = bytes[at]!;
      if (byte === BAR) return at;
      if (byte === NEWLINE || (byte === COLON && this.#isQueue)) return -1;
    }
    return -1;
  }

  /** Records what a known line says. False: this isn't as the line was that is known. */
  #record(id: number, isText: boolean, bytes: Buffer, value: number, bar: number): boolean {
    const kind = this.#kinds[id]!;
    if (this.#negative[id] !== Number(this.#isNegative)) return false;
    if (kind === SET) {
      const text = bytes.toString('utf8', value, bar);
      if (this.#isQueue && text.includes(',')) {
        for (const member of text.split(',')) this.#pending.member(id, member);
      } else this.#pending.member(id, text);
      return true;
    }
    if (isText || (this.#hasComma && kind !== TIMER)) return false;
    const count = this.#count;
    const values = this.#values;
    if (kind === COUNTER) {
      if (count > 1 && this.#isSigned) return false;
      let sum = 0;
      for (let at = 0; at < count; at++) sum += values[at]!;
      const delta = sum / this.#rates[id]!;
      if (delta > LARGEST_DELTA || delta < -LARGEST_DELTA) return false;
      this.#pending.add(id, delta);
    } else if (kind === GAUGE) {
      // A sign may make it a change.
      if (this.#isSigned) return false;
      this.#pending.set(id, values[count - 1]!);
    } else for (let at = 0; at < count; at++) this.#pending.value(id, kind, values[at]!);
    return true;
  }

  /** Hands on a metric that isn't known, and keeps how it is written, if that can say what it is. */
  #learn(hash: number, place: KeyPlace, isFirst: boolean): void {
    const { bytes, name, nameEnd, rest, restEnd } = place;
    const line = this.#pass(bytes as Buffer, name, restEnd, isFirst);
    // Names of a flood come once.
    if (!this.#cameBefore(hash) || nameEnd - name + restEnd - rest > LONGEST_KEY) return;
    if (this.#table.isFull) return;
    // It would be another key each second.
    if (hasTime(bytes, rest, restEnd)) return;
    const text = (bytes as Buffer).toString('utf8', name, restEnd);
    const { metrics, bad, events, serviceChecks } = readPlainly(this.#grammar, text, isFirst);
    const [metric] = metrics;
    if (metric === undefined || metrics.length + bad.length + events.length + serviceChecks.length > 1)
      return;
    if (isClientReport(metric.name)) return;
    // A sign, or a number of another form, may make a gauge's value a change.
    const isPlainNumber = this.#count > 0 && !this.#isSigned;
    if (metric.kind === 'gauge' && (metric.timestamp !== undefined || !isPlainNumber)) return;
    const id = this.#table.add(hash, place);
    if (id < 0) return;
    if (id >= this.#kinds.length) {
      this.#kinds = longer(this.#kinds, id);
      this.#negative = longer(this.#negative, id);
      this.#rates = longer(this.#rates, id);
    }
    this.#kinds[id] = kindOf(metric);
    this.#negative[id] = Number(this.#isNegative);
    this.#rates[id] = metric.kind === 'counter' || metric.kind === 'timer' ? metric.rate : 1;
    this.#pending.learn(id, line);
  }

  /** Whether a line of this hash came before, as far as the last ones are remembered. */
  #cameBefore(hash: number): boolean {
    const slot = hash & (LAST_NEW - 1);
    if (this.#lastNew[slot] === hash) return true;
    this.#lastNew[slot] = hash;
    return false;
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
  switch (metric.kind) {
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

function longer<T extends Uint8Array<ArrayBuffer> | Float64Array<ArrayBuffer>>(array: T, index: number): T {
  const result = new (array.constructor as new (length: number) => T)(Math.max(array.length * 2, index + 1));
  result.set(array);
  return result;
}
