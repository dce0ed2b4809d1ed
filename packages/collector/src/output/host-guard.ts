import { isIP } from 'node:net';
import { hostname } from 'node:os';

const LOOPBACK_NAMES = ['localhost', 'localhost.localdomain', 'ip6-localhost', 'ip6-loopback'];

/** The properties of a server that decide which names it answers to. */
export interface Listening {
  /** The configured host: a name or an address. */
  readonly host: string;
  /** The address on which it listens. */
  readonly address: string;
  /** Further names that are accepted. */
  readonly allowHosts: readonly string[];
}

/**
 * Whether a request with this `Host` header is meant for this server. This protects against DNS rebinding: a stranger's web page
 * lets its own name point to 127.0.0.1, so that the page may read from there. The header then has the stranger's name. An address
 * or an empty header is always accepted, because such a page needs a name.
 *
 * The accepted names are those of loopback, the machine's own, and `allowHosts`. On an address other than loopback, every name is
 * accepted unless `allowHosts` are given.
 */
export function hostGuard({ host, address, allowHosts }: Listening): (header: string | undefined) => boolean {
  if (allowHosts.length === 0 && !isLoopback(address)) return () => true;
  const own = hostname();
  const names = new Set([...LOOPBACK_NAMES, own, own.split('.', 1)[0]!, host, ...allowHosts].map(normal));
  return (header) => {
    const name = nameOf(header ?? '');
    return name === '' || isIP(name) !== 0 || names.has(name);
  };
}

/** The header without its port. */
function nameOf(header: string): string {
  const match = /^(?:\[([^\]]*)\]|([^:]*))(?::\d*)?$/.exec(header.trim());
  return match === null ? header : normal(match[1] ?? match[2]!);
}

/** A name in lower case, without the dot that may end a complete name. */
function normal(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}

function isLoopback(address: string): boolean {
  return address === '::1' || /^(?:::ffff:)?127\./.test(address);
}
