import { decode, decodeLines, StatsdClient } from '../../src/index.js';
import { useClients } from '@afstatsd/testing';
import { expect } from 'chai';
import type { StatsdFormat } from '../../src/index.js';
import { afFormat } from '../../src/wire/af.js';
import type { Format } from '../../src/wire/format.js';
import { makeFormat } from '../../src/wire/formats.js';
import { FormatTransport } from '../support/format-transport.js';

describe('histograms and distributions', () => {
  const makeClient = useClients();

  async function lines(
    format: Format,
    record: (statsd: StatsdClient) => void,
    limit?: number,
  ): Promise<string[]> {
    const transport = new FormatTransport(format, limit);
    const { statsd } = makeClient({ transport, service: false });
    record(statsd);
    await statsd.flush();
    return transport.messages.flatMap((message) => message.split('\n'));
  }

  const both = (statsd: StatsdClient): void => {
    statsd.timing('a', 1);
    statsd.histogram('a', 2);
    statsd.histogram('a', 3);
    statsd.distribution('a', 4, { tags: { k: 'v' } });
    statsd.distribution('a', 5, { tags: { k: 'v' } });
  };

  const expected: Record<StatsdFormat, string[]> = {
    dogstatsd: ['a:1|ms', 'a:2:3|h', 'a:4:5|d|#k:v'],
    influx: ['a:1|ms', 'a:2|h', 'a:3|h', 'a,k=v:4|d', 'a,k=v:5|d'],
    etsy: ['a:1|ms', 'a:2|ms', 'a:3|ms', 'a.v:4|ms', 'a.v:5|ms'],
    graphite: ['a:1|ms', 'a:2|ms', 'a:3|ms', 'a;k=v:4|ms', 'a;k=v:5|ms'],
  };
  for (const [format, written] of Object.entries(expected)) {
    it(`are metrics of their own beside a timer of the name, in the format ${format}`, async () => {
      expect(await lines(makeFormat(format as StatsdFormat, {}), both)).to.deep.equal(written);
    });
  }

  it('pass over the queue, and say there what they are', async () => {
    const message = (await lines(afFormat(), both)).join('\n');
    expect(decode(message)).to.deep.include({ bad: [] });
    expect(decode(message).metrics).to.deep.equal([
      { type: 'timer', name: 'a', values: [1], rate: 1 },
      { type: 'timer', as: 'histogram', name: 'a', values: [2, 3], rate: 1 },
      { type: 'timer', as: 'distribution', name: 'a', tags: [['k', 'v']], values: [4, 5], rate: 1 },
    ]);
    expect(await lines(afFormat({ tags: 'fold' }), both)).to.deep.equal(['a:1|ms::a:2,3|ms::a.v:4,5|ms']);
  });

  it('stay what they are when they take several messages, and past maxSamples', async () => {
    const written = await lines(
      makeFormat('dogstatsd', {}),
      (statsd) => {
        statsd.configure({ maxSamples: 20 });
        for (let at = 0; at < 100; at++) statsd.distribution('a', at);
      },
      60,
    );
    expect(written.length).to.be.greaterThan(1);
    for (const line of written) expect(line).to.match(/^a:[\d.:]+\|d(\|@[\d.]+)?$/);
  });

  it('are passed on as they came', async () => {
    const [metric] = decodeLines('a:1:2|d|@0.5|#k:v').metrics;
    const written = await lines(makeFormat('dogstatsd', {}), (statsd) => void statsd.ingest(metric!));
    for (const line of written) expect(line).to.match(/^a:[\d.:]+\|d(\|@[\d.]+)?\|#k:v$/);
  });

  it('refuse what is no finite number, and are taken back after they were let go', async () => {
    const transport = new FormatTransport(makeFormat('dogstatsd', {}));
    const { statsd } = makeClient({ transport, service: false });
    statsd.histogram('a', NaN);
    statsd.histogram('a', 1);
    statsd.timing('a', 1);
    statsd.forget(() => true);
    statsd.histogram('a', 2);
    await statsd.flush();
    expect(transport.messages).to.deep.equal(['a:2|h']);
    expect(statsd.stats()).to.include({ rejected: 1, sent: 3, pending: 0 });
  });
});
