import { CLIENT_INTERVAL_MS, type Rule, transportFromUrl } from '@afstatsd/core';
import { MAX_DELAY_MS, Rules, parseDuration } from '@afstatsd/core/instrument';
import { queueNameProblem } from '@afstatsd/mqueue';
import { type Expiry, readExpiry } from '@afstatsd/prometheus/parts';
import { type Address, readAddress } from './address.js';
import { type Owner, readMode, readOwner, readSocketPath } from './socket-options.js';
import { readGraphiteUrl, readHttpUrl } from './store-url.js';

/** How one option is given, read and explained. Flags, variables, the configuration file and the help are all made of these. */
export interface OptionSpec<T> {
  /** What the help shows for the value; none for a switch. */
  readonly value?: string;
  /** Whether it can be given several times; in a variable, with blanks between. */
  readonly many?: boolean;
  /** Whether one alone needs no list around it in the configuration file. */
  readonly alone?: boolean;
  readonly help: string;
  readonly default: T;
  /** Reads one value. Throws an Error that says what it must be. */
  readonly read: (text: string) => unknown;
  /** Whether the value may hold a password, so that no error shows it. */
  readonly secret?: boolean;
}

/** How `-5|g` is read: as a change by -5, like etsy's `statsd`, or as the value -5. */
export type NegativeGauges = 'absolute' | 'change';

export type { Address, Owner };

/** What the collector can be told. Durations are in ms. The defaults are those of `loadConfig`. */
export interface CollectorOptions {
  /** The message queue to make and read; false for none. Default `/afcollectorapi`. */
  readonly queue: string | false;
  /** Whether the queue is removed at the end. Default false. */
  readonly unlink: boolean;
  /** An existing queue that one of these users owns is used, too. Default: none. */
  readonly trustUid: readonly number[];
  /** Whether other collectors may read the queue, too. Each message then comes in at one of them. Default false. */
  readonly sharedQueue: boolean;
  /** Where to listen for StatsD on UDP: `localhost` is 127.0.0.1 and ::1. Empty for not. Default `localhost:8125`. */
  readonly udp: readonly Address[];
  /** Where to listen for lines of StatsD on TCP: `localhost` is 127.0.0.1 and ::1. Default: nowhere. */
  readonly tcp: readonly Address[];
  /** Paths of UNIX sockets on which to listen for datagrams of StatsD. Default: none. */
  readonly unix: readonly string[];
  /** Mode of these sockets: who may write to one may send. Default 0o622. */
  readonly unixMode: number;
  /** Whom these sockets are given to. Default: they stay this user's. */
  readonly unixOwner: Owner | undefined;
  /** How often outputs pass metrics on. Default 10,000. */
  readonly interval: number;
  /** How often clients are asked to send, from 1,000 to 20,000. Default: twice as often as the quickest output. */
  readonly clientInterval: number | undefined;
  /** Whether the console output shows metrics. Default: if there is no other output. */
  readonly console: boolean;
  /** Whether it shows one JSON object a flush. Default false. */
  readonly json: boolean;
  /** Interval of the console. Default: `interval`. */
  readonly consoleInterval: number | undefined;
  /** URLs of StatsD servers to send to, `udp://…` or `unix:///…`. Default: none. */
  readonly forward: readonly string[];
  /** Their interval. Default: `interval` where that was given, else 1,000, because such servers flush every 10 s. */
  readonly forwardInterval: number | undefined;
  /** Where to serve `/metrics` for Prometheus, and `/healthz`. Default false. */
  readonly prometheus: Address | false;
  /** Names by which others may ask for it and for the page, beside addresses, and on loopback the machine's own names. Default: none. */
  readonly allowHost: readonly string[];
  /** Where to serve the live page; false for not. Default 127.0.0.1:8127, if no output is named. */
  readonly page: Address | false | undefined;
  /** Places for series that the page shows; a timer takes two. Default 5,000. */
  readonly pageMetrics: number;
  /** Steps of 5 s that the page keeps of each. Default 240, which are twenty minutes. */
  readonly pagePoints: number;
  /** The URL of an OpenTelemetry receiver. Default: none. */
  readonly otlp: string | undefined;
  /** Its interval. Default: `interval`. */
  readonly otlpInterval: number | undefined;
  /**
   * Whether it gets totals, or what has changed. Default: `OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE`, else
   * `cumulative`.
   */
  readonly otlpTemporality: 'cumulative' | 'delta' | undefined;
  /** How it gets them. Default: `OTEL_EXPORTER_OTLP_PROTOCOL`, else `http/protobuf`. */
  readonly otlpProtocol: 'http/protobuf' | 'http/json' | undefined;
  /** URLs of servers that read Graphite's plaintext, `tcp://…` or `tls://…`. Default: none. */
  readonly graphite: readonly string[];
  /** Their interval, at least 1,000. Default: `interval`. */
  readonly graphiteInterval: number | undefined;
  /** URLs of stores that take InfluxDB's line protocol. Default: none. */
  readonly influx: readonly string[];
  /** Their interval, at least 1,000. Default: `interval`. */
  readonly influxInterval: number | undefined;
  /** URLs of stores that take pages of Prometheus' text format. Default: none. */
  readonly push: readonly string[];
  /** Their interval, at least 1,000. Default: `interval`. */
  readonly pushInterval: number | undefined;
  /** Tags of everything that goes to `graphite`, `influx` and `push`; an empty list for none. Default: `host`, the machine's name. */
  readonly globalTag: readonly (readonly [key: string, value: string])[] | undefined;
  /** Percentiles of timers for `graphite` and `influx`, from 0 to 100. Default 90, 95 and 99. */
  readonly percentiles: readonly number[];
  /** Bytes that may wait for each of `graphite`, `influx` and `push` while the store doesn't take them. Default 64 MiB. */
  readonly maxBuffer: number;
  /** Upper bounds of histogram buckets, in seconds and in rising order. Default: those of each output. */
  readonly buckets: readonly number[] | undefined;
  /** Distinct metrics that each output holds. Default 100,000. */
  readonly maxMetrics: number;
  /**
   * Metrics that Prometheus and OTLP let go of when they had no sample for a time, by kind. Default: none. A gauge that its sender
   * repeats, as our clients do, is let go of after five missed repeats in any case.
   */
  readonly expire: readonly Expiry[];
  /** Rules that change or describe metrics before outputs get them. Default: none. */
  readonly rules: readonly Rule[];
  /**
   * How a negative gauge is read where nothing else in its line decides, such as a time, or a field that only DogStatsD's
   * clients write. Default `change`.
   */
  readonly negativeGauges: NegativeGauges;
}

