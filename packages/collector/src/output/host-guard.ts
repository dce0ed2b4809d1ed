import { isIP } from 'node:net';
import { hostname } from 'node:os';

const LOOPBACK_NAMES = ['localhost', 'localhost.localdomain', 'ip6-localhost', 'ip6-loopback'];

/** By what the names are chosen that a server answers to. */
export interface Listening {
  /** As it was told to listen: a name or an address. */
  readonly host: string;
  /** The address on which it listens. */
  readonly address: string;
  /** Further names. */
  readonly allowHosts: readonly string[];
}

/**
 * Whether a request with this `Host` header is meant for this server. A web page of a stranger can let its own name point to
 * 127.0.0.1, and read what is there (DNS rebinding): then the header has that name. An address is always right, and so is
 * none, because a name is what such a page needs.
 *
 * On loopback the names of loopback, the machine's own and `allowHosts` are right. On any other address every name is, unless
 * `allowHosts` are given.
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

/** A dot at the end says that nothing is to be added to a name. */
function normal(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}

function isLoopback(address: string): boolean {
  return address === '::1' || /^(?:::ffff:)?127\./.test(address);
}
