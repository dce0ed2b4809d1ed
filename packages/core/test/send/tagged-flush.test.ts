import { useClients } from '@afstatsd/testing';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { AFTransport } from '../../src/index.js';
import { useStage } from '../support/stage.js';

const COUNTERS = 1_000;
const ROUNDS = 20;

describe('1,000 counters with two tags, into a queue of 10 messages that another process reads,', () => {
  const makeClient = useClients();
  const at = useStage();

  it('leave within 100 ms, and none is lost', async () => {
    const reader = at.run('queue-reader', []);
    expect(await reader.message()).to.equal('reading');
    const { statsd } = makeClient({
      transport: new AFTransport({ queue: at.queue.name, fallback: false }),
      service: 'shop',
    });
    const took: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      for (let i = 0; i < COUNTERS; i++) {
        statsd.increment('orders', { tags: { method: i % 2 === 0 ? 'card' : 'cash', shop: i } });
      }
      const began = performance.now();
      expect(await statsd.flush()).to.deep.equal({ sent: COUNTERS, pending: 0 });
      took.push(performance.now() - began);
    }
    const result = reader.message();
    while (!at.queue.block('end'));
    const { messages, sum } = (await result) as { messages: number; sum: number };
    expect(sum).to.equal(COUNTERS * ROUNDS);
    expect(messages).to.be.above(10 * ROUNDS); // so that the queue is full again and again
    took.sort((a, b) => a - b);
    // Not all of them, because a flush waits for the other process as well.
    expect(took[ROUNDS / 4]!, took.map(Math.round).join(' ')).to.be.below(100);
  });
});
