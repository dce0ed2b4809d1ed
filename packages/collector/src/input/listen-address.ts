import { lookup } from 'node:dns/promises';
import { isIP, isIPv6 } from 'node:net';
import type { Address } from '../config/address.js';

/** An address to listen on. */
export interface ListenAddress {
  /** A number, but where a name couldn't be looked up. */
  readonly address: string;
  readonly family: 4 | 6;
  readonly port: number;
  /** As it was asked for, with the number of `localhost`. */
  readonly shown: Address;
  /** Whether it is left out where the machine doesn't have it. */
  readonly isOptional: boolean;
}

/** Clients that look `localhost` up may get either one. */
const LOOPBACKS = ['127.0.0.1', '::1'] as const;

/**
 * The addresses as numbers: `localhost` is both loopbacks, and other names are looked up for IPv4, as Node's sockets do. Each
 * comes once.
 *
 * @param onFailure - makes the error of a name that can't be looked up.
 */
export async function resolve(
  addresses: readonly Address[],
  onFailure: (error: Error, address: Address) => Error,
): Promise<ListenAddress[]> {
  const found = new Map<string, ListenAddress>();
  const add = (shown: Address, address: string, isOptional: boolean): void => {
    const { port } = shown;
    const key = `${address} ${port}`;
    const family = isIPv6(address) ? 6 : 4;
    // An address that was given as a number is never left out, because the user asked for just this one.
    if (!isOptional || !found.has(key)) found.set(key, { address, family, port, shown, isOptional });
  };
  for (const asked of addresses) {
    const { host, port } = asked;
    if (host === 'localhost') {
      for (const address of LOOPBACKS) add({ host: address, port }, address, true);
    } else if (isIP(host) === 0) {
      const looked = await lookup(host, 4).catch((error: Error) => {
        throw onFailure(error, asked);
      });
      add(asked, looked.address, false);
    } else add(asked, host, false);
  }
  return [...found.values()];
}
