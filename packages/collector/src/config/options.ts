import type { Rule } from '@afstatsd/core';
import type { Expiry } from '@afstatsd/prometheus/parts';
import type { Address } from './address.js';
import type { Owner } from './socket-options.js';

/** How `-5|g` is read: as a change by -5, like etsy's `statsd`, or as the value -5. */
export type NegativeGauges = 'absolute' | 'change';

export type { Address, Owner };

/** The collector's options. Durations are in ms. The defaults are those of `loadConfig`. */
export interface CollectorOptions {
  /** The message queue to make and read; false for none. Default `/afcollectorapi`. */
  readonly queue: string | false;
  /** Whether the queue is removed at the end. Default false. */
  readonly unlink: boolean;
  /** UIDs of other users. A queue that exists already is used, too, if one of them owns it. Default: none. */
  readonly trustUid: readonly number[];
  /** Whether other collectors may read the queue, too. Each message then comes in at one of them. Default false. */
  readonly sharedQueue: boolean;
  /** Where to listen for StatsD on UDP. `localhost` is 127.0.0.1 and ::1. An empty list is off. Default `localhost:8125`. */
  readonly udp: readonly Address[];
  /** Where to listen for lines of StatsD on TCP: `localhost` is 127.0.0.1 and ::1. Default: nowhere. */
  readonly tcp: readonly Address[];
  /** Paths of UNIX sockets on which to listen for datagrams of StatsD. Default: none. */
  readonly unix: readonly string[];
  /** Mode of these sockets. A program needs the permission to write to send. Default 0o622. */
  readonly unixMode: number;
  /** Owner of these sockets. Default: the user that the collector runs as. */
  readonly unixOwner: Owner | undefined;
  /** How often outputs pass metrics on. Default 10,000. */
  readonly interval: number;
  /** How often clients are asked to send, from 1,000 to 20,000. Default: twice as often as the quickest output. */
  readonly clientInterval: number | undefined;
  /** Whether the console output shows metrics. Default: if there is no other output. */
  readonly console: boolean;
  /** Whether the console shows one JSON object a flush. Default false. */
  readonly json: boolean;
  /** Interval of the console. Default: `interval`. */
  readonly consoleInterval: number | undefined;
  /** URLs of StatsD servers to send to, `udp://…` or `unix:///…`. Default: none. */
  readonly forward: readonly string[];
  /** Interval of `forward`. Default: `interval` if that was given, else 1,000, because StatsD servers flush every 10 s. */
  readonly forwardInterval: number | undefined;
  /** Where to serve `/metrics` for Prometheus, and `/healthz`. Default false. */
  readonly prometheus: Address | false;
  /**
   * Further host names that `prometheus` and `page` accept in requests. IP addresses, and the names of loopback and of
   * the machine, are always accepted. If the list is empty and `prometheus` listens on an address other than loopback, it accepts
   * every name. Default: none.
   */
  readonly allowHost: readonly string[];
  /** Where to serve the live page. False turns it off. Default 127.0.0.1:8127, if no output is named. */
  readonly page: Address | false | undefined;
  /** Places for series on the page. A timer takes two places. Default 5,000. */
  readonly pageMetrics: number;
  /** Steps of 5 s that the page keeps of each series. Default 240, which is 20 minutes. */
  readonly pagePoints: number;
  /** The URL of an OpenTelemetry receiver. Default: none. */
  readonly otlp: string | undefined;
  /** Interval of `otlp`. Default: `interval`. */
  readonly otlpInterval: number | undefined;
  /**
   * Whether `otlp` gets totals (`cumulative`) or changes (`delta`). Default:
   * `OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE`, else `cumulative`.
   */
  readonly otlpTemporality: 'cumulative' | 'delta' | undefined;
  /** Protocol of `otlp`. Default: `OTEL_EXPORTER_OTLP_PROTOCOL`, else `http/protobuf`. */
  readonly otlpProtocol: 'http/protobuf' | 'http/json' | undefined;
  /** URLs of servers that read Graphite's plaintext, `tcp://…` or `tls://…`. Default: none. */
  readonly graphite: readonly string[];
  /** Interval of `graphite`, at least 1,000. Default: `interval`. */
  readonly graphiteInterval: number | undefined;
  /** URLs of stores that take InfluxDB's line protocol. Default: none. */
  readonly influx: readonly string[];
  /** Interval of `influx`, at least 1,000. Default: `interval`. */
  readonly influxInterval: number | undefined;
  /** URLs of stores that take pages of Prometheus' text format. Default: none. */
  readonly push: readonly string[];
  /** Interval of `push`, at least 1,000. Default: `interval`. */
  readonly pushInterval: number | undefined;
  /** Tags of all metrics for `graphite`, `influx` and `push`. With an empty list there are no tags. Default: `host`, the machine's name. */
  readonly globalTag: readonly (readonly [key: string, value: string])[] | undefined;
  /** Percentiles of timers for `graphite` and `influx`, above 0 and below 100. Default 90, 95 and 99. */
  readonly percentiles: readonly number[];
  /** Bytes that may wait for each of `graphite`, `influx` and `push` while the store doesn't take them. Default 64 MiB. */
  readonly maxBuffer: number;
  /** Upper bounds of histogram buckets, in seconds and in rising order. Default: those of each output. */
  readonly buckets: readonly number[] | undefined;
  /** Distinct metrics that each output holds. Default 100,000. */
  readonly maxMetrics: number;
  /**
   * How long a metric may go without a sample before Prometheus and OTLP forget it. A time is for one kind or for all. Default:
   * none. Our clients repeat their gauges. Even without this option, a repeated gauge is forgotten after five missed repeats.
   */
  readonly expire: readonly Expiry[];
  /** Rules that change or describe metrics before outputs get them. Default: none. */
  readonly rules: readonly Rule[];
  /**
   * How a negative gauge is read. In a line with a time, or with a field that only DogStatsD's clients write, it is a value, whatever
   * this option says. After a `+` for the same gauge, a negative value without a time is always a change. Default `change`.
   */
  readonly negativeGauges: NegativeGauges;
}

/** The shortest interval of outputs to stores, in ms. */
export const SHORTEST_STORE_MS = 1_000;
