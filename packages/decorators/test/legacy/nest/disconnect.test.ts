import { once } from 'node:events';
import { Counted, Gauge, Timed } from '@afstatsd/decorators';
import { expect } from 'chai';
import { closeApps, makeApp } from './app.js';
import { type Arrangement, REFERENCE, stacked } from './arrangement.js';
import { QueueAndClient, removeQueues, skipWithoutQueues } from './queue.js';

/** Begins to read, and goes away; comes back when the handler's Observable has been told. */
async function visit(arrangement: Arrangement): Promise<void> {
  const app = await makeApp(arrangement);
  const client = new AbortController();
  const left = once(app.departures, 'left');
  const response = await fetch(`${app.url}/feed/endless`, { signal: client.signal });
  let text = '';
  try {
    for await (const chunk of response.body ?? []) {
      text += Buffer.from(chunk as Uint8Array).toString();
      if (text.includes('begun')) client.abort();
    }
  } catch (error) {
    expect(error).to.have.property('name', 'AbortError');
  }
  expect(text).to.equal('\nid: 1\ndata: begun\n\n');
  await left;
  await app.close();
}

describe("a Nest handler's Observable whose client goes away", function () {
  this.timeout(60_000);
  before(function () {
    skipWithoutQueues(this);
  });
  afterEach(async () => {
    await closeApps();
    await removeQueues();
  });

  it('is unsubscribed from without our decorators', () => visit(REFERENCE));

  it('is unsubscribed from with them, and neither fails nor succeeds', async () => {
    const queue = new QueueAndClient();
    const { statsd } = queue;
    await visit({
      ...REFERENCE,
      above: stacked(Timed({ statsd }), Gauge({ statsd, inFlight: true })),
      below: stacked(
        Counted('succeeded', { statsd, on: 'success' }),
        Counted('failed', { statsd, on: 'failure' }),
      ),
    });
    expect(await queue.received()).to.deep.equal({ 'timer Feed.endless': 1, 'gauge Feed.endless': 0 });
  });
});
