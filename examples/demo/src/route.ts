import { createSocket } from 'node:dgram';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { AFTransport, type Transport, UDPTransport } from '@afstatsd/core';
import { openQueue, QueueError } from '@afstatsd/mqueue';
import { removeQueue } from './remove-queue.js';

/** How metrics get from the shop to the collector. */
export interface Route {
  /** For people. */
  readonly description: string;
  readonly transport: Transport;
  /** What the collector is told. */
  readonly flags: readonly string[];
  /** Leaves nothing behind. */
  close(): void;
}

/** A message queue of the demo's own; where there are none, a UDP port. */
export async function findRoute(): Promise<Route> {
  try {
    return queueRoute();
  } catch (error) {
    if (!(error instanceof QueueError)) throw error;
    console.log(`There is no message queue to be had here: ${error.message}.`);
    console.log('The demo goes on without one, over UDP.\n');
    return udpRoute();
  }
}

/** @throws QueueError when this machine or this user has no message queues. */
function queueRoute(): Route {
  const queue = `/afstatsd-demo-${process.pid}-${randomBytes(4).toString('hex')}`;
  // Only to see whether it can be made: the collector makes its own, with the mode and the size that it wants.
  const create = { depth: 1, messageBytes: 1024, mode: 0o600, exclusive: true };
  openQueue(queue, { access: 'write', create }).close();
  removeQueue(queue);
  return {
    description: `the message queue ${queue}`,
    transport: new AFTransport({ queue, fallback: false }),
    flags: ['--queue', queue, '--unlink', '--udp', 'off'],
    close: () => removeQueue(queue),
  };
}

async function udpRoute(): Promise<Route> {
  const host = '127.0.0.1';
  const port = await freePort(host);
  return {
    description: `UDP ${host}:${port}`,
    transport: new UDPTransport({ host, port, format: 'dogstatsd' }),
    flags: ['--queue', 'off', '--udp', `${host}:${port}`],
    close: () => {},
  };
}

async function freePort(host: string): Promise<number> {
  const socket = createSocket('udp4').bind(0, host);
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  await once(socket, 'close');
  return port;
}
