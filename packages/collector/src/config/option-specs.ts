import { readExpiry } from '@afstatsd/prometheus/parts';
import { readAddress } from './address.js';
import type { CollectorOptions } from './options.js';
import {
  bounds,
  clientInterval,
  duration,
  globalTag,
  hostName,
  integer,
  listenAddress,
  oneOf,
  percentiles,
  queueName,
  readRule,
  serverUrl,
  storeInterval,
  storeUrl,
  url,
} from './read-values.js';
import { readMode, readOwner, readSocketPath } from './socket-options.js';
import { readGraphiteUrl, readHttpUrl } from './store-url.js';

/** The specification of one option. Flags, variables, the configuration file and the help are all made from specifications. */
export interface OptionSpec<T> {
  /** The text for the value in the help. Absent for a switch. */
  readonly value?: string;
  /** Whether the option can be given several times. In a variable, blanks stand between its values. */
  readonly many?: boolean;
  /** Whether a single value needs no list around it in the configuration file. */
  readonly alone?: boolean;
  readonly help: string;
  readonly default: T;
  /** Reads one value. Throws an Error that says what the value must be. */
  readonly read: (text: string) => unknown;
  /** Whether the value may hold a password, so that no error shows it. */
  readonly secret?: boolean;
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
    help: 'listen for StatsD on UDP; localhost is 127.0.0.1 and ::1; off turns it off; default localhost:8125',
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
    help: 'serve the live page; off turns it off; default 127.0.0.1:8127 when there is no other output',
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
    help: 'Prometheus and OTLP forget metrics without a sample for this time: 1h; gauge=5m for a kind',
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
