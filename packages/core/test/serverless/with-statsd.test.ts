import { freePort, until, useClients, useReceivers } from '@afstatsd/testing';
import { expect } from 'chai';
import { MemoryTransport, UDPTransport } from '../../src/index.js';
import { withStatsd } from '../../src/serverless.js';

/** A client whose flushes are over when the test says so. */
function heldBack(): { statsd: { flush: () => Promise<never> }; release: () => void; timeouts: number[] } {
  const timeouts: number[] = [];
  let release = (): void => {};
  const statsd = {
    flush: (options?: { timeout?: number }): Promise<never> => {
      timeouts.push(options!.timeout!);
      return new Promise((resolve) => (release = () => resolve(undefined as never)));
    },
  };
  return { statsd, release: () => release(), timeouts };
}

const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

describe('withStatsd', () => {
  const makeClient = useClients();
  const receivers = useReceivers();

  it('gives back the result, or the error, when the metrics have left', async () => {
    const { statsd, release, timeouts } = heldBack();
    const error = new Error('on purpose');
    for (const handler of [async () => 'result', () => Promise.reject(error)]) {
      let outcome: unknown;
      const over = withStatsd(handler as () => Promise<unknown>, { statsd })().then(
        (value) => (outcome = value),
        (reason: unknown) => (outcome = reason),
      );
      await turn();
      expect(outcome).to.equal(undefined);
      release();
      await over;
      expect(outcome).to.be.oneOf(['result', error]);
    }
    expect(timeouts).to.deep.equal([1000, 1000]);
  });

  it('calls Lambda’s callback when the metrics have left', async () => {
    const { statsd, release, timeouts } = heldBack();
    const called: unknown[] = [];
    const handler = withStatsd(
      (_event: object, _context: object, callback: (error: null, value: string) => void) =>
        callback(null, 'result'),
      { statsd, timeout: 500 },
    );
    const context = { getRemainingTimeInMillis: () => 250 };
    expect(handler({}, context, (...results) => called.push(results))).to.equal(undefined);
    await turn();
    expect(called).to.deep.equal([]);
    release();
    await turn();
    expect(called).to.deep.equal([[null, 'result']]);
    expect(timeouts).to.deep.equal([200]);
  });

  it('leaves this, arguments, name, length and properties as they are', async () => {
    const { statsd } = makeClient({ transport: new MemoryTransport() });
    const streaming = Symbol.for('aws.lambda.runtime.handler.streaming');
    async function handler(this: unknown, ...args: [number, number]): Promise<unknown> {
      return [this, ...args];
    }
    const wrapped = withStatsd(Object.assign(handler, { [streaming]: 'response', own: 1 }), { statsd });
    const self = {};
    expect(await wrapped.call(self, 1, 2)).to.deep.equal([self, 1, 2]);
    expect(wrapped).to.include({ name: 'handler', length: 0, own: 1, [streaming]: 'response' });
    expect(withStatsd((_a: 1, _b: 2, _c: 3) => {}, { statsd })).to.have.length(3);
  });

  it('keeps plain values and errors of other functions synchronous, and sends at once', () => {
    const transport = new MemoryTransport();
    const { statsd } = makeClient({ transport });
    const handler = withStatsd(
      (fails: boolean) => {
        statsd.increment('calls');
        if (fails) throw new Error('on purpose');
        return 7;
      },
      { statsd },
    );
    expect(handler(false)).to.equal(7);
    expect(() => handler(true)).to.throw('on purpose');
    expect(transport.find('calls')).to.have.length(2);
  });

  it('tells waitUntil of the flush, and does not wait itself', async () => {
    const { statsd, release } = heldBack();
    const told: Promise<unknown>[] = [];
    const waitUntil = (flushed: Promise<unknown>): void => void told.push(flushed);
    expect(await withStatsd(async () => 'result', { statsd, waitUntil })()).to.equal('result');
    expect(told).to.have.length(1);
    release();
    await told[0];
  });

  it('waits no longer than it may where nobody listens, and has it sent by the next invocation', async () => {
    const port = await freePort();
    const { statsd } = makeClient({ transport: new UDPTransport({ port, format: 'dogstatsd' }) });
    const handler = withStatsd(
      async () => {
        statsd.increment('calls');
        return 'result';
      },
      { statsd },
    );
    expect(await handler()).to.equal('result');
    expect(statsd.stats().pending).to.equal(1);
    const receiver = await receivers.udp({ port });
    await until('both have come', async () => {
      await handler();
      return receiver.messages.length > 0;
    });
    expect(statsd.stats()).to.include({ pending: 0 });
  });

  it('refuses what is no function, and options that can not be used', () => {
    expect(() => withStatsd(7 as never)).to.throw(TypeError, 'withStatsd takes a function; it got 7');
    expect(() => withStatsd(() => {}, { timeout: -1 })).to.throw(
      TypeError,
      'withStatsd: option timeout must',
    );
    expect(() => withStatsd(() => {}, { wait: 1 } as never)).to.throw(TypeError, 'unknown option "wait"');
  });
});
