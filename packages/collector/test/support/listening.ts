import type { AddressInfo, Server } from 'node:net';

/** Has a server listen on loopback. @returns its port. */
export async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return (server.address() as AddressInfo).port;
}

/** Has a server take no further connection, and waits until the open ones have ended. */
export async function closed(server: Server): Promise<void> {
  await new Promise((resolve) => {
    server.close(resolve);
  });
}
