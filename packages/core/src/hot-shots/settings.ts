import type { StatsdOptions } from '../client/options.js';
import { datadogOrigin } from '../host/datadog-origin.js';
import type { Transport } from '../transport/transport.js';
import { UDPTransport } from '../transport/udp.js';
import { UDSTransport } from '../transport/uds.js';
import { makeFormat } from '../wire/formats.js';
import { type OriginOptions, originFields } from '../wire/origin-fields.js';
import { type LineStreamOptions, MockLines, StreamLines } from './line-stream.js';
import type { ClientOptions } from './options.js';
import { TcpLines } from './tcp-lines.js';

/** Default limit of a message, in bytes. It fits into one Ethernet frame. */
const MESSAGE_BYTES = 1432;
/** Limit of a datagram over a UNIX socket, in bytes. It is the default of the Datadog Agent. */
const SOCKET_BYTES = 8192;
const BUFFER_FLUSH_MS = 1000;
const AGGREGATION_FLUSH_MS = 2000;

/** Environment variables of which each one implies a Datadog Agent. */
const DATADOG_VARIABLES = [
  'DD_AGENT_HOST',
  'DD_DOGSTATSD_PORT',
  'DD_DOGSTATSD_URL',
  'DD_DOGSTATSD_SOCKET',
  'DD_ENTITY_ID',
  'DD_ENV',
  'DD_SERVICE',
  'DD_VERSION',
  'DD_EXTERNAL_ENV',
  'DD_CARDINALITY',
];

/** The endpoint to which a hot-shots client sends. */
export interface Endpoint {
  readonly protocol: 'udp' | 'tcp' | 'uds' | 'stream';
  readonly host: string | undefined;
  readonly port: number;
  readonly path: string | undefined;
}

/** Reads the endpoint from the options and the environment. */
export function endpointOf(options: ClientOptions, env: NodeJS.ProcessEnv): Endpoint {
  const { telegraf = false, host, port, path, stream } = options;
  const protocol = options.protocol?.toLowerCase() as Endpoint['protocol'] | undefined;
  const isOpen = !telegraf && (protocol ?? host ?? port ?? path ?? stream) === undefined;
  const given = isOpen
    ? (fromUrl(env['DD_DOGSTATSD_URL']) ?? fromPath(env['DD_DOGSTATSD_SOCKET']))
    : undefined;
  return (
    given ?? {
      protocol: protocol ?? 'udp',
      host: host || env['DD_AGENT_HOST'] || undefined,
      port: isPort(port) ? port : Number.parseInt(env['DD_DOGSTATSD_PORT'] ?? '', 10) || 8125,
      path,
    }
  );
}

function fromUrl(url: string | undefined): Endpoint | undefined {
  const path = /^unix(?:gram)?:\/\/(\/.+)$/.exec(url ?? '')?.[1];
  if (path !== undefined) return fromPath(path);
  const [, host, port] = /^udp:\/\/(\[[^\]]+\]|[^:/]+)(?::(\d+))?\/?$/.exec(url ?? '') ?? [];
  if (host === undefined) return undefined;
  return {
    protocol: 'udp',
    host: host.replace(/^\[(.*)\]$/, '$1'),
    port: Number(port ?? 8125),
    path: undefined,
  };
}

function fromPath(text: string | undefined): Endpoint | undefined {
  const path = text?.trim();
  return path ? { protocol: 'uds', host: undefined, port: 8125, path } : undefined;
}

function isPort(port: unknown): port is number {
  return Number.isInteger(port) && (port as number) >= 1 && (port as number) <= 65_535;
}

/** The options of our client, and the list of messages if the client is a mock. */
export interface Made {
  readonly options: StatsdOptions;
  readonly mock: MockLines | undefined;
  /** Whether each call leaves at once. */
  readonly isImmediate: boolean;
}

