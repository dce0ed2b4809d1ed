/** The times between flushes that a receiver can ask its clients for, in ms. */
export const CLIENT_INTERVAL_MS: {
  /** 1,000 ms. */
  readonly shortest: number;
  /** 20,000 ms. Clients keep to it as long as they know nothing else. */
  readonly longest: number;
} = { shortest: 1_000, longest: 20_000 };

/** The answer to a probe, with room for fields of later versions, which this one skips. */
const ANSWER = /^afstatsd 1 every=(\d{1,10})(?: [a-z]+=[!-~]*)*\n$/;
/** An answer is one short line. In bytes. */
const LONGEST_ANSWER = 200;

/** The interval that a receiver asks for, in whole ms. It is kept within the bounds, because anybody may ask. */
export function boundedInterval(ms: number): number {
  return Math.round(Math.min(CLIENT_INTERVAL_MS.longest, Math.max(CLIENT_INTERVAL_MS.shortest, ms)));
}

/**
 * The line with which a receiver of StatsD lines answers an empty datagram: `afstatsd 1 every=5000` and a newline. A
 * `UDPTransport` whose format wasn't chosen writes tags, as DogStatsD lines, to a receiver that answers so, and sends as
 * often as it says.
 *
 * @param interval - How often the receiver wants to hear from a client, in ms. It is brought into 1,000 to 20,000.
 * @example
 * ```js
 * import { createSocket } from 'node:dgram';
 * import { decodeLines, probeAnswer } from '@afstatsd/core';
 *
 * const server = createSocket('udp4', (datagram, { port, address }) => {
 *   if (datagram.length > 0) console.log(decodeLines(datagram).metrics);
 *   else if (port > 0) server.send(probeAnswer(5_000), port, address);
 * });
 * ```
 */
export function probeAnswer(interval: number): Uint8Array {
  return Buffer.from(`afstatsd 1 every=${boundedInterval(interval)}\n`, 'latin1');
}

/** The interval that an answer to a probe asks for, in ms and within the bounds; undefined for anything but such an answer. */
export function readProbeAnswer(bytes: Uint8Array): number | undefined {
  const text = bytes.length > LONGEST_ANSWER ? '' : Buffer.from(bytes).toString('latin1');
  const every = ANSWER.exec(text)?.[1];
  return every === undefined ? undefined : boundedInterval(Number(every));
}
