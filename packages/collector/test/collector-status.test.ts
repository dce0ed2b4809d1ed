import { expect } from 'chai';
import { collectorStatus } from '../src/collector-status.js';
import type { OutputStats } from '../src/output/output.js';
import { Receiver } from '../src/receiver.js';

const OUTPUT: OutputStats = {
  name: 'prometheus http://127.0.0.1:9102/metrics',
  recorded: 12,
  sent: 10,
  dropped: { cardinality: 1, rejected: 1 },
  errors: 0,
  held: 90,
  maxMetrics: 100,
};

describe('the health of the collector on its page', () => {
  it('has each input that is reported, and what the kernel dropped where it says so', () => {
    const receiver = new Receiver(10, () => {});
    expect(collectorStatus(receiver, [], 0)).to.deep.include({
      inputs: {
        queue: { messages: 0, samples: 0, badLines: 0 },
        udp: { messages: 0, samples: 0, badLines: 0 },
      },
      udpDrops: null,
      queue: { depth: 0, capacity: null },
      completeness: { percent: null, clients: 0 },
    });
    receiver.reported.add('tcp');
    receiver.tcp.samples = 3;
    receiver.countsUdpDrops = true;
    receiver.udpDropped = 7;
    const { inputs, udpDrops } = collectorStatus(receiver, [], 0);
    expect(inputs['tcp']).to.deep.equal({ messages: 0, samples: 3, badLines: 0 });
    expect(udpDrops).to.equal(7);
  });

  it('has what each output has lost, and how much of its room is taken', () => {
    const { outputs } = collectorStatus(new Receiver(10, () => {}), [OUTPUT], 0);
    expect(outputs).to.deep.equal([
      { name: OUTPUT.name, recorded: 12, sent: 10, errors: 0, dropped: 2, held: 90, maxMetrics: 100 },
    ]);
  });
});
