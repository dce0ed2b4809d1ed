import { once } from 'node:events';
import { Counted, Gauge, Timed } from '@afstatsd/decorators';
import { expect } from 'chai';
import { type App, useApps } from './app.js';
import { type Arrangement, REFERENCE, stacked } from './arrangement.js';
import { useQueuesAndClients } from './queue.js';

/** Begins to read, and goes away; comes back when the handler's Observable has been told. */
async function visit(app: App): Promise<void> {
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

describe("a Nest handler's Observable whose client goes away", () => {
  const makeApp = useApps();
  const makeQueueAndClient = useQueuesAndClients();

  it('is unsubscribed from without our decorators', async () => visit(await makeApp(REFERENCE)));

  it('is unsubscribed from with them, and neither fails nor succeeds', async () => {
    const queue = makeQueueAndClient();
    const { statsd } = queue;
    const arrangement: Arrangement = {
      ...REFERENCE,
      above: stacked(Timed({ statsd }), Gauge({ statsd, inFlight: true })),
      below: stacked(
        Counted('succeeded', { statsd, on: 'success' }),
        Counted('failed', { statsd, on: 'failure' }),
      ),
    };
    await visit(await makeApp(arrangement));
    expect(await queue.received()).to.deep.equal({ 'timer Feed.endless': 1, 'gauge Feed.endless': 0 });
  });
});