/** Translates the options of hot-shots into options of our client. */
export function settingsOf(options: ClientOptions, endpoint: Endpoint, env: NodeJS.ProcessEnv): Made {
  const { aggregation, errorHandler, includeDatadogTelemetry } = options;
  const interval = options.mock === true ? 0 : intervalOf(options, endpoint);
  const transport = options.mock === true ? undefined : options.transport;
  const made = transport ?? transportOf(options, endpoint, env);
  const contexts = typeof aggregation === 'object' ? aggregation.maxContexts : undefined;
  return {
    isImmediate: interval === 0,
    mock: made instanceof MockLines ? made : undefined,
    options: {
      transport: made,
      interval,
      service: false,
      instance: false,
      env: false,
      version: false,
      ...(typeof includeDatadogTelemetry === 'boolean' ? { telemetry: includeDatadogTelemetry } : {}),
      ...(isCount(contexts) ? { maxMetrics: contexts } : {}),
      // The error handler gets the warnings, so nothing is printed.
      ...(typeof errorHandler === 'function' ? { onError: errorHandler, logger: SILENT } : {}),
    },
  };
}

const SILENT = { warn(): void {}, info(): void {} };

function isCount(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) > 0;
}

function intervalOf(options: ClientOptions, { protocol }: Endpoint): number {
  const { interval, aggregation, maxBufferSize, bufferFlushInterval } = options;
  if (interval !== undefined) return interval;
  if (aggregation !== undefined && aggregation !== false) {
    return (
      positive(typeof aggregation === 'object' ? aggregation.flushInterval : undefined) ??
      AGGREGATION_FLUSH_MS
    );
  }
  const buffers = maxBufferSize === undefined ? protocol === 'uds' : maxBufferSize > 0;
  return buffers ? (positive(bufferFlushInterval) ?? BUFFER_FLUSH_MS) : 0;
}

function positive(ms: number | undefined): number | undefined {
  return typeof ms === 'number' && ms > 0 ? ms : undefined;
}

function transportOf(options: ClientOptions, endpoint: Endpoint, env: NodeJS.ProcessEnv): Transport {
  const { telegraf = false, mock, stream } = options;
  const { protocol, host = '127.0.0.1', port, path } = endpoint;
  const isDatadog = options.datadog ?? DATADOG_VARIABLES.some((name) => Boolean(env[name]));
  const format = telegraf ? 'influx' : 'dogstatsd';
  const origin = isDatadog && !telegraf ? originOf(options, env) : {};
  const line = telegraf ? { wholeCounters: false } : { ...origin, gaugeChanges: true };
  const bytes = messageBytes(options, protocol);
  if (!mock && protocol === 'udp')
    return new UDPTransport({ host, port, format, maxMessageBytes: bytes, ...line });
  if (!mock && protocol === 'uds') {
    return new UDSTransport({
      ...(path === undefined ? {} : { path }),
      format,
      maxMessageBytes: bytes,
      ...line,
    });
  }
  const lines: LineStreamOptions = {
    format: makeFormat(format, line),
    origin: originFields(origin),
    readsEvents: !telegraf,
    maxMessageBytes: bytes,
  };
  if (mock) return new MockLines(lines);
  if (protocol === 'tcp') return new TcpLines(host, port, lines);
  if (protocol === 'stream' && stream !== undefined) return new StreamLines(stream, lines);
  throw new TypeError(
    `option protocol must be udp, tcp, uds, or stream with the option stream; it is ${protocol}`,
  );
}

/** The origin of the process. `DD_ENTITY_ID` isn't part of it, because it is one of the global tags. */
function originOf(options: ClientOptions, env: NodeJS.ProcessEnv): OriginOptions {
  const { originDetection = true, containerID, cardinality } = options;
  const found = datadogOrigin(env);
  const detects = originDetection && !isOff(env['DD_ORIGIN_DETECTION_ENABLED']);
  const given = {
    containerId: containerID ?? (detects ? found.containerId : undefined),
    externalData: found.externalData,
    cardinality: cardinality ?? found.cardinality,
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function isOff(text: string | undefined): boolean {
  return text !== undefined && ['0', 'false', 'no', 'off', 'n', 'f'].includes(text.toLowerCase());
}

/** Limit of a message, in bytes. A `maxBufferSize` below 1432 bytes counts as 1432, because a line may be longer than it. */
function messageBytes({ maxBufferSize = 0 }: ClientOptions, protocol: string): number {
  if (protocol === 'uds') return SOCKET_BYTES;
  return Math.min(Math.max(maxBufferSize, MESSAGE_BYTES), 65_507);
}
