import { type Server, createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, use } from 'chai';
import { defineMetrics } from '../../src/catalogue/index.js';
import type { StatsdClient } from '../../src/index.js';
import { createRecordingClient, statsdAssertions } from '../../src/testing/index.js';

use(statsdAssertions);

const catalogue = defineMetrics({
  'orders.refused': {
    kind: 'counter',
    help: 'Orders that were refused.',
    tags: { reason: ['payment_declined', 'sold_out'] },
  },
  'orders.checkout': { kind: 'timer', help: 'Checkouts.' },
});

/** A service whose panel of refused orders stays at 0: one call has a value that the dashboard doesn't know, one a misspelt key. */
function shop(statsd: StatsdClient): Server {
  return createServer((request, response) => {
    const end = statsd.createTimer('orders.checkout').start();
    if (request.url === '/declined')
      statsd.increment('orders.refused', { tags: { reason: 'payment-declined' } });
    if (request.url === '/gone') statsd.increment('orders.refused', { tags: { reson: 'sold_out' } });
    end();
    response.end();
  });
}

describe('a service that records what its catalogue has not', () => {
  it('is found by a test', async () => {
    const statsd = createRecordingClient();
    const server = shop(statsd).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const visit = async (path: string): Promise<string> =>
      (await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`)).text();
    try {
      await visit('/');
      expect(statsd).to.have.recordedOnly(catalogue);
      await visit('/declined');
      await visit('/gone');
      expect(statsd).to.have.counted('orders.refused', 0, { reason: 'payment_declined' });
      expect(() => expect(statsd).to.have.recordedOnly(catalogue)).to.throw(
        `expected only metrics of the catalogue to be recorded, but there are others:

  counter orders.refused {reason: payment-declined}: its tag "reason" is "payment-declined", not payment_declined or sold_out
  counter orders.refused {reson: sold_out}: the catalogue has no tag "reson" of it`,
      );
    } finally {
      server.closeAllConnections();
      server.close();
      await statsd.shutdown();
    }
  });
});
