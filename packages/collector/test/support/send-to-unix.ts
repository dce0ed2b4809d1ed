import { libc } from '../../src/input/libc.js';
import { AF_UNIX, LONGEST_ADDRESS_BYTES, writeAddress } from '../../src/input/port-address.js';

const SOCK_DGRAM = 2;
const SOCK_CLOEXEC = 0o2_000_000;
const ROOM_BYTES = 100_000;

/**
 * Sends datagrams to a UNIX socket that another process reads. Blocks while the socket is full.
 *
 * @param from - the descriptor of the sender's socket. Default: one that has no name, so that nobody can answer it.
 */
export function sendToUnix(path: string, datagrams: readonly string[], from?: number): void {
  const { socket, sendto, close, allocate, fail } = libc();
  const fd = from ?? socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) fail('socket');
  try {
    const address = allocate(LONGEST_ADDRESS_BYTES);
    const length = writeAddress(libc(), { family: 'unix', path }, { ...address, offset: 0 });
    const { memory, at } = allocate(ROOM_BYTES);
    for (const text of datagrams) {
      const bytes = Buffer.from(text);
      new Uint8Array(memory).set(bytes);
      if (sendto(fd, at, bytes.length, 0, address.at, length) < 0) fail('sendto');
    }
  } finally {
    if (from === undefined) close(fd);
  }
}
