import type { LookupAddress } from 'node:dns';
import { URL } from 'node:url';
import { RUNTIME, denoGrants } from '../host/runtime.js';
import { AF_INET, AF_INET6, type LibcSocket, type SocketError, connectDatagram } from './libc-socket.js';

/**
 * A UDP socket of libc, so each call is done when it returns. It is for runtimes whose own sockets need the event loop: Bun
 * connects them later, and Deno sends with them later.
 */
export class UdpDatagram {
  readonly #socket: LibcSocket;

  /** @throws Error if the socket can't be made, for instance because koffi isn't installed. */
  constructor({ address, family }: LookupAddress, port: number) {
    // libc doesn't check Deno's permissions, so they are checked here.
    const host = family === 6 ? `[${address}]:${port}` : `${address}:${port}`;
    if (RUNTIME === 'deno' && !denoGrants({ name: 'net', host }))
      throw new Error(`no --allow-net of ${host}`);
    this.#socket =
      family === 6
        ? connectDatagram(AF_INET6, socketAddress6(address, port))
        : connectDatagram(AF_INET, socketAddress4(address, port));
  }

  /**
   * Sends a datagram.
   *
   * @returns false if the kernel has no room.
   * @throws SocketError, `ECONNREFUSED` if the datagram before this one was refused.
   */
  send(text: string): boolean {
    try {
      this.#socket.send(Buffer.from(text));
      return true;
    } catch (error) {
      if (['EAGAIN', 'ENOBUFS'].includes((error as SocketError).code)) return false;
      throw error;
    }
  }

  /**
   * Reads a datagram into the array.
   *
   * @returns The length of the datagram, in bytes.
   * @throws SocketError, `EAGAIN` if there is none, `ECONNREFUSED` if nobody listens.
   */
  receive(into: Uint8Array): number {
    return this.#socket.receive(into);
  }

  close(): void {
    this.#socket.close();
  }
}

/** `struct sockaddr_in`: the family, the port and the address, in network order, and 8 bytes of nothing. */
function socketAddress4(address: string, port: number): Uint8Array {
  const bytes = Buffer.alloc(16);
  bytes.writeUInt16BE(port, 2);
  bytes.set(address.split('.').map(Number), 4);
  return bytes;
}

/** `struct sockaddr_in6`: the family, the port, the flow, the address and the scope. */
function socketAddress6(address: string, port: number): Uint8Array {
  const bytes = Buffer.alloc(28);
  bytes.writeUInt16BE(port, 2);
  groupsOf(address).forEach((group, i) => bytes.writeUInt16BE(group, 8 + 2 * i));
  return bytes;
}

/**
 * The 8 groups of an IPv6 address. A URL normalises the address to groups without dots.
 *
 * @throws TypeError for an address with a zone.
 */
function groupsOf(address: string): number[] {
  const [before = '', after] = new URL(`http://[${address}]/`).hostname.slice(1, -1).split('::');
  const read = (groups: string): number[] =>
    groups === '' ? [] : groups.split(':').map((group) => Number.parseInt(group, 16));
  if (after === undefined) return read(before);
  const [first, last] = [read(before), read(after)];
  return [...first, ...Array.from({ length: 8 - first.length - last.length }, () => 0), ...last];
}
