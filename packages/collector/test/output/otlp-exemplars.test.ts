import { type Exemplar, decode } from '@afstatsd/core';
import { expect } from 'chai';
import { OtlpOutput, type OtlpOptions } from '../../src/output/otlp/otlp.js';
import { OtlpReceiver } from '../support/otlp-receiver.js';

const exemplar = (value: number, digit: string, time = 1_700_000_000_123): Exemplar => ({
  value,
  traceId: digit.repeat(32),
  spanId: digit.repeat(16),
  time,
});
/** As it is received. */
const received = (value: number, digit: string): object => ({
  timeUnixNano: '1700000000123000000',
  asDouble: value,
  spanId: digit.repeat(16),
  traceId: digit.repeat(32),
});

describe('exemplars of OTLP', () => {
  let receiver: OtlpReceiver;
  const outputs: OtlpOutput[] = [];
  beforeEach(async () => {
    receiver = new OtlpReceiver();
    await receiver.start();
  });
  afterEach(async () => {
    await Promise.all(outputs.splice(0).map((output) => output.close(100)));
    await receiver.stop();
  });

  const make = async (options: OtlpOptions): Promise<OtlpOutput> => {
    const output = new OtlpOutput({ url: receiver.url, interval: 3_600_000, ...options });
    outputs.push(output);
    await output.start();
    return output;
  };
  const record = (output: OtlpOutput, line: string, of?: Exemplar): void => {
    for (const metric of decode(line).metrics) {
      output.ingest(metric);
      if (of !== undefined) output.ingestExemplar(metric, of);
    }
  };

  for (const protocol of ['http/json', 'http/protobuf'] as const) {
    for (const [form, bounds] of Object.entries({ exponential: undefined, explicit: [0.1, 1] })) {
      it(`stand in ${form} histograms, each of them once, with ${protocol}`, async () => {
        const output = await make({ protocol, bounds });
        record(output, 'hits:3|c');
        record(output, 'load:20:500:3000|ms|#route:/a', exemplar(3000, 'a'));
        record(output, 'load:5|ms|#route:/b');
        record(output, 'size:7|h|#route:/a', exemplar(7, 'b'));
        record(output, 'depth:3|g');
        await output.flush(2000);
        const [load, plain] = receiver.named('load');
        expect([load!.count, plain!.count]).to.deep.equal([3, 1]);
        expect(load!.exemplars).to.deep.equal([received(3, 'a')]);
        expect(plain!.exemplars).to.equal(undefined);
        expect(receiver.named('size')[0]!.exemplars).to.deep.equal([received(7, 'b')]);
        expect(receiver.total('hits')).to.equal(3);
        expect(receiver.named('depth')[0]!.value).to.equal(3);

        await output.flush(2000);
        expect(
          receiver
            .named('load')
            .slice(2)
            .flatMap(({ exemplars = [] }) => exemplars),
        ).to.deep.equal([]);
        record(output, 'load:9000|ms|#route:/a', exemplar(9000, 'c'));
        await output.flush(2000);
        expect(receiver.named('load').at(-2)!.exemplars).to.deep.equal([received(9, 'c')]);
      });
    }
  }

  it('are sent again when an export has failed', async () => {
    const output = await make({ temporality: 'delta' });
    receiver.status = (request) => (request === 1 ? 400 : 200);
    record(output, 'load:3000|ms', exemplar(3000, 'a'));
    await output.flush(2000);
    expect(receiver.points).to.deep.equal([]);
    await output.flush(2000);
    expect(receiver.named('load')[0]!.exemplars).to.deep.equal([received(3, 'a')]);
  });

  it('are left out of metrics that never came', async () => {
    const output = await make({});
    const [metric] = decode('never:3|ms').metrics;
    output.ingestExemplar(metric!, exemplar(3, 'a'));
    record(output, 'hits:3|c');
    await output.flush(2000);
    expect(receiver.points.map(({ name }) => name)).to.deep.equal(['hits']);
  });
});
