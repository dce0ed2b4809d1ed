import { randomBytes } from 'node:crypto';
import { openQueue, QueueError } from '@afstatsd/mqueue';
import { freeUdpPort } from './free-port.js';
import { removeQueue } from './remove-queue.js';

/** How metrics get from the services to the collector. */
export interface Route {
  /** For people. */
  readonly description: string;
  /** The services' AFSTATSD_URL. */
  readonly url: string;
  /** What the collector is told. */
  readonly flags: readonly string[];
  /** Leaves nothing behind. */
  close(): void;
}

/** A message queue of the demo's own; where there are none, UDP. */
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
    url: `mq://${queue}?fallback=false`,
    flags: ['--queue', queue, '--unlink', '--udp', 'off'],
    close: () => removeQueue(queue),
  };
}

async function udpRoute(): Promise<Route> {
  const host = '127.0.0.1';
  const port = await freeUdpPort(host);
  return {
    description: `UDP ${host}:${port}`,
    url: `udp://${host}:${port}?format=dogstatsd`,
    flags: ['--queue', 'off', '--udp', `${host}:${port}`],
    close: () => {},
  };
}
