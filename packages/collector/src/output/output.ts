import type { Decoded, Exemplar } from '@afstatsd/core';
import type { BoundMetric } from '@afstatsd/prometheus/parts';

/** The counts of an output, for the collector's own metrics and its console. */
export interface OutputStats {
  /** The name of the output, with its destination: `forward udp 127.0.0.1:8125 (etsy)`. */
  readonly name: string;
  /** The number of distinct metrics that it holds. If kinds have places of their own, it is that of the fullest kind. */
  readonly held?: number;
  /** The most distinct metrics that it holds. */
  readonly maxMetrics?: number;
  /** Samples that it has accepted. */
  readonly recorded: number;
  /** Samples that it has passed on. For an output that is asked, such as Prometheus, all samples that it holds count. */
  readonly sent: number;
  /** Samples that it will never pass on, by reason. */
  readonly dropped: Readonly<Record<string, number>>;
  /** Failed attempts to pass metrics on. */
  readonly errors: number;
  /** Bytes that wait to be passed on. Only outputs with a buffer of their own have this. */
  readonly waitingBytes?: number;
  /** Counts of DogStatsD's events and service checks. Only outputs that take them have it. */
  readonly events?: {
    /** The number of events that it has passed on. */
    readonly sent: number;
    /** The number of events that it will never pass on. */
    readonly lost: number;
  };
}

/** A destination of metrics. Each output aggregates for itself, at its own interval. */
export interface Output {
  /** Begins to work: listens, connects, starts its interval. Rejects with an error that says what to do. */
  start(): Promise<void>;
  /** Takes a metric that came in. Never throws. */
  ingest(metric: Decoded): void;
  /** Finds a counter or a gauge that came in before. An output without this method gets all samples by `ingest`. */
  bind?(metric: Decoded): BoundMetric | undefined;
  /** Takes an exemplar of a timer that came in before. Never throws. An output without this method has no place for it. */
  ingestExemplar?(metric: Decoded, exemplar: Exemplar): void;
  /** Takes an event or a service check of DogStatsD's, as it stood. An output without this method has no place for it. */
  ingestEvent?(line: string): void;
  /** Passes all its metrics on. `timeout` is the longest time for this, in ms. Never rejects. */
  flush(timeout: number): Promise<void>;
  /** Passes all its metrics on, and closes everything. Never rejects. */
  close(timeout: number): Promise<void>;
  /**
   * The interval at which the output wants new numbers, in ms: its own, or the shortest gap between two scrapes. Undefined while
   * the output doesn't know it. The collector asks clients to send twice as often. Called several times a second.
   */
  wants?(): number | undefined;
  stats(): OutputStats;
}
