import type { Logger } from '../account/report.js';
import { DEFAULT_INTERVAL_MS } from '../send/interval.js';
import { describe } from '../text/describe.js';
import { MAX_NAME_BYTES, cleanName, dotted, isAscii } from '../text/name.js';
import { type Tag, type Tags, canonicalTags } from '../text/tags.js';
import { AFTransport } from '../transport/af.js';
import { transportFromUrl } from '../transport/from-url.js';
import { type Transport, isTransport } from '../transport/transport.js';
import type { Naming } from '../wire/format.js';

/** What a client can be told; each option stands for itself. */
export interface StatsdOptions {
  /**
   * Where flushes go: a transport, or its URL (`mq:///afcollectorapi`, `udp://127.0.0.1:8125?format=dogstatsd`, `unix:///path`, `memory:`, `null:`).
   * Default: `AFSTATSD_URL`, else an `AFTransport`.
   */
  readonly transport?: Transport | string;
  /**
   * Time between flushes, in ms; 0 sends each call at once. Default: `AFSTATSD_INTERVAL`, else 20,000; in a worker thread
   * 1,000, since nothing can be sent any more when the main thread ends it.
   */
  readonly interval?: number;
  /** Stands before every name, with a dot between. Default: `AFSTATSD_PREFIX`, else none. */
  readonly prefix?: string;
  /**
   * Tags of every metric: they come after its own, which win where keys are equal. Together at most 512 bytes.
   * Default: `AFSTATSD_TAGS`, else none.
   */
  readonly tags?: Tags;
  /** At most so many distinct metrics live at once; samples of further names are dropped and counted. Default 10,000. */
  readonly maxMetrics?: number;
  /**
   * Values that a timer keeps as they are until it is sent; past that it counts them in buckets, and sends as many values
   * that stand for all. Also the most members that a set keeps. At least 3, or `Infinity`. Default 1024.
   */
  readonly maxSamples?: number;
  /** `false` records nothing and sends nothing. Default: not `AFSTATSD_DISABLED`. */
  readonly enabled?: boolean;
  /** Adds the client's own ledger to every flush, as `afstatsd.client.recorded`, `.sent`, `.dropped` and `.pending`. Default false. */
  readonly telemetry?: boolean;
  /** Whether SIGTERM, SIGINT and SIGHUP flush before they end the process. Default true. */
  readonly handleSignals?: boolean;
  /** How long the end of the process waits for room in a full queue, in ms. Default 1,000. */
  readonly exitTimeout?: number;
  /** Hears one line per kind of problem and per change of state. Default: `process.emitWarning`, problems only. */
  readonly logger?: Logger;
  /** Called with each problem that the logger hears of. Default: nobody. */
  readonly onError?: (error: Error) => void;
}

export interface Settings {
  transport: Transport;
  interval: number;
  prefix: string;
  tags: readonly Tag[];
  maxMetrics: number;
  maxSamples: number;
  enabled: boolean;
  telemetry: boolean;
  handleSignals: boolean;
  exitTimeout: number;
  logger: Logger | undefined;
  onError: ((error: Error) => void) | undefined;
}

/** The longest delay that a timer of Node takes, in ms. */
export const MAX_DELAY = 2_147_483_647;
const MAX_PREFIX_BYTES = 255;

export function defaultSettings(): Settings {
  return {
    transport: new AFTransport(),
    interval: DEFAULT_INTERVAL_MS,
    prefix: '',
    tags: [],
    maxMetrics: 10_000,
    maxSamples: 1024,
    enabled: true,
    telemetry: false,
    handleSignals: true,
    exitTimeout: 1_000,
    logger: undefined,
    onError: undefined,
  };
}

type Check<T> = {
  readonly must: string;
  readonly accepts: (value: unknown) => boolean;
  readonly read?: (value: never) => T;
};

