import { lookup } from 'node:dns/promises';
import { isIP, isIPv6 } from 'node:net';
import type { Address } from '../config/address.js';

/** An address to listen on. */
export interface ListenAddress {
  /** The address as a number. */
  readonly address: string;
  readonly family: 4 | 6;
  readonly port: number;
  /** The address as it was configured, for messages. `localhost` is shown as its number. */
  readonly shown: Address;
  /** Whether the address is left out if the machine doesn't have it. */
  readonly isOptional: boolean;
}

/** The addresses of `localhost`. Both are needed, because a client may get either one for the name. */
const LOOPBACKS = ['127.0.0.1', '::1'] as const;

/**
 * The addresses as numbers, without duplicates. `localhost` is both loopbacks. Other names are looked up for IPv4, as Node's
 * sockets do.
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
