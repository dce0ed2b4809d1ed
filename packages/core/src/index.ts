/**
 * Counters, gauges, timers and sets: the shared client `Statsd`, clients of your own, and the transports by which metrics leave.
 *
 * @module
 */
import { sharedStatsd } from './client/shared.js';
import type { StatsdClient as Client } from './client/statsd.js';

export type { BoundCounter, BoundGauge, BoundSet, BoundTimer, EndTimer } from './metric/bound.js';
export type { FlushResult } from './send/flusher.js';
export type { Combine } from './record/gauge-callbacks.js';
export type { CallOptions } from './record/intake.js';
export type { Described, Rule } from './record/rule.js';
export type { Dropped } from './account/ledger.js';
export type {
  AggregateView,
  CounterView,
  Distribution,
  Exemplar,
  GaugeView,
  MetricView,
  Samples,
  SetView,
  TimerView,
  ValueKind,
} from './metric/view.js';
export type { StatsdOptions } from './client/options.js';
export type { EventOptions, EventTime, ServiceCheckOptions, ServiceState } from './client/events.js';
export type { Ended, OutcomeTags } from './client/outcome-tags.js';
export { type Logger, StatsdWarning } from './account/report.js';
export type { RuntimeOptions } from './runtime/options.js';
export type { Stats } from './client/stats.js';
export type {
  BoundOptions,
  ChildOptions,
  FlushOptions,
  GaugeCallbackOptions,
  GaugeMethod,
  Names,
  TimeMethod,
  TimeOptions,
  WrapMethod,
} from './client/signatures.js';
export { StatsdClient } from './client/statsd.js';
export type { Tag, Tags } from './text/tags.js';
export { AFTransport, type AFTransportOptions } from './transport/af.js';
export { transportFromUrl } from './transport/from-url.js';
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
export { CLIENT_INTERVAL_MS, probeAnswer } from './wire/client-interval.js';
export { decode, decodeLines } from './wire/decode.js';
export type { DecodeResult, Decoded } from './wire/decoded.js';
export type { DogstatsdOptions } from './wire/dogstatsd.js';
export type { Batch, Naming } from './wire/format.js';
export type { StatsdFormat } from './wire/formats.js';
export type { LineOptions } from './wire/lines.js';
export type { EventFields, ServiceCheckFields } from './wire/event.js';
export type { OriginOptions } from './wire/origin-fields.js';
export type { LineCounts } from './send/single-lines.js';

/**
 * The shared client of this process (of this thread, in a worker). Nothing happens until the first sample: no timer,
 * queue or socket.
 */
export const Statsd: Client = sharedStatsd();