const isBoolean = (value: unknown): boolean => typeof value === 'boolean';
const isDelay = (value: unknown): boolean => typeof value === 'number' && value >= 0 && value <= MAX_DELAY;
const hasMethod = (value: unknown, name: string): boolean =>
  typeof value === 'object' &&
  value !== null &&
  typeof (value as Record<string, unknown>)[name] === 'function';

const CHECKS: { readonly [K in keyof Settings]: Check<Settings[K]> } = {
  transport: {
    must: 'be a transport or the URL of one, such as mq:///name or udp://host:port',
    accepts: (value) => typeof value === 'string' || isTransport(value),
    read: (value: Transport | string) => (typeof value === 'string' ? transportFromUrl(value) : value),
  },
  interval: { must: `be a number of ms from 0 to ${MAX_DELAY}`, accepts: isDelay },
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
    accepts: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
    read: (value: Tags) => {
      const tags = canonicalTags(value);
      if (Buffer.byteLength(tags.join()) > MAX_NAME_BYTES) {
        throw new RangeError(`they are longer than ${MAX_NAME_BYTES} bytes`);
      }
      return tags;
    },
  },
  maxMetrics: {
    must: 'be a positive integer',
    accepts: (value) => Number.isInteger(value) && (value as number) > 0,
  },
  maxSamples: {
    must: 'be an integer of at least 3, or Infinity',
    accepts: (value) => value === Infinity || (Number.isInteger(value) && (value as number) >= 3),
  },
  enabled: { must: 'be true or false', accepts: isBoolean },
  telemetry: { must: 'be true or false', accepts: isBoolean },
  handleSignals: { must: 'be true or false', accepts: isBoolean },
  exitTimeout: { must: `be a number of ms from 0 to ${MAX_DELAY}`, accepts: isDelay },
  logger: {
    must: 'be an object with a method warn or warning',
    accepts: (value) => hasMethod(value, 'warn') || hasMethod(value, 'warning'),
  },
  onError: { must: 'be a function', accepts: (value) => typeof value === 'function' },
};

/**
 * The settings that the options stand for. An option that is undefined is one that was not given.
 *
 * @throws TypeError that names the option and its value.
 */
export function readOptions(options: StatsdOptions): Partial<Settings> {
  if (typeof options !== 'object' || options === null) {
    throw new TypeError(`options must be an object; they are ${describe(options)}`);
  }
  const settings: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(options)) {
    const check = Object.hasOwn(CHECKS, name)
      ? (CHECKS[name as keyof Settings] as Check<unknown>)
      : undefined;
    if (check === undefined) {
      throw new TypeError(
        `unknown option ${describe(name)} (${describe(value)}); there are ${Object.keys(CHECKS).join(', ')}`,
      );
    }
    if (value === undefined) continue;
    if (!check.accepts(value))
      throw new TypeError(`option ${name} must ${check.must}; it is ${describe(value)}`);
    settings[name] = check.read === undefined ? value : readAs(name, check.read, value);
  }
  return settings;
}

/** The prefix and tags of a child client, under the same rules. */
export function readNaming(options: StatsdOptions): Pick<Partial<Settings>, 'prefix' | 'tags'> {
  if (typeof options !== 'object' || options === null) {
    throw new TypeError(`a child's options must be an object; they are ${describe(options)}`);
  }
  const { prefix, tags, ...others } = options;
  const [other] = Object.keys(others);
  if (other !== undefined) throw new TypeError(`a child takes prefix and tags only, not ${describe(other)}`);
  return readOptions({ prefix, tags } as StatsdOptions);
}

/** The naming that the options `prefix` and `tags` stand for. */
export function namingOf(prefix: string, tags: readonly Tag[]): Naming {
  return { prefix: dotted(prefix), tags, ascii: isAscii(prefix + tags.join()) };
}

function readAs(name: string, read: (value: never) => unknown, value: unknown): unknown {
  try {
    return read(value as never);
  } catch (error) {
    throw new TypeError(`option ${name} can't be ${describe(value)}: ${(error as Error).message}`, {
      cause: error,
    });
  }
}
