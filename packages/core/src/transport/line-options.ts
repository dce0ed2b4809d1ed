import { type Check, type Checks, readOptions } from '../check/options.js';
import { CHECKS, integer, oneOf } from '../check/rules.js';
import { CARDINALITIES } from '../host/datadog-origin.js';
import { describe } from '../text/describe.js';
import type { DogstatsdOptions } from '../wire/dogstatsd.js';
import { STATSD_FORMATS, type StatsdFormat } from '../wire/formats.js';

/** The largest payload of a datagram, in bytes. */
const LARGEST_DATAGRAM_BYTES = 65_507;

/** The options of every transport that sends lines in datagrams. */
export interface LineTransportOptions extends DogstatsdOptions {
  readonly format?: StatsdFormat;
  readonly maxMessageBytes?: number;
}

const ORIGIN_TEXT: Check = {
  must: 'be 1 to 255 printable characters without a bar',
  accepts: (value) => typeof value === 'string' && /^[!-{}~]{1,255}$/.test(value),
};

const LINE_OPTIONS: Checks<LineTransportOptions> = {
  format: oneOf(STATSD_FORMATS),
  maxMessageBytes: integer(1, LARGEST_DATAGRAM_BYTES),
  timer: oneOf(['timer', 'histogram', 'distribution']),
  timerRate: CHECKS.boolean,
  wholeCounters: CHECKS.boolean,
  gaugeChanges: CHECKS.boolean,
  originDetection: CHECKS.boolean,
  containerId: ORIGIN_TEXT,
  externalData: ORIGIN_TEXT,
  cardinality: oneOf(CARDINALITIES),
};

/**
 * Reads the options of a transport that sends lines in datagrams.
 *
 * @param own - The rules of this transport's further options.
 * @param format - The default format.
 * @throws TypeError that names the option, its rule and its value.
 */
export function readLineOptions<O extends LineTransportOptions>(
  options: O,
  own: Checks<Omit<O, keyof LineTransportOptions>>,
  format: StatsdFormat,
): Partial<O> {
  const given = readOptions<O>(options, { ...own, ...LINE_OPTIONS } as Checks<O>);
  const { timer = 'timer' } = given;
  const used = given.format ?? format;
  if (timer !== 'timer' && used !== 'dogstatsd') {
    throw new TypeError(
      `option timer can be ${describe(timer)} in the dogstatsd format only; the format is ${describe(used)}`,
    );
  }
  return given;
}
