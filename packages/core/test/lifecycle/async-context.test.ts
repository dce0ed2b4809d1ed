import { AsyncLocalStorage } from 'node:async_hooks';
import { UdpReceiver, until, useClients, useCleanup } from '@afstatsd/testing';
import { expect } from 'chai';
import { describe, it } from 'mocha';

/** A context holds a request, with all that the app has put into it, and logs of a flush would be those of that request. */
describe('the asynchronous context of the first sample', () => {
  const makeClient = useClients();
  const later = useCleanup();
  const storage = new AsyncLocalStorage<string>();

  it('is not that of the flushes of the interval, of gauge callbacks, of the logger, and of what the socket hears', async () => {
    const receiver = await UdpReceiver.open();
    later(() => receiver.close());
    const seen: (string | undefined)[] = [];
    const note = (): void => void seen.push(storage.getStore());
    const { statsd } = makeClient({
      interval: 5,
      transport: `udp://127.0.0.1:${receiver.port}`,
      logger: { warn: note, info: note },
    });
    storage.run('a request', () => {
      statsd.increment('hits');
      statsd.gauge('level', () => {
        note();
        return seen.length === 1 ? NaN : 1; // which is said
      });
    });
    await until('it was read and said', () => seen.length >= 2);
    expect(new Set(seen)).to.deep.equal(new Set([undefined]));
  });
});
