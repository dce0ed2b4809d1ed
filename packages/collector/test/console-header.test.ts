import { expect } from 'chai';
import { ConsoleHeader, describeInputs } from '../src/console-header.js';
import type { OutputStats } from '../src/output/output.js';
import { Receiver } from '../src/receiver.js';

const none = { queue: false, udp: [], tcp: [], unix: [] } as const;
const udp = [{ host: '::1', port: 8125 }];

function output(name: string, more: Partial<OutputStats> = {}): OutputStats {
  return { name, recorded: 0, sent: 0, dropped: {}, errors: 0, ...more };
}

describe("the console's header", () => {
  it('has rates since it was shown last, totals, the queue, the outputs, and the addresses that are served', () => {
    let now = 0;
    const receiver = new Receiver(10, () => {});
    const header = new ConsoleHeader(receiver, () => now);
    receiver.receiveFromUDP(Buffer.from('hits:1|c\nbad'));
    now = 10_000;
    header.lines({ ...none, udp }, []);
    for (let i = 0; i < 30; i++) receiver.receiveFromQueue(Buffer.from('wait:1,2|ms'), 3);
    receiver.queueDepth = 4;
    receiver.queueCapacity = 200;
    now = 100_000;
    const outputs = [
      output('prometheus http://127.0.0.1:9102/metrics', { held: 7, maxMetrics: 100, errors: 2 }),
      output('page http://127.0.0.1:8127/', { held: 9, maxMetrics: 100 }),
      output('influx http://db/', { dropped: { cardinality: 1, ended: 2 }, waitingBytes: 50 }),
    ];
    const [title, ...rest] = header.lines({ ...none, queue: '/q', udp }, outputs);
    expect(title).to.match(
      new RegExp(`^afstatsd-collector \\S+, process ${process.pid}, up 1m 40s, \\S+T\\S+Z$`),
    );
    expect(rest).to.deep.equal([
      'queue    0.333 messages/s, 0.667 samples/s, 60 in all, 0 bad, 4 of 200 waiting',
      'UDP      0 datagrams/s, 0 samples/s, 1 in all, 1 bad',
      'outputs  3, holding 9 of 100 metrics, 2 errors, 3 samples lost, 50 bytes waiting',
      'serving  http://127.0.0.1:9102/metrics  http://127.0.0.1:8127/',
    ]);
  });

  it('says how complete the samples of clients are once one reports', () => {
    const receiver = new Receiver(10, () => {});
    receiver.receiveFromUDP(Buffer.from('afstatsd.client.recorded:200|c\nafstatsd.client.dropped:1|c'));
    const lines = new ConsoleHeader(receiver).lines(none, []);
    expect(lines.at(-1)).to.equal("clients' samples 99.50 % complete");
  });

  it('names the inputs', () => {
    expect(describeInputs({ ...none, queue: '/q', udp })).to.equal('queue /q and UDP [::1]:8125');
    const tcp = [{ host: 'localhost', port: 8125 }];
    const inputs = 'UDP [::1]:8125 and TCP localhost:8125 and UNIX socket /run/statsd.socket';
    expect(describeInputs({ ...none, udp, tcp, unix: ['/run/statsd.socket'] })).to.equal(inputs);
  });
});
