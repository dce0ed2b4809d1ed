import { expect } from 'chai';
import { describe, it } from 'mocha';
import { type Batch, type Channel, type Offer, type Transport, NullTransport } from '../../src/index.js';
import { FakeTime } from '../support/fake-time.js';
import { useSurroundedClients } from '../support/surrounded-clients.js';

const MESSAGE_MS = 0.5;
const SLICE_MS = 2;

/** Takes a metric at a time, which takes its time on the clock. */
class SlowTransport implements Transport, Channel {
  taken = 0;
  readonly #time: FakeTime;

  constructor(time: FakeTime) {
    this.#time = time;
  }

  open(): Channel {
    return this;
  }

  offer(_batch: Batch, _from: number): Offer {
    this.taken++;
    this.#time.now += MESSAGE_MS;
    return { state: 'ok', taken: 1, values: 0 };
  }

  close(): void {}

  stats(): ReturnType<Transport['stats']> {
    return new NullTransport().stats();
  }
}

describe('a flush with much to send', () => {
  const makeClient = useSurroundedClients();

  it('lets the event loop turn every 2 ms', async () => {
    const time = new FakeTime();
    const transport = new SlowTransport(time);
    const { statsd } = makeClient({ transport, interval: Infinity }, time.surroundings);
    for (let i = 0; i < 100; i++) statsd.increment(`hits.${i}`);
    const atTurns: number[] = [];
    const turn = (): void => {
      atTurns.push(transport.taken);
      if (transport.taken < 100) setImmediate(turn);
    };
    setImmediate(turn);
    expect(await statsd.flush()).to.deep.equal({ sent: 100, pending: 0 });
    const inTurns = atTurns.map((taken, i) => taken - (atTurns[i - 1] ?? 0));
    expect(Math.max(...inTurns)).to.equal(SLICE_MS / MESSAGE_MS);
  });
});
