import { useClients } from '@afstatsd/testing';
import { expect } from 'chai';
import { FakeTime } from '../support/fake-time.js';
import { useSurroundedClients } from '../support/surrounded-clients.js';

const values = (messages: string[]): string => messages.join().replace(/\|g\|\d+/g, '');

describe('a gauge with a callback', () => {
  const makeClient = useClients();
  const makeSurrounded = useSurroundedClients();

  it('is read at every flush, until its end function is called', async () => {
    const { statsd, sent } = makeClient();
    let size = 1;
    const end = statsd.gauge('size', () => size++);
    expect(values(await sent())).to.equal('size:1');
    expect(values(await sent())).to.equal('size:2');
    end();
    end();
    expect(await sent()).to.deep.equal([]);
  });

  it('starts the interval by itself', async () => {
    const time = new FakeTime();
    const { statsd, memory } = makeSurrounded({ interval: 5 }, time.surroundings);
    statsd.gauge('size', () => 7);
    await time.pass(10_000);
    expect(values(memory.messages)).to.equal('size:7,size:7');
  });

  it('several under one name are summed, or give the largest or the last', async () => {
    const { statsd, sent } = makeClient();
    for (const combine of ['sum', 'max', 'last'] as const) {
      for (const value of [3, 5, 4]) statsd.gauge(combine, () => value, { combine });
    }
    statsd.gauge('default', () => 1);
    statsd.gauge('default', () => 2);
    expect(values(await sent())).to.equal('sum:12::max:5::last:4::default:3');
  });

  it('that is an async function is refused and said, and its rejection ends nothing', async () => {
    const { statsd, sent, log } = makeClient();
    statsd.gauge('size', (async () => {
      throw new Error('late');
    }) as unknown as () => number);
    for (let i = 0; i < 2; i++) expect(await sent()).to.deep.equal([]);
    expect(log.warnings).to.deep.equal([
      'afstatsd: the callback of gauge "size" returned a promise, which nothing waits for; the call is refused (said once)',
    ]);
  });

  it('the same function given twice counts twice, and each ends for itself', async () => {
    const { statsd, sent } = makeClient();
    const read = (): number => 1;
    const end = statsd.gauge('size', read);
    statsd.gauge('size', read);
    expect(values(await sent())).to.equal('size:2');
    end();
    expect(values(await sent())).to.equal('size:1');
  });

  it('that throws or returns no finite number is reported once, and the others are read', async () => {
    const { statsd, sent, log } = makeClient();
    statsd.gauge('throws', () => {
      throw new Error('not now');
    });
    statsd.gauge('text', () => '5' as never);
    statsd.gauge('size', () => 3);
    statsd.gauge('size', () => NaN);
    expect(values(await sent())).to.equal('size:3');
    await sent();
    expect(log.warnings).to.have.length(2);
    expect(statsd.stats().rejected).to.equal(6);
  });

  it('may record and flush itself, without being read again for that', async () => {
    const { statsd, memory } = makeClient();
    let reads = 0;
    statsd.gauge('size', () => {
      statsd.increment('reads');
      void statsd.flush();
      return ++reads;
    });
    await statsd.flush();
    expect(reads).to.equal(1);
    expect(values(memory.messages)).to.contain('size:1');
    expect(memory.metrics.some(({ name }) => name === 'reads')).to.equal(true);
  });

  it('not aggregating, is read at a flush, not at each sample', async () => {
    const { statsd, memory } = makeClient({ interval: 0 });
    let reads = 0;
    statsd.gauge('size', () => ++reads);
    for (let i = 0; i < 10; i++) statsd.increment('hits');
    expect(reads).to.equal(0);
    await statsd.flush();
    expect(reads).to.equal(1);
    expect(values(memory.messages.slice(-1))).to.equal('size:1');
  });

  it('past maxMetrics of them, or with a bad combine, is refused', () => {
    const { statsd } = makeClient({ maxMetrics: 2 });
    for (let i = 0; i < 3; i++) statsd.gauge('size', () => i);
    statsd.gauge('other', () => 1, { combine: 'average' as never })();
    statsd.gauge('other', () => 1, 'sum' as never);
    expect(statsd.stats().rejected).to.equal(3);
  });

  it('after shutdown waits for configure, which is said once', async () => {
    const { statsd, memory, log } = makeClient();
    await statsd.shutdown();
    for (const name of ['size', 'depth']) statsd.gauge(name, () => 1);
    await statsd.flush();
    expect(statsd.stats()).to.include({ rejected: 0, recorded: 0 });
    expect(log.warnings).to.deep.equal([
      "afstatsd: gauge size was given a callback after shutdown: it isn't read until configure brings the client back (said once)",
    ]);
    statsd.configure({});
    await statsd.flush();
    expect(values(memory.messages)).to.equal('size:1::depth:1');
  });
});
