import { type DecodeResult, type Reading, newReading } from './decoded.js';
import { readNameTags } from './name-tags.js';
import { readLine, readNoMetric } from './read-line.js';
import { readPart } from './read-part.js';

/**
 * Reads a message of the queue: lines, of which each is an AppFirst bundle or one metric with tags. {@link decodeLines} reads
 * messages of UDP, UNIX sockets and TCP, in which `::` and `,` separate nothing.
 *
 * @param message - Text, or its bytes in UTF-8 (a trailing NUL, which C programs send, is not part of it).
 * @returns The metrics in their order. Counters and timers carry their sample `rate` (1 without one): each counted
 * value stands for `1 / rate`. Timers are in ms. Parts that can't be read are in `bad`, and the rest is read all the same;
 * nothing is thrown.
 * @example
 * ```js
 * const { decode } = require('@afstatsd/core');
 * console.log(decode('web.hits:15|c::login:10,5,7|ms\norders:2|c|#method:card').metrics);
 * ```
 */
export function decode(message: string | Uint8Array): DecodeResult {
  const reading = newReading();
  for (const line of linesOf(message)) readMessageLine(line, reading);
  return reading;
}

/**
 * Reads lines of the original StatsD and of DogStatsD, as they come over UDP, UNIX sockets and TCP. A line is taken whole: a
 * set's member may hold `,` and `::`, and so may tags. Several samples of one name in a line (etsy's `hits:1|c:2|c`), several
 * values of one (DogStatsD's `login:10:5|ms`) and fields that nobody knows are read. Tags may also stand in the name, as in
 * Telegraf's `hits,method=GET:1|c`, Graphite's `hits;method=GET:1|c` and SignalFx' `hits[method=GET]:1|c`. A name with such
 * characters is taken whole where they don't make tags, and in a line with DogStatsD's tags. Only a line that can't be read as
 * one is taken for an AppFirst bundle.
 *
 * @param lines - Text, or its bytes in UTF-8: a datagram, or whole lines of a stream.
 * @returns As {@link decode} does.
 * @example
 * ```js
 * const { decodeLines } = require('@afstatsd/core');
 * console.log(decodeLines('login:10:5:7|ms|@0.5|#host:web1\nvisitors:Doe, Jane|s').metrics);
 * ```
 */
export function decodeLines(lines: string | Uint8Array): DecodeResult {
  const reading = newReading();
  for (const line of linesOf(lines)) if (!readLine(line, reading)) readForeignBundle(line, reading);
  readNameTags(reading.metrics);
  return reading;
}

/** The lines of a text, but for blank ones, and without the NUL at its end. Its bytes aren't copied. */
function linesOf(message: string | Uint8Array): string[] {
  let text =
    typeof message === 'string'
      ? message
      : Buffer.from(message.buffer, message.byteOffset, message.byteLength).toString('utf8');
  if (text.endsWith('\0')) text = text.slice(0, -1);
  const lines: string[] = [];
  for (const line of text.split('\n')) {
    const whole = line.endsWith('\r') ? line.slice(0, -1) : line;
    if (whole.trim() !== '') lines.push(whole);
  }
  return lines;
}

/** A line of the queue. A part that has tags is a DogStatsD line; the others are AppFirst's. */
function readMessageLine(line: string, reading: Reading): void {
  if (readNoMetric(line, reading)) return;
  for (const part of splitBundle(line)) {
    if (part.includes('|#')) {
      if (!readLine(part, reading)) reading.bad.push(part);
      continue;
    }
    const metric = readPart(part);
    if (metric === undefined) reading.bad.push(part);
    else reading.metrics.push(metric);
  }
}

/** An AppFirst bundle that didn't come over the queue. If no part of it can be read, it is one bad line. */
function readForeignBundle(line: string, reading: Reading): void {
  const parts = splitBundle(line);
  const bad = parts.filter((part) => !readLine(part, reading));
  for (const part of bad.length === parts.length ? [line] : bad) reading.bad.push(part);
}

/** The parts of an AppFirst bundle. From the first `|#` on everything is tags, so `::` separates nothing there. */
function splitBundle(line: string): string[] {
  const tags = line.indexOf('|#');
  if (tags < 0) return line.split('::');
  const parts = line.slice(0, tags).split('::');
  parts[parts.length - 1] += line.slice(tags);
  return parts;
}
