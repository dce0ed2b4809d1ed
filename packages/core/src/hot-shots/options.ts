import type { SocketOptions } from 'node:dgram';
import type { Writable } from 'node:stream';
import type { Transport } from '../transport/transport.js';

/** Tags as hot-shots has them: `{ method: 'card' }` or `['method:card', 'eu']`. */
export type Tags = Readonly<Record<string, unknown>> | readonly string[];

/** Which tags of the container the Datadog Agent adds. */
export type Cardinality = 'none' | 'low' | 'orchestrator' | 'high';

/** Called when a call has been sent: with an error, or with null and the bytes that went. */
export type StatsCb = (error?: Error | null, bytes?: number) => void;

/** How samples are aggregated. */
export interface AggregationOptions {
  /** Time between flushes in ms. Default 2000. */
  readonly flushInterval?: number;
  /** How many distinct metrics there may be. Default: `maxMetrics` of a client, 10,000. */
  readonly maxContexts?: number;
}

/** The numbers of the states of a check. */
export interface DatadogChecks {
  /** All is well. */
  readonly OK: 0;
  /** It will not be for long. */
  readonly WARNING: 1;
  /** It isn't. */
  readonly CRITICAL: 2;
  /** Nobody knows. */
  readonly UNKNOWN: 3;
}

/** The options of hot-shots' client, and `transport` and `interval` of ours. */
export interface ClientOptions {
  /** Where to send to. Default: `DD_AGENT_HOST`, else 127.0.0.1. */
  readonly host?: string;
  /** Default: `DD_DOGSTATSD_PORT`, else 8125. */
  readonly port?: number;
  /** Stands before each name. A dot is added to its end if it has none. Default: none. */
  readonly prefix?: string;
  /** Stands after each name. A dot is set before it if it has none. Default: none. */
  readonly suffix?: string;
  /** Sets `global.statsd`. Default false. */
  readonly globalize?: boolean;
  /** Keeps lines in `mockBuffer` in place of sending them. Default false. */
  readonly mock?: boolean;
  /** Tags of each metric. Default: none. */
  readonly globalTags?: Tags;
  /** The same under its old name. */
  readonly global_tags?: Tags;
  /** Adds the tags of `DD_TAGS`, `DD_ENTITY_ID`, `DD_ENV`, `DD_SERVICE` and `DD_VERSION`. Default true. */
  readonly includeDataDogTags?: boolean;
  /** Writes the container's id, external data and cardinality. Default: whether `DD_AGENT_HOST` or one like it is set. */
  readonly datadog?: boolean;
  /** Whether the container's id is looked for. Default: not `DD_ORIGIN_DETECTION_ENABLED=false`. */
  readonly originDetection?: boolean;
  /** The container's id, in place of the one that is found. */
  readonly containerID?: string;
  /** Default: `DD_CARDINALITY`. */
  readonly cardinality?: Cardinality;
  /** Above 0, samples are aggregated, and messages have at most so many bytes. Default 0: each call leaves at once. */
  readonly maxBufferSize?: number;
  /** Time between flushes where samples are aggregated, in ms. Default 1000. */
  readonly bufferFlushInterval?: number;
  /** Aggregates, too. Default false. */
  readonly aggregation?: boolean | AggregationOptions;
  /** Writes Telegraf's form of lines: tags in the name. Default false. */
  readonly telegraf?: boolean;
  /** The sample rate of calls that give none. Default 1. */
  readonly sampleRate?: number;
  /** Called with each problem. Default: `process.emitWarning` says it once. */
  readonly errorHandler?: (error: Error) => void;
  /** How lines leave. Default `udp`. */
  readonly protocol?: 'udp' | 'tcp' | 'uds' | 'stream';
  /** The socket of `uds`. Default `/var/run/datadog/dsd.socket`. */
  readonly path?: string;
  /** The stream of `stream`. */
  readonly stream?: Writable;
  /** Our own: a transport, or its URL, in place of what `protocol` says. */
  readonly transport?: Transport | string;
  /** Our own: time between flushes in ms; 0 sends each call at once. Default: as `maxBufferSize` and `aggregation` say. */
  readonly interval?: number;
  /** Without effect: a host's address is always kept, and looked up again each minute. */
  readonly cacheDns?: boolean;
  /** Without effect. */
  readonly cacheDnsTtl?: number;
  /** Without effect: a family of addresses is chosen by the host. */
  readonly udpSocketOptions?: SocketOptions;
  /** Without effect: connections are always made again. */
  readonly tcpGracefulErrorHandling?: boolean;
  /** Without effect. */
  readonly tcpGracefulRestartRateLimit?: number;
  /** Without effect. */
  readonly udsGracefulErrorHandling?: boolean;
  /** Without effect. */
  readonly udsGracefulRestartRateLimit?: number;
  /** Without effect: metrics wait while the receiver is busy. */
  readonly udsRetryOptions?: object;
  /** Without effect: `close` waits as long as `flush`. */
  readonly closingFlushInterval?: number;
  /** What `telemetry` of our client is: `true` adds the client's ledger to each flush, and `false` says nothing. Default `'collector'`. */
  readonly includeDatadogTelemetry?: boolean;
  /** Without effect: telemetry leaves with each flush. */
  readonly telemetryFlushInterval?: number;
  /** Not supported: say the host. It is told once. */
  readonly useDefaultRoute?: boolean;
  /** Not supported: tags begin with `#`. It is told once. */
  readonly tagPrefix?: string;
  /** Not supported: tags are separated by commas. It is told once. */
  readonly tagSeparator?: string;
}

