import { decode } from '@afstatsd/core';
import { expect } from 'chai';
import { Recording, scalesOf } from '@afstatsd/prometheus/parts';
import { OtlpNaming } from '../../src/output/otlp/naming.js';
import { RegistryProducer } from '../../src/output/otlp/producer.js';

describe('the producer of OTLP', () => {
  it('gives the name of a family that has gone to the next one that wants it', async () => {
    let now = 0;
    const recording = new Recording(scalesOf({}), { expire: { counter: 1_000 }, now: () => now });
    const producer = new RegistryProducer(recording, new OtlpNaming());
    const names = async (...lines: string[]): Promise<string[]> => {
      for (const line of lines) for (const metric of decode(line).metrics) producer.ingest(metric);
      const { resourceMetrics } = await producer.collect();
      return resourceMetrics.scopeMetrics.flatMap(({ metrics }) =>
        metrics.map(({ descriptor }) => descriptor.name),
      );
    };
    const taken = await names('a b:1|c', 'a_b:1|c');
    expect(taken[0]).to.equal('a_b');
    expect(taken[1]).to.match(/^a_b_[0-9a-f]{8}$/);
    // Two looks: a metric without a sample between them is idle.
    for (const time of [1_000, 2_000, 3_000]) {
      now = time;
      producer.ingest({ type: 'counter', name: 'stays', value: 1, rate: 1 });
      if (recording.letGo()) producer.compact();
    }
    expect(await names('a*b:1|c', 'stays:1|c')).to.deep.equal(['stays', 'a_b']);
  });
});
