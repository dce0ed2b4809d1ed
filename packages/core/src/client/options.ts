import type { Logger } from '../account/report.js';
import { type Check, type Checks, readOptions } from '../check/options.js';
import { CHECKS, hasMethods, integer } from '../check/rules.js';
import { LIMITS } from '../record/limits.js';
import type { Rule } from '../record/rule.js';
import { Rules } from '../record/rules.js';
import { MAX_NAME_BYTES, cleanName, dotted, isAscii } from '../text/name.js';
import { type Tag, type Tags, canonicalTags, isTagsObject } from '../text/tags.js';
import { AFTransport } from '../transport/af.js';
import { TRANSPORT_URLS, transportFromUrl } from '../transport/from-url.js';
import { type Transport, isTransport } from '../transport/transport.js';
import type { Naming } from '../wire/format.js';

/** The options of a client. All of them can be left out. */
export interface StatsdOptions {
  /**
   * The transport to which flushes go, or its URL (`mq:///afcollectorapi`, `udp://127.0.0.1:8125?format=dogstatsd`,
   * `unix:///path`, `memory:`, `null:`). Default: `AFSTATSD_URL`, else an `AFTransport`.
   */
  readonly transport?: Transport | string;
  /**
   * Time between flushes, in ms. 0 sends each call at once. With `Infinity` the client does nothing by itself: it sends only at
   * `flush` and at the end, and keeps idle metrics. Default: `AFSTATSD_INTERVAL`, else an interval that suits the receiver. Our
   * collector asks for 1,000 to 20,000 ms. A StatsD server over UDP or a UNIX socket gets 1,000 ms, and any other receiver
   * 20,000 ms. In a worker thread it is 1,000 ms, because the main thread may end the worker before it can send.
   */
  readonly interval?: number;
  /** Prefix of every name, followed by a dot. Default: `AFSTATSD_PREFIX`, else none. */
  readonly prefix?: string;
  /**
   * Tags of every metric, after its own tags. The metric's own tags win if keys are equal. At most 512 bytes together.
   * Default: `AFSTATSD_TAGS`, else none.
   */
  readonly tags?: Tags;
  /**
   * The name of the service, written as the tag `service` if the receiver takes tags, and never into names. `false` writes no
   * tag. Default: `AFSTATSD_SERVICE`, else `OTEL_SERVICE_NAME`, else `DD_SERVICE`, else the name of the program's package.
   */
  readonly service?: string | false;
  /**
   * The name of this instance of the service, written as the tag `instance` in the same way. Metrics of instances without a
   * name add up. Default: `AFSTATSD_INSTANCE`, else none.
   */
  readonly instance?: string | false;
  /** The environment that the service runs in, written as the tag `env` in the same way. Default: `DD_ENV`, else none. */
  readonly env?: string | false;
  /** The version of the service, written as the tag `version` in the same way. Default: `DD_VERSION`, else none. */
  readonly version?: string | false;
  /** The maximum number of distinct metrics at a time. Samples of further metrics are dropped and counted. Default: 10,000. */
  readonly maxMetrics?: number;
  /**
   * How many values a timer keeps unchanged until it is sent. With more values it counts them in buckets, and sends at most this
   * many values that represent all. It is also the maximum number of members of a set. At least 3, or `Infinity`. Default: 1024.
   */
  readonly maxSamples?: number;
  /**
   * Rules that leave metrics out, rename them, remove tags, bound the values of a tag, or describe metrics for programs that pass
   * them on. A rule is applied when a series is first seen. Default: none.
   */
  readonly rules?: readonly Rule[];
  /**
   * Whether the slowest value of a timer between two flushes carries the trace of OpenTelemetry's active span. This is an exemplar
   * for Prometheus and OpenTelemetry. Only our collector and the page of an app take exemplars. The collector then also gets the
   * client's report, as with `telemetry`. Default: `AFSTATSD_EXEMPLARS`, else false.
   */
  readonly exemplars?: boolean;
  /** `false` records nothing and sends nothing. Default: not `AFSTATSD_DISABLED`. */
  readonly enabled?: boolean;
  /**
   * Reports of the client about itself. With `'collector'` it reports after each flush who it is, the counts of its samples, and
   * its latest warnings. Only the collector of this project gets them, for its page, and they are no metrics. `true` also adds
   * the metrics `afstatsd.client.recorded`, `.sent`, `.dropped` and `.pending` to each flush. `false` reports nothing. Default:
   * `'collector'`.
   */
  readonly telemetry?: boolean | 'collector';
  /**
   * Collects runtime metrics, as `collectRuntimeMetrics` does without options, from the first sample on. Default:
   * `AFSTATSD_RUNTIME`, else false.
   */
  readonly runtimeMetrics?: boolean;
  /** Whether SIGTERM, SIGINT and SIGHUP flush before they end the process. Default true. */
  readonly handleSignals?: boolean;
  /** How long the end of the process waits for room in a full queue, in ms. Default: 1,000 ms. */
  readonly exitTimeout?: number;
  /** Gets one line per kind of problem and per change of state. Default: `process.emitWarning`, for problems only. */
  readonly logger?: Logger;
  /** Called with each problem that the logger gets. Default: none. */
  readonly onError?: (error: Error) => void;
}

