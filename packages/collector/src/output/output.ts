import type { Decoded, Exemplar } from '@afstatsd/core';
import type { BoundMetric } from '@afstatsd/prometheus/parts';

/** How far an output has come, for the collector's own numbers and its console. */
export interface OutputStats {
  /** Where it passes metrics on to, for people: `forward udp 127.0.0.1:8125 (etsy)`. */
  readonly name: string;
  /** The distinct metrics that it holds, of the kind that has most of them where each has places of its own. */
  readonly held?: number;
  /** The most distinct metrics that it holds. */
  readonly maxMetrics?: number;
  /** Samples that it has accepted. */
  readonly recorded: number;
  /** Samples that it has passed on. An output that is asked, such as Prometheus, has passed on what it holds. */
  readonly sent: number;
  /** Samples that it will never pass on, by reason. */
  readonly dropped: Readonly<Record<string, number>>;
  /** Failed attempts to pass something on. */
  readonly errors: number;
  /** Bytes that wait to be passed on, of an output that has a buffer of its own. */
  readonly waitingBytes?: number;
  /** Counts of DogStatsD's events and service checks. Only outputs that take them have it. */
  readonly events?: {
    /** How many it has passed on. */
    readonly sent: number;
    /** How many it never will. */
    readonly lost: number;
  };
}

/** Where the collector passes metrics on to. Each output aggregates for itself, in a registry of core, at its own interval. */
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
  /** Passes on what it has, within the timeout (ms). Never rejects. */
  flush(timeout: number): Promise<void>;
  /** Passes on what it has, and lets go of everything. Never rejects. */
  close(timeout: number): Promise<void>;
  /**
   * How often it wants new numbers, in ms: its own interval, or the shortest gap between two scrapes. undefined: it doesn't
   * know (yet). The collector asks clients to send twice as often. Called several times a second.
   */
  wants?(): number | undefined;
  stats(): OutputStats;
}
