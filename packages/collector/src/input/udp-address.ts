import { lookup } from 'node:dns/promises';
import { isIP, isIPv6 } from 'node:net';
import type { Address } from '../config/options.js';

/** What the kernel is asked to hold for a busy while, in bytes; it gives what it allows. */
export const RECEIVE_BUFFER_BYTES: number = 8 * 1024 * 1024;

/** The address of a host as a number. Names are looked up for IPv4, as Node's sockets do. Rejects as `dns.lookup` does. */
export async function resolve(host: string): Promise<{ address: string; family: 4 | 6 }> {
  if (isIP(host) !== 0) return { address: host, family: isIPv6(host) ? 6 : 4 };
  const { address } = await lookup(host, 4);
  return { address, family: 4 };
}

/** An error that says what to do about a port that can't be had. */
export function explain(error: Error, { host, port }: Address): Error {
  const { code } = error as NodeJS.ErrnoException;
  const advice: Record<string, string> = {
    EADDRINUSE: 'another program has this port; end it, or give --udp another one, or --udp off',
    EACCES: 'this user may not use this port; give --udp one above 1023',
    EADDRNOTAVAIL: 'this machine has no such address',
    ENOTFOUND: 'there is no such host',
  };
  return new Error(`can't listen on UDP ${host}:${port} (${code}): ${advice[code ?? ''] ?? error.message}`, {
    cause: error,
  });
}