/** The shortest interval of outputs to stores, in ms. */
export const SHORTEST_STORE_MS = 1_000;

function duration(text: string): number {
  const ms = parseDuration(text) ?? 0;
  if (ms < 1 || ms > MAX_DELAY_MS) throw new Error('a duration with its unit, such as 20s or 500ms');
  return ms;
}

/** @throws Error that says what is wrong with the rule. */
function readRule(text: string): Rule {
  let rule: Rule;
  try {
    rule = JSON.parse(text) as Rule;
  } catch (error) {
    throw new Error(`a rule as JSON (${(error as Error).message})`, { cause: error });
  }
  try {
    Rules.check([rule]);
  } catch (error) {
    throw new Error(`a rule (${(error as Error).message.replace('rules[0]: ', '')})`, { cause: error });
  }
  return rule;
}

/** Times in stores are whole seconds, and two intervals must not have the same one. */
function storeInterval(text: string): number {
  const ms = duration(text);
  if (ms < SHORTEST_STORE_MS) throw new Error('a duration of at least 1s');
  return ms;
}

function percentiles(text: string): number[] {
  const items = text.split(',');
  const numbers = items.map(Number);
  const rising = numbers.every(
    (number, i) =>
      /\d/.test(items[i]!) && number > 0 && number < 100 && (i === 0 || number > numbers[i - 1]!),
  );
  if (!rising) throw new Error('percentiles in rising order, above 0 and below 100, such as 50,90,99.9');
  return numbers;
}

function globalTag(text: string): readonly [string, string] | undefined {
  if (text === 'off') return undefined;
  const at = text.indexOf('=');
  if (at < 1) throw new Error('KEY=VALUE, such as host=web1, or off');
  return [text.slice(0, at), text.slice(at + 1)];
}

/** The URL of a store. Its text stands as it is. */
function storeUrl(check: (text: string) => unknown): (text: string) => string {
  return (text) => {
    check(text);
    return text;
  };
}

function clientInterval(text: string): number {
  const ms = duration(text);
  const { shortest, longest } = CLIENT_INTERVAL_MS;
  if (ms < shortest || ms > longest) throw new Error('a duration from 1s to 20s');
  return ms;
}

/** An address to listen on. Without a host it is both loopbacks. */
function listenAddress(text: string): Address | undefined {
  return readAddress(text, 'localhost') || undefined;
}

function integer(from: number, to: number = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (!/^\d+$/.test(text) || number < from || number > to)
      throw new Error(
        to === Number.MAX_SAFE_INTEGER
          ? `an integer of at least ${from}`
          : `an integer from ${from} to ${to}`,
      );
    return number;
  };
}

