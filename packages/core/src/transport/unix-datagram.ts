import { getSystemErrorName } from 'node:util';
import type * as Koffi from 'koffi';
import { closeWhenGone, isClosed, isElsewhere, requireOnce } from '../host/node-realm.js';

/** A failed call of libc. */
export class SocketError extends Error {
  readonly code: string;

  constructor(syscall: string, errno: number) {
    const code = getSystemErrorName(-errno);
    super(`${syscall}: ${code}`);
    this.code = code;
  }
}

/** A UNIX datagram socket that is connected to a path. */
export interface UnixDatagramSocket {
  /** Hands a datagram to the kernel. Throws a SocketError; `EAGAIN` and `ENOBUFS` mean that the receiver has no room. */
  send(bytes: Uint8Array): void;
  close(): void;
}

// From Linux's <bits/socket.h>; MSG_NOSIGNAL keeps SIGPIPE away.
const AF_UNIX = 1;
const SOCK_DGRAM = 2;
const SOCK_CLOEXEC = 0o2000000;
const MSG_DONTWAIT = 0x40;
const MSG_NOSIGNAL = 0x4000;
/** The longest path of a socket, in bytes: `struct sockaddr_un` has room for 108, and a NUL ends the path. */
export const MAX_SOCKET_PATH_BYTES = 107;

/** Node has no UNIX datagram sockets, so this one is libc's, through koffi, which is loaded now. */
export function connectUnixDatagram(path: string): UnixDatagramSocket {
  const libc = bind();
  const fd = libc.socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) throw new SocketError('socket', libc.errno());
  const address = socketAddress(path);
  if (libc.connect(fd, address, address.length) < 0) {
    const error = new SocketError('connect', libc.errno());
    libc.close(fd);
    throw error;
  }
  let open = true;
  const socket: UnixDatagramSocket = {
    send(bytes) {
      if (libc.send(fd, bytes, bytes.length, MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
        throw new SocketError('send', libc.errno());
    },
    close() {
      isClosed(socket);
      if (open) libc.close(fd);
      open = false;
    },
  };
  if (isElsewhere) closeWhenGone(socket, libc.close, fd, socket);
  return socket;
}

/** `struct sockaddr_un`: the family, in the machine's byte order, and the path, closed by a NUL. */
function socketAddress(path: string): Uint8Array {
  const bytes = Buffer.byteLength(path);
  const address = Buffer.alloc(2 + bytes + 1);
  new Uint16Array(address.buffer, address.byteOffset, 1)[0] = AF_UNIX;
  address.write(path, 2);
  return address;
}

interface Libc {
  socket(domain: number, type: number, protocol: number): number;
  connect(fd: number, address: Uint8Array, length: number): number;
  send(fd: number, bytes: Uint8Array, length: number, flags: number): number;
  readonly close: (fd: number) => number;
  errno(): number;
}

let bound: Libc | undefined;

function bind(): Libc {
  if (bound !== undefined) return bound;
  const koffi = requireOnce('koffi', () => require('koffi') as typeof Koffi);
  const libc = koffi.load(null); // what Node itself is linked to
  bound = {
    socket: libc.func('int socket(int domain, int type, int protocol)'),
    connect: libc.func('int connect(int fd, uint8_t *address, uint length)'),
    send: libc.func('long send(int fd, uint8_t *bytes, size_t length, int flags)'),
    close: libc.func('int close(int fd)'),
    errno: () => koffi.errno(),
  };
  return bound;
}