export interface Settings {
  transport: Transport;
  /** In ms. Undefined: an interval that suits the receiver. */
  interval: number | undefined;
  prefix: string;
  tags: readonly Tag[];
  service: string | false | undefined;
  instance: string | false | undefined;
  env: string | false | undefined;
  version: string | false | undefined;
  maxMetrics: number;
  maxSamples: number;
  rules: Rules | undefined;
  exemplars: boolean;
  enabled: boolean;
  telemetry: boolean | 'collector';
  runtimeMetrics: boolean;
  handleSignals: boolean;
  exitTimeout: number;
  logger: Logger | undefined;
  onError: ((error: Error) => void) | undefined;
}

const MAX_PREFIX_BYTES = 255;
const MAX_ORIGIN_BYTES = 255;

export function defaultSettings(): Settings {
  return {
    transport: new AFTransport(),
    interval: undefined,
    prefix: '',
    tags: [],
    service: undefined,
    instance: undefined,
    env: undefined,
    version: undefined,
    ...LIMITS,
    rules: undefined,
    exemplars: false,
    enabled: true,
    telemetry: 'collector',
    runtimeMetrics: false,
    handleSignals: true,
    exitTimeout: 1_000,
    logger: undefined,
    onError: undefined,
  };
}

const ORIGIN: Check = {
  must: `be a name of 1 to ${MAX_ORIGIN_BYTES} bytes, or false`,
  accepts: (value) =>
    value === false ||
    (typeof value === 'string' &&
      value !== '' &&
      value.length <= MAX_ORIGIN_BYTES &&
      Buffer.byteLength(value) <= MAX_ORIGIN_BYTES),
};

const OPTIONS: Checks<Settings> = {
  transport: {
    must: `be a transport or the URL of one: ${TRANSPORT_URLS}`,
    accepts: (value) => typeof value === 'string' || isTransport(value),
    read: (value: Transport | string) => (typeof value === 'string' ? transportFromUrl(value) : value),
  },
  interval: {
    must: `${CHECKS.delay.must}, or Infinity`,
    accepts: (value) => value === Infinity || CHECKS.delay.accepts(value),
  },
  prefix: {
    must: `be a string of at most ${MAX_PREFIX_BYTES} bytes without ":", "|", "@" and control characters`,
    accepts: (value) =>
      typeof value === 'string' &&
      value.length <= MAX_PREFIX_BYTES &&
      Buffer.byteLength(value) <= MAX_PREFIX_BYTES &&
      cleanName(value) === value,
  },
  tags: {
    must: `be an object of strings, numbers and booleans, of at most ${MAX_NAME_BYTES} bytes`,
    accepts: isTagsObject,
    read: (value: Tags) => {
      const tags = canonicalTags(value);
      if (Buffer.byteLength(tags.join()) > MAX_NAME_BYTES) {
        throw new RangeError(`they are longer than ${MAX_NAME_BYTES} bytes`);
      }
      return tags;
    },
  },
  service: ORIGIN,
  instance: ORIGIN,
  env: ORIGIN,
  version: ORIGIN,
  maxMetrics: integer(1),
  maxSamples: {
    must: 'be an integer of at least 3, or Infinity',
    accepts: (value) => value === Infinity || (Number.isInteger(value) && (value as number) >= 3),
  },
  rules: {
    must: 'be a list of rules',
    accepts: Array.isArray,
    read: (value: readonly Rule[]) => (value.length === 0 ? undefined : new Rules(value)),
  },
  exemplars: CHECKS.boolean,
  enabled: CHECKS.boolean,
  telemetry: {
    must: "be true, false or 'collector'",
    accepts: (value) => typeof value === 'boolean' || value === 'collector',
  },
  runtimeMetrics: CHECKS.boolean,
  handleSignals: CHECKS.boolean,
  exitTimeout: CHECKS.delay,
  logger: {
    must: 'be an object with a method warn or warning',
    accepts: (value) => hasMethods(value, 'warn') || hasMethods(value, 'warning'),
  },
  onError: CHECKS.function,
};

/**
 * Translates options into settings. An option that is undefined counts as not given.
 *
 * @throws TypeError that names the option and its value.
 */
export function readSettings(options: StatsdOptions): Partial<Settings> {
  return readOptions(options, OPTIONS);
}

/** Reads the prefix and tags of a child client, under the same rules. */
export function readNaming(options: unknown): Partial<Pick<Settings, 'prefix' | 'tags'>> {
  const { prefix, tags } = OPTIONS;
  return readOptions<Pick<Settings, 'prefix' | 'tags'>>(options, { prefix, tags }, 'child: ');
}

/** The prefix and tags that settings add to metrics. */
export function namingOf({
  prefix,
  tags,
  service,
  instance,
  env,
  version,
}: Pick<Settings, 'prefix' | 'tags' | 'service' | 'instance' | 'env' | 'version'>): Naming {
  const origin = canonicalTags({
    service: service || undefined,
    instance: instance || undefined,
    env: env || undefined,
    version: version || undefined,
  });
  return { prefix: dotted(prefix), tags, origin, ascii: isAscii(prefix + tags.join() + origin.join()) };
}
