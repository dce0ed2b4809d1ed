import { describe } from '../text/describe.js';
import type { StatsdFormat } from '../wire/formats.js';
import { AFTransport } from './af.js';
import { MemoryTransport } from './memory.js';
import { NullTransport } from './null.js';
import type { Transport } from './transport.js';
import { UDPTransport, type UDPTransportOptions } from './udp.js';
import { UDSTransport } from './uds.js';

/** What stands before the colon, and how the rest is read. */
const SCHEMES: Readonly<Record<string, (url: URL) => Transport>> = {
  'mq:': mqTransport,
  'udp:': ({ hostname, port, searchParams }) =>
    new UDPTransport({
      // An IPv6 address stands in brackets.
      host: hostname.replace(/^\[(.*)\]$/, '$1'),
      ...(port === '' ? {} : { port: Number(port) }),
      ...lineOptions(searchParams),
    }),
  'unix:': unixTransport,
  'memory:': () => new MemoryTransport(),
  'null:': () => new NullTransport(),
};

/**
 * The transport that a URL stands for: `mq:///queue?fallback=false`, `udp://host:port?format=dogstatsd`, `unix:///path`,
 * `memory:` or `null:`. For UDP and UNIX sockets the options `format`, `timer`, `timerRate` and `maxMessageBytes` can be
 * given after the question mark.
 *
 * @throws TypeError for any other text.
 */
export function transportFromUrl(text: string): Transport {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const read = url && Object.hasOwn(SCHEMES, url.protocol) ? SCHEMES[url.protocol] : undefined;
  if (url === undefined || read === undefined) {
    throw new TypeError(
      `a transport's URL is mq:///name, udp://host:port, unix:///path, memory: or null:; it is ${describe(text)}`,
    );
  }
  return read(url);
}

function unixTransport({ host, pathname, searchParams }: URL): Transport {
  if (host !== '')
    throw new TypeError('the URL of a socket has three slashes, as in unix:///var/run/dsd.socket');
  return new UDSTransport({ path: decodeURIComponent(pathname), ...lineOptions(searchParams) });
}

function mqTransport({ host, pathname, searchParams }: URL): Transport {
  if (host !== '') throw new TypeError('the URL of a queue has three slashes, as in mq:///afcollectorapi');
  const queue = decodeURIComponent(pathname);
  const { fallback, ...others } = Object.fromEntries(searchParams);
  refuseOthers(others);
  if (fallback === undefined) return new AFTransport({ queue });
  return new AFTransport({ queue, fallback: fallback === 'false' ? false : transportFromUrl(fallback) });
}

/** The options after the question mark. Their values are checked by the transport. */
function lineOptions(params: URLSearchParams): Omit<UDPTransportOptions, 'host' | 'port'> {
  const { format, timer, timerRate, maxMessageBytes, ...others } = Object.fromEntries(params);
  refuseOthers(others);
  return {
    ...(format === undefined ? {} : { format: format as StatsdFormat }),
    ...(timer === undefined ? {} : { timer: timer as 'timer' }),
    ...(timerRate === undefined
      ? {}
      : { timerRate: timerRate === 'true' ? true : timerRate === 'false' ? false : (timerRate as never) }),
    ...(maxMessageBytes === undefined ? {} : { maxMessageBytes: Number(maxMessageBytes) }),
  };
}

function refuseOthers(others: Record<string, string>): void {
  const [other] = Object.keys(others);
  if (other !== undefined) throw new TypeError(`the URL has an unknown option ${describe(other)}`);
}
