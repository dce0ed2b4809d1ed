/**
 * Counters, gauges, timers and sets: the shared client `Statsd`, clients of your own, and the transports by which metrics leave.
 *
 * @module
 */
import type { StatsdClient as Client } from './statsd.js';
import { sharedStatsd } from './statsd-singleton.js';

export type { BoundCounter, BoundGauge, BoundSet, BoundTimer } from './bound.js';
export type { FlushResult } from './flusher.js';
export type { Combine } from './gauge-callbacks.js';
export type { CallOptions } from './intake.js';
export type { Dropped } from './ledger.js';
export type {
  AggregateView,
  CounterView,
  Distribution,
  GaugeView,
  MetricView,
  Samples,
  SetView,
  TimerView,
} from './metric/view.js';
export type { StatsdOptions } from './options.js';
export { type Logger, StatsdWarning } from './report.js';
export type { Stats } from './stats.js';
export {
  type FlushOptions,
  type GaugeCallbackOptions,
  type GaugeMethod,
  type Names,
  StatsdClient,
} from './statsd.js';
export type { BoundOptions, ChildOptions } from './statsd.js';
export type { Tag, Tags } from './tags.js';
export { AFTransport, type AFTransportOptions } from './transport/af.js';
export { MemoryTransport, type MemoryTransportOptions } from './transport/memory.js';
export { NullTransport } from './transport/null.js';
export { type TeeStats, type TeeTransport, teeTransports } from './transport/tee.js';
export type {
  Channel,
  Offer,
  OfferState,
  OpenOptions,
  Transport,
  TransportStats,
} from './transport/transport.js';
export { UDPTransport, type UDPTransportOptions } from './transport/udp.js';
export { UDSTransport, type UDSTransportOptions } from './transport/uds.js';
export { type DecodeResult, type Decoded, decode } from './wire/decode.js';
export type { DogstatsdOptions } from './wire/dogstatsd.js';
export type { Batch, Naming } from './wire/format.js';
export type { StatsdFormat } from './wire/formats.js';
export type { LineOptions } from './wire/lines.js';

/**
 * The shared client of this process (of this thread, in a worker). Nothing happens until the first sample: no timer,
 * queue or socket.
 */
export const Statsd: Client = sharedStatsd();