/** What a child has of its own. */
export type ChildClientOptions = Pick<
  ClientOptions,
  'globalTags' | 'prefix' | 'suffix' | 'errorHandler' | 'cardinality'
>;

/** How one call is recorded. */
export interface MetricOptions {
  /** A number above 0 and up to 1. It counts only while samples aren't aggregated, and for gauges and sets never. */
  readonly sampleRate?: number;
  /** Tags of the metric. */
  readonly tags?: Tags;
  /** When it was: a Date, or seconds since 1970. Such a call is a line of its own. */
  readonly timestamp?: Date | number;
  /** Which tags of the container the Agent adds. */
  readonly cardinality?: Cardinality;
}

/** Sample rate, tags and callback of a call. Each may be left out; or there is an object of options. */
export type CallRest =
  | readonly []
  | readonly [callback?: StatsCb]
  | readonly [tags?: Tags | null, callback?: StatsCb]
  | readonly [sampleRate?: number | null, callback?: StatsCb]
  | readonly [sampleRate?: number | null, tags?: Tags | null, callback?: StatsCb]
  | readonly [options?: MetricOptions, callback?: StatsCb];

/** The value of `increment` and `decrement` may be left out, too. */
export type CountRest = readonly [value?: number | null, ...rest: CallRest] | CallRest;

/** What an event has beside its title and its text. */
export interface EventOptions {
  /** Events of one key are shown together. */
  readonly aggregation_key?: string;
  /** What it is about. Default: `info`, the Agent's. */
  readonly alert_type?: 'info' | 'warning' | 'success' | 'error';
  /** A Date, or seconds since 1970. Default: when the Agent gets it. */
  readonly date_happened?: Date | number;
  /** Default: the Agent's. */
  readonly hostname?: string;
  /** Default: `normal`, the Agent's. */
  readonly priority?: 'low' | 'normal';
  /** The kind of program that it comes from. */
  readonly source_type_name?: string;
  /** Which tags of the container the Agent adds. */
  readonly cardinality?: Cardinality;
}

/** What a check has beside its name and its status. */
export interface CheckOptions {
  /** A Date, or seconds since 1970. Default: when the Agent gets it. */
  readonly date_happened?: Date | number;
  /** Default: the Agent's. */
  readonly hostname?: string;
  /** A sentence that says why. */
  readonly message?: string;
  /** Which tags of the container the Agent adds. */
  readonly cardinality?: Cardinality;
}

/** Adds tags while a timed function runs. */
export interface TimerContext {
  /** The tags join those of the call. */
  addTags(tags: Tags): void;
}

/** The options whose effect is missed, so that their use is told. */
export const MISSED: readonly (keyof ClientOptions)[] = ['useDefaultRoute', 'tagPrefix', 'tagSeparator'];

/** The parameters of hot-shots' constructor before it had an object of options, in their order. */
const POSITIONAL = [
  'host',
  'port',
  'prefix',
  'suffix',
  'globalize',
  'cacheDns',
  'mock',
  'globalTags',
  'maxBufferSize',
  'bufferFlushInterval',
  'telegraf',
  'sampleRate',
  'protocol',
] as const;

/** The options of a call of the constructor, in either form. */
export function readArguments(args: readonly unknown[]): ClientOptions {
  const [first] = args;
  if (args.length <= 1 && typeof first !== 'string') return { ...(first as ClientOptions | undefined) };
  return Object.fromEntries(POSITIONAL.map((name, at) => [name, args[at]]));
}
