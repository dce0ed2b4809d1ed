/** An address to listen on. */
export interface Address {
  /** A name, or an IPv4 or IPv6 address. */
  readonly host: string;
  /** From 1 to 65,535. */
  readonly port: number;
}

/** The default host. With it, only programs on this machine can send or ask. */
const LOOPBACK = '127.0.0.1';

/**
 * Reads `HOST:PORT`, `PORT`, `:PORT` or `off`.
 *
 * @param host - the host for a text without one. Default: 127.0.0.1.
 * @throws Error that says what the text must be.
 */
export function readAddress(text: string, host: string = LOOPBACK): Address | false {
  if (text === 'off') return false;
  const match = /^(?:(?:\[([0-9a-fA-F:.%\w]+)\]|([^:\s[\]]+))?:)?(\d{1,5})$/.exec(text);
  const port = Number(match?.[3]);
  if (match === null || port < 1 || port > 65_535)
    throw new Error('HOST:PORT or PORT, such as 127.0.0.1:8125, [::1]:8125 or 8125, or off');
  return { host: match[1] ?? match[2] ?? host, port };
}

/** An address as text. An IPv6 address stands in brackets. */
export function describeAddress({ host, port }: Address): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
