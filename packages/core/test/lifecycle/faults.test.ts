import { expect } from 'chai';
import { afterEach, describe, it } from 'mocha';
import { MemoryTransport, StatsdClient, type StatsdOptions } from '../../src/index.js';

const fail = (): never => {
  throw new Error('on purpose');
};

describe('faults of the app', () => {
  let client: StatsdClient;
  const open = (options: StatsdOptions): StatsdClient =>
    (client = new StatsdClient({ transport: new MemoryTransport(), ...options }));
  afterEach(() => client.shutdown());

  it('that a gauge callback throws are reported once, and stop nothing else', async () => {
    const lines: string[] = [];
    const memory = new MemoryTransport();
    const statsd = open({ transport: memory, logger: { warn: (line) => void lines.push(line) } });
    statsd.gauge('bad', fail);
    statsd.gauge('good', () => 1);
    await statsd.flush();
    await statsd.flush();
    expect(memory.metrics.map(({ name }) => name)).to.deep.equal(['good', 'good']);
    expect(lines).to.have.lengthOf(1);
    expect(lines[0]).to.include('"bad"').and.include('on purpose');
    expect(statsd.stats().rejected).to.equal(2);
  });

  it('that a logger throws go no further', async () => {
    const statsd = open({ logger: { warn: fail, info: fail }, onError: fail });
    statsd.increment('');
    statsd.increment('good');
    expect(await statsd.flush()).to.deep.equal({ sent: 1, pending: 0 });
    expect(statsd.stats().rejected).to.equal(1);
  });
});
