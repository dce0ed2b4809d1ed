import { getSystemErrorName } from 'node:util';
import type * as Koffi from 'koffi';
import { closeWhenGone, noteClosed, isElsewhere, requireOnce } from '../host/node-realm.js';

/** A failed call of libc. */
export class SocketError extends Error {
  readonly syscall: string;
  readonly code: string;

  constructor(syscall: string, errno: number) {
    const code = getSystemErrorName(-errno);
    super(`${syscall}: ${code}`);
    this.syscall = syscall;
    this.code = code;
  }
}

/** A datagram socket of libc, connected to one address. Each call is done when it returns. */
export interface LibcSocket {
  /** Hands a datagram to the kernel. Throws a SocketError. `EAGAIN` and `ENOBUFS` mean that there is no room. */
  send(bytes: Uint8Array): void;
  /** Reads a datagram into the array, and returns its length in bytes. Throws a SocketError, `EAGAIN` if there is none. */
  receive(into: Uint8Array): number;
  close(): void;
}

// From Linux's <bits/socket.h>. MSG_NOSIGNAL keeps SIGPIPE away.
export const AF_UNIX = 1;
export const AF_INET = 2;
export const AF_INET6 = 10;
const SOCK_DGRAM = 2;
const SOCK_CLOEXEC = 0o2000000;
const MSG_DONTWAIT = 0x40;
const MSG_NOSIGNAL = 0x4000;

/**
 * Opens a datagram socket through koffi, which is loaded now. It works on Linux only, because addresses are Linux structures.
 *
 * @param family - `AF_UNIX`, `AF_INET` or `AF_INET6`.
 * @param address - `struct sockaddr_un`, `sockaddr_in` or `sockaddr_in6`. Its family is filled in.
 * @throws SocketError, or the reason why koffi can't be loaded.
 */
export function connectDatagram(family: number, address: Uint8Array): LibcSocket {
  if (process.platform !== 'linux')
    throw new Error(`libc's sockets are not supported on ${process.platform}`);
  const libc = bind();
  const fd = libc.socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) throw new SocketError('socket', libc.errno());
  // In the machine's byte order. Copied byte by byte, because the array may not be aligned.
  address.set(new Uint8Array(Uint16Array.of(family).buffer));
  if (libc.connect(fd, address, address.length) < 0) {
    const error = new SocketError('connect', libc.errno());
    libc.close(fd);
    throw error;
  }
  let open = true;
  const socket: LibcSocket = {
    send(bytes) {
      if (libc.send(fd, bytes, bytes.length, MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
        throw new SocketError('send', libc.errno());
    },
    receive(into) {
      const bytes = libc.recv(fd, into, into.length, MSG_DONTWAIT);
      if (bytes < 0) throw new SocketError('recv', libc.errno());
      return bytes;
    },
    close() {
      noteClosed(socket);
      if (open) libc.close(fd);
      open = false;
    },
  };
  if (isElsewhere) closeWhenGone(socket, libc.close, fd, socket);
  return socket;
}

interface Libc {
  socket(domain: number, type: number, protocol: number): number;
  connect(fd: number, address: Uint8Array, length: number): number;
  send(fd: number, bytes: Uint8Array, length: number, flags: number): number;
  recv(fd: number, into: Uint8Array, length: number, flags: number): number;
  readonly close: (fd: number) => number;
  errno(): number;
}

/** libc, or the error of loading it. */
let bound: { readonly libc: Libc } | { readonly error: unknown } | undefined;

/** Loads libc once. After a failed `require` some bundlers answer a second one with an empty object. */
function bind(): Libc {
  if (bound === undefined) {
    try {
      bound = { libc: load() };
    } catch (error) {
      bound = { error };
    }
  }
  if ('error' in bound) throw bound.error;
  return bound.libc;
}

/**
 * Requires koffi in two ways. In bundles Next.js replaces NEXT_RUNTIME by a constant, so the first `require` counts there: its
 * bundler Turbopack must not follow koffi, because it can't place a `.node` file. If this package is in `serverExternalPackages`,
 * Turbopack only lists the files that the package needs. The second `require` puts koffi on that list.
 */
function requireKoffi(): typeof Koffi {
  return (
    process.env['NEXT_RUNTIME'] ? require(/* turbopackIgnore: true */ 'koffi') : require('koffi')
  ) as typeof Koffi;
}

function load(): Libc {
  const koffi = requireOnce('koffi', requireKoffi);
  const libc = koffi.load(null); // the libc that the runtime itself is linked to
  return {
    socket: libc.func('int socket(int domain, int type, int protocol)'),
    connect: libc.func('int connect(int fd, uint8_t *address, uint length)'),
    send: libc.func('long send(int fd, uint8_t *bytes, size_t length, int flags)'),
    recv: libc.func('long recv(int fd, uint8_t *into, size_t length, int flags)'),
    close: libc.func('int close(int fd)'),
    errno: () => koffi.errno(),
  };
}
