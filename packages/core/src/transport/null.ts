import type { Batch } from '../wire/format.js';
import type { Channel, Offer, Transport, TransportStats } from './transport.js';

/** Metrics taken at once, so that a flush of very many can be interrupted. */
const AT_ONCE = 1000;

/** Takes everything and sends nothing. So only the calls of its client cost anything. */
export class NullTransport implements Transport, Channel {
  open(): Channel {
    return this;
  }

  keepsFraction(): boolean {
    return true;
  }

  offer(batch: Batch, from: number): Offer {
    return { taken: Math.min(AT_ONCE, batch.metrics.length - from), values: 0, state: 'ok' };
  }

  close(): void {}

  stats(): TransportStats {
    return { state: 'open', detail: 'dropped on purpose', messages: 0, bytes: 0, full: 0 };
  }
}