function oneOf<T extends string>(...values: readonly T[]): (text: string) => T {
  return (text) => {
    const value = values.find((known) => known === text);
    if (value === undefined) throw new Error(`one of ${values.join(', ')}`);
    return value;
  };
}

function queueName(text: string): string | false {
  if (text === 'off') return false;
  const problem = queueNameProblem(text);
  if (problem !== undefined) throw new Error(`a name such as /afcollectorapi, or off (${problem.reason})`);
  return text;
}

function hostName(text: string): string {
  if (!/^[\p{L}\p{N}_](?:[\p{L}\p{N}_.-]*[\p{L}\p{N}_])?\.?$/u.test(text))
    throw new Error('a host name without a port, such as metrics.example.com');
  return text;
}

function url(...schemes: readonly string[]): (text: string) => string {
  return (text) => {
    if (!URL.canParse(text) || !schemes.includes(new URL(text).protocol)) {
      throw new Error(`a URL that begins with ${schemes.map((scheme) => `${scheme}//`).join(' or ')}`);
    }
    return text;
  };
}

/** A StatsD server's URL, with all that core's transports understand of one. */
function serverUrl(text: string): string {
  url('udp:', 'unix:')(text);
  try {
    transportFromUrl(text);
  } catch (error) {
    throw new Error(`the URL of a StatsD server (${(error as Error).message})`, { cause: error });
  }
  return text;
}

function bounds(text: string): number[] {
  const items = text.split(',');
  const numbers = items.map(Number);
  const rising = numbers.every(
    (bound, i) => /\d/.test(items[i]!) && Number.isFinite(bound) && (i === 0 || bound > numbers[i - 1]!),
  );
  if (!rising) throw new Error('seconds in rising order, such as 0.01,0.1,1');
  return numbers;
}

const yes = (): boolean => true;

export const OPTIONS: { readonly [K in keyof CollectorOptions]: OptionSpec<CollectorOptions[K]> } = {
  queue: {
    value: 'NAME',
    help: 'message queue to make and read; off for none',
    default: '/afcollectorapi',
    read: queueName,
  },
  unlink: {
    help: 'remove the queue at the end; without it, it stays for the next start',
    default: false,
    read: yes,
  },
  trustUid: {
    value: 'UID',
    many: true,
    help: 'use an existing queue that this user owns',
    default: [],
    read: integer(0),
  },
  sharedQueue: {
    help: 'let other collectors read the queue, too; each message comes in at one of them',
    default: false,
    read: yes,
  },
  udp: {
    value: 'HOST:PORT',
    many: true,
    alone: true,
    help: 'listen for StatsD on UDP; localhost is 127.0.0.1 and ::1; off for not; default localhost:8125',
    default: [{ host: 'localhost', port: 8125 }],
    read: listenAddress,
  },
  tcp: {
    value: 'HOST:PORT',
    many: true,
    alone: true,
    help: 'listen for lines of StatsD on TCP, such as localhost:8125',
    default: [],
    read: listenAddress,
  },
  unix: {
    value: 'PATH',
    many: true,
    alone: true,
    help: 'listen for StatsD on a UNIX datagram socket, such as /run/afstatsd/statsd.socket',
    default: [],
    read: readSocketPath,
  },
  unixMode: {
    value: 'MODE',
    help: 'mode of the sockets of --unix: who may write to one may send; default 622',
    default: 0o622,
    read: readMode,
  },
  unixOwner: {
    value: 'UID:GID',
    help: 'give the sockets of --unix to this user and group: UID, UID:GID or :GID',
    default: undefined,
    read: readOwner,
  },
  interval: { value: 'TIME', help: 'how often outputs pass metrics on', default: 10_000, read: duration },
  clientInterval: {
    value: 'TIME',
    help: 'how often clients are asked to send, from 1s to 20s; default: twice as often as the quickest output',
    default: undefined,
    read: clientInterval,
  },
  console: {
    help: 'show metrics here; the default when there is no other output',
    default: false,
    read: yes,
  },
  json: { help: 'the console prints one JSON object a flush', default: false, read: yes },
  consoleInterval: { value: 'TIME', help: 'interval of the console', default: undefined, read: duration },
  forward: {
    value: 'URL',
    many: true,
    help: 'send to a StatsD server: udp://HOST:PORT?format=NAME (etsy, dogstatsd, influx, graphite), or unix:///PATH',
    default: [],
    read: serverUrl,
    secret: true,
  },
  forwardInterval: {
    value: 'TIME',
    help: 'interval of --forward; default 1s, or --interval where that is given',
    default: undefined,
    read: duration,
  },
  prometheus: {
    value: 'HOST:PORT',
    help: 'serve /metrics for Prometheus, and /healthz',
    default: false,
    read: readAddress,
  },
  allowHost: {
    value: 'NAME',
    many: true,
    help: 'answer --prometheus and --page to this host name, too',
    default: [],
    read: hostName,
  },
  page: {
    value: 'HOST:PORT',
    help: 'serve the live page; off for not; default 127.0.0.1:8127 when there is no other output',
    default: undefined,
    read: readAddress,
  },
  pageMetrics: {
    value: 'N',
    help: 'series that the page holds; a timer counts twice',
    default: 5_000,
    read: integer(1, 1_000_000),
  },
  pagePoints: {
    value: 'N',
    help: 'steps of 5s that the page keeps',
    default: 240,
    read: integer(12, 20_000),
  },
  otlp: {
    value: 'URL',
    help: 'send OTLP over HTTP, such as http://127.0.0.1:4318',
    default: undefined,
    read: url('http:', 'https:'),
    secret: true,
  },
  otlpInterval: { value: 'TIME', help: 'interval of --otlp', default: undefined, read: duration },
  otlpTemporality: {
    value: 'KIND',
    help: 'cumulative or delta; default OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE, else cumulative',
    default: undefined,
    read: oneOf('cumulative', 'delta'),
  },
  otlpProtocol: {
    value: 'KIND',
    help: 'http/protobuf or http/json; default OTEL_EXPORTER_OTLP_PROTOCOL, else http/protobuf',
    default: undefined,
    read: oneOf('http/protobuf', 'http/json'),
  },
  graphite: {
    value: 'URL',
    many: true,
    help: "send to Graphite, in carbon's plaintext: tcp://HOST:2003?prefix=stats&tags=keep|fold, or tls://…",
    default: [],
    read: storeUrl(readGraphiteUrl),
    secret: true,
  },
  graphiteInterval: {
    value: 'TIME',
    help: 'interval of --graphite',
    default: undefined,
    read: storeInterval,
  },
  influx: {
    value: 'URL',
    many: true,
    help: 'send in the line protocol of InfluxDB: http://HOST:8086/write?db=NAME, or …/api/v2/write?org=…&bucket=…',
    default: [],
    read: storeUrl(readHttpUrl),
    secret: true,
  },
  influxInterval: { value: 'TIME', help: 'interval of --influx', default: undefined, read: storeInterval },
  push: {
    value: 'URL',
    many: true,
    help: "push pages of Prometheus' text format, such as http://HOST:8428/api/v1/import/prometheus",
    default: [],
    read: storeUrl(readHttpUrl),
    secret: true,
  },
  pushInterval: { value: 'TIME', help: 'interval of --push', default: undefined, read: storeInterval },
  globalTag: {
    value: 'KEY=VALUE',
    many: true,
    help: 'a tag of everything that goes to --graphite, --influx and --push; off for none; default host=NAME of the machine',
    default: undefined,
    read: globalTag,
  },
  percentiles: {
    value: 'LIST',
    help: 'percentiles of timers for --graphite and --influx; default 90,95,99',
    default: [90, 95, 99],
    read: percentiles,
  },
  maxBuffer: {
    value: 'BYTES',
    help: 'bytes that may wait for each store that is away',
    default: 64 * 1024 * 1024,
    read: integer(1),
  },
  buckets: {
    value: 'SECONDS',
    help: 'upper bounds of histogram buckets, such as 0.01,0.1,1',
    default: undefined,
    read: bounds,
  },
  maxMetrics: {
    value: 'N',
    help: 'distinct metrics that each output holds',
    default: 100_000,
    read: integer(1),
  },
  expire: {
    value: 'TIME',
    many: true,
    help: 'Prometheus and OTLP let go of what had no sample for so long: 1h, or of a kind: gauge=5m',
    default: [],
    read: readExpiry,
  },
  rules: {
    value: 'JSON',
    many: true,
    help: 'what becomes of metrics: {"match":"debug.*","deny":true}; in a file a list of such objects',
    default: [],
    read: readRule,
  },
  negativeGauges: {
    value: 'KIND',
    help: 'what -5|g says where nothing else does: change (5 less) or absolute',
    default: 'change',
    read: oneOf('change', 'absolute'),
  },
};

/** `otlpInterval` as a flag, `otlp-interval`. */
export function flagName(option: string): string {
  return option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** `otlpInterval` as a variable, `AFSTATSD_COLLECTOR_OTLP_INTERVAL`. */
export function variableName(option: string): string {
  return `AFSTATSD_COLLECTOR_${flagName(option).replaceAll('-', '_').toUpperCase()}`;
}
