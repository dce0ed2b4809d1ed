import { URL, type URLSearchParams } from 'node:url';
import { parseBoolean } from '../check/parse.js';
import { describe } from '../text/describe.js';
import { AFTransport } from './af.js';
import { MemoryTransport } from './memory.js';
import { NullTransport } from './null.js';
import type { Transport } from './transport.js';
import { UDPTransport } from './udp.js';
import { UDSTransport } from './uds.js';

/** The forms of a transport's URL, for an error. */
export const TRANSPORT_URLS = 'mq:///name, udp://host:port, unix:///path, memory: or null:';

/** Readers of URLs, by scheme. */
const SCHEMES: Readonly<Record<string, (url: URL) => Transport>> = {
  'mq:': mqTransport,
  'udp:': ({ hostname, port, searchParams }) =>
    new UDPTransport({
      // An IPv6 address stands in brackets.
      host: hostname.replace(/^\[(.*)\]$/, '$1'),
      ...(port === '' ? {} : { port: Number(port) }),
      ...optionsIn(searchParams, LINE_OPTIONS),
    }),
  'unix:': unixTransport,
  'memory:': ({ searchParams }) => new MemoryTransport(optionsIn(searchParams, ['tags'])),
  'null:': () => new NullTransport(),
};

/**
 * Makes the transport of a URL: `mq:///queue?fallback=false&tags=fold`, `udp://host:port?format=dogstatsd`, `unix:///path`,
 * `memory:` or `null:`. Options of UDP and UNIX sockets follow the question mark, except `host`, `port` and `path`.
 *
 * @throws TypeError for any other text.
 * @example
 * ```js
 * const { transportFromUrl } = require('@afstatsd/core');
 * console.log(transportFromUrl('udp://127.0.0.1:8125?format=dogstatsd').stats().detail);
 * ```
 */
export function transportFromUrl(text: string): Transport {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const read = url && Object.hasOwn(SCHEMES, url.protocol) ? SCHEMES[url.protocol] : undefined;
  if (url === undefined || read === undefined) {
    throw new TypeError(`a transport's URL is ${TRANSPORT_URLS}; it is ${describe(text)}`);
  }
  return read(url);
}

function unixTransport({ host, pathname, searchParams }: URL): Transport {
  if (host !== '')
    throw new TypeError('the URL of a socket has three slashes, as in unix:///var/run/dsd.socket');
  return new UDSTransport({ path: decodeURIComponent(pathname), ...optionsIn(searchParams, LINE_OPTIONS) });
}

function mqTransport({ host, pathname, searchParams }: URL): Transport {
  if (host !== '') throw new TypeError('the URL of a queue has three slashes, as in mq:///afcollectorapi');
  const queue = decodeURIComponent(pathname);
  const { fallback, ...options } = optionsIn(searchParams, ['fallback', 'tags']) as { fallback?: string };
  if (fallback === undefined) return new AFTransport({ queue, ...options });
  const none = parseBoolean(fallback) === false;
  return new AFTransport({ queue, ...options, fallback: none ? false : transportFromUrl(fallback) });
}

/** Readers of options that aren't texts. The transport checks the result. */
const READERS: Readonly<Record<string, (text: string) => unknown>> = {
  maxMessageBytes: Number,
  timerRate: (text) => parseBoolean(text) ?? text,
  wholeCounters: (text) => parseBoolean(text) ?? text,
  gaugeChanges: (text) => parseBoolean(text) ?? text,
  originDetection: (text) => parseBoolean(text) ?? text,
};

const LINE_OPTIONS = [
  'cardinality',
  'containerId',
  'externalData',
  'format',
  'gaugeChanges',
  'maxMessageBytes',
  'originDetection',
  'timer',
  'timerRate',
  'wholeCounters',
];

/** The options after the question mark. An option that isn't in `known` is an error. */
function optionsIn(params: URLSearchParams, known: readonly string[]): Record<string, unknown> {
  const options: Record<string, unknown> = {};
  for (const [name, text] of params) {
    if (!known.includes(name)) throw new TypeError(`the URL has an unknown option ${describe(name)}`);
    options[name] = Object.hasOwn(READERS, name) ? READERS[name]!(text) : text;
  }
  return options;
}
