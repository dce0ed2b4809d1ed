import { type Libc, PortError } from './libc.js';

export const AF_UNIX = 1;
const AF_INET = 2;
export const AF_INET6 = 10;

/** Room for the longest address, `struct sockaddr_un`, in bytes. It is rounded up, so that the next address is aligned. */
export const LONGEST_ADDRESS_BYTES = 112;

/** The address of a socket: a number, because names are looked up before, or the path of a UNIX socket. */
export type PortAddress =
  | { readonly family: 4 | 6; readonly address: string; readonly port: number }
  | { readonly family: 'unix'; readonly path: string };

/** The kernel's number of the family. */
export function familyOf({ family }: PortAddress): number {
  return family === 'unix' ? AF_UNIX : family === 6 ? AF_INET6 : AF_INET;
}

/**
 * Writes an address in the kernel's form, and returns its length in bytes.
 *
 * @param memory - where to write.
 * @param offset - the place in the memory, in bytes.
 * @param at - the address of the memory.
 */
export function writeAddress(
  libc: Libc,
  address: PortAddress,
  { memory, offset, at }: { memory: ArrayBuffer; offset: number; at: number },
): number {
  new Uint8Array(memory, offset, LONGEST_ADDRESS_BYTES).fill(0);
  const view = new DataView(memory);
  view.setUint16(offset, familyOf(address), true);
  if (address.family === 'unix') {
    const path = Buffer.from(address.path);
    new Uint8Array(memory, offset + 2).set(path);
    return 2 + path.length + 1;
  }
  view.setUint16(offset + 2, address.port);
  const isIPv6 = address.family === 6;
  if (libc.inetPton(familyOf(address), address.address, at + offset + numberOffset(isIPv6)) !== 1)
    throw new PortError('bind', 'EINVAL');
  return isIPv6 ? 28 : 16;
}

/** The offset of the number in the kernel's form of an IPv4 or IPv6 address, in bytes. */
export function numberOffset(isIPv6: boolean): number {
  return isIPv6 ? 8 : 4;
}
