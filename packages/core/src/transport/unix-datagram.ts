import { AF_UNIX, type LibcSocket, connectDatagram } from './libc-socket.js';

/** The longest path of a socket, in bytes: `struct sockaddr_un` has room for 108, and a NUL ends the path. */
export const MAX_SOCKET_PATH_BYTES = 107;

/** Connects a UNIX datagram socket of libc, because Node has none. */
export function connectUnixDatagram(path: string): LibcSocket {
  // `struct sockaddr_un`: the family, and the path, closed by a NUL.
  const address = Buffer.alloc(2 + Buffer.byteLength(path) + 1);
  address.write(path, 2);
  return connectDatagram(AF_UNIX, address);
}
