import { decode } from '@afstatsd/core';
import { until, nearestRank, skewedValues } from '@afstatsd/testing';
import { expect } from 'chai';
import * as fc from 'fast-check';
import { OtlpOutput, type OtlpOptions } from '../../src/output/otlp/otlp.js';
import type { Point } from '../support/otlp-messages.js';
import { OtlpReceiver } from '../support/otlp-receiver.js';

const DELTA = 1;
const CUMULATIVE = 2;

describe('OTLP output', () => {
  let receiver: OtlpReceiver;
  const outputs: OtlpOutput[] = [];
  const environment = { ...process.env };

  beforeEach(async () => {
    receiver = new OtlpReceiver();
    await receiver.start();
  });
  afterEach(async () => {
    await Promise.all(outputs.splice(0).map((output) => output.close(100)));
    await receiver.stop();
    for (const name of Object.keys(process.env)) if (!(name in environment)) delete process.env[name];
  });

  const make = async (options: OtlpOptions = {}): Promise<OtlpOutput> => {
    const output = new OtlpOutput({ url: receiver.url, interval: 3_600_000, ...options });
    outputs.push(output);
    await output.start();
    return output;
  };
  const record = (output: OtlpOutput, ...lines: string[]): void => {
    for (const line of lines) for (const metric of decode(line).metrics) output.ingest(metric);
  };

  it('stamps a gauge with the time at which it was set, or repeated, and sends none that was set long ago', async () => {
    const output = await make();
    const now = Math.floor(Date.now() / 1000);
    record(
      output,
      'fresh:1|g',
      `dated:1|g|${now - 100}`,
      `ours:1|g|${now - 9_000}|every:60`,
      `old:1|g|${now - 900}`,
    );
    const began = BigInt(Date.now() - 2_000) * 1_000_000n;
    await output.flush(2000);
    const times = Object.fromEntries(receiver.points.map(({ name, time }) => [name, time]));
    expect(times).to.have.all.keys('fresh', 'dated', 'ours');
    expect(times['dated']).to.equal(BigInt(now - 100) * 1_000_000_000n);
    expect(times['fresh']! > began && times['ours']! > began, 'as they came').to.be.true;
    for (const { start, time } of receiver.points) expect(start < time).to.be.true;
    // Nothing has come since: an old value isn't made a new one.
    await output.flush(2000);
    const again = receiver.points.filter(({ name }) => name === 'fresh');
    expect(again.map(({ time }) => time)).to.deep.equal([times['fresh'], times['fresh']]);
  });

  for (const protocol of ['http/json', 'http/protobuf'] as const) {
    it(`sends names, units, values, tags and times as ${protocol}`, async () => {
      const output = await make({
        protocol,
        temporality: 'cumulative',
        bounds: [0.1, 0.25],
        resource: { team: 'web' },
      });
      record(
        output,
        'web.hits:3|c|#route:/a',
        'queue.size:-7.5|g',
        'login:100,200,300|ms|@0.5',
        'users:ann|s',
        'users:bob|s',
      );
      await output.flush(2000);
      expect(receiver.requests[0]!.path).to.equal('/v1/metrics');
      expect(receiver.requests[0]!.headers['content-type']).to.equal(
        protocol === 'http/json' ? 'application/json' : 'application/x-protobuf',
      );
      const [hits, size, login, users] = receiver.points;
      expect(receiver.points).to.have.length(4);
      expect(hits).to.deep.include({ name: 'web.hits', unit: '', type: 'sum', monotonic: true, value: 3 });
      expect(hits).to.deep.include({ temporality: CUMULATIVE, attributes: { route: '/a' } });
      expect(size).to.deep.include({
        name: 'queue.size',
        unit: '',
        type: 'gauge',
        value: -7.5,
        attributes: {},
      });
      expect(login).to.deep.include({ name: 'login', unit: 's', type: 'histogram', temporality: CUMULATIVE });
      expect(login).to.deep.include({ count: 6, bounds: [0.1, 0.25] });
      expect(login!.sum).to.be.closeTo(1.2, 1e-9);
      expect(users).to.deep.include({ name: 'users', unit: '{member}', type: 'gauge', value: 2 });
      expect(hits!.resource).to.include({ 'service.name': 'afstatsd-collector', team: 'web' });
      const [now, start, time] = [BigInt(Date.now()) * 1_000_000n, hits!.start, hits!.time];
      expect(start <= time && time <= now && now - start < 60_000_000_000n).to.be.true;
    });
  }

  it('sorts timings into buckets', async () => {
    const output = await make({ bounds: [0.1, 0.25] });
    record(output, 'login:100,101,250,251|ms', 'size:3:30|h');
    await output.flush(2000);
    expect(receiver.named('login')[0]!.buckets).to.deep.equal([1, 2, 1]);
    expect(receiver.named('size')[0]).to.deep.include({ unit: '', sum: 33, count: 2 });
  });

  for (const protocol of ['http/json', 'http/protobuf'] as const) {
    it(`has every quantile within 2 % where no bounds were chosen, as ${protocol}`, async () => {
      const output = await make({ protocol });
      const values = skewedValues(5000);
      output.ingest({ type: 'timer', name: 'login', values, rate: 1 });
      await output.flush(2000);
      const [{ count, sum, exponential }] = receiver.named('login') as [Point];
      expect(count).to.equal(5000);
      expect(sum).to.be.closeTo(values.reduce((all, one) => all + one, 0) / 1000, 1e-6);
      const { scale, positive } = exponential!;
      expect(positive.reduce((all, [, one]) => all + one, 0)).to.equal(5000);
      for (const share of [0.5, 0.9, 0.99, 0.999]) {
        let below = 0;
        const [index] = positive.find(([, one]) => (below += one) >= share * 5000)!;
        const right = nearestRank(values, share) / 1000;
        // In OTLP the index is that of the lower bound.
        for (const at of [index, index + 1]) {
          expect(Math.abs(2 ** (at / 2 ** scale) / right - 1), `${share}`).to.be.below(0.02);
        }
      }
    });
  }

  it('sends what was added to exponential buckets as a delta, though they became coarser meanwhile', async () => {
    const output = await make({ temporality: 'delta' });
    record(output, 'login:5,5,0,-3|ms', 'quiet:1|ms');
    await output.flush(2000);
    // From a nanosecond to an hour: more buckets than are sent at the finest scale.
    const wide = Array.from({ length: 4000 }, (_, at) => 1e-6 * 1.007 ** at);
    output.ingest({ type: 'timer', name: 'login', values: wide, rate: 1 });
    await output.flush(2000);
    const [first, second] = receiver
      .named('login')
      .map(({ count, exponential }) => ({ count, ...exponential! }));
    const total = (list: readonly (readonly [number, number])[]): number =>
      list.reduce((sum, [, one]) => sum + one, 0);
    expect(first).to.deep.include({ count: 4, scale: 6, zeroCount: 1 });
    expect([total(first!.positive), total(first!.negative)]).to.deep.equal([2, 1]);
    expect(second).to.deep.include({ count: 4000, zeroCount: 0 });
    expect(second!.scale).to.be.below(6);
    expect([total(second!.positive), total(second!.negative)]).to.deep.equal([4000, 0]);
    for (const [, count] of second!.positive) expect(count).to.be.above(0);
    expect(receiver.named('quiet')).to.have.length(1);
  });

  it('has buckets with bounds if the variable of OpenTelemetry says so', async () => {
    process.env['OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION'] = 'explicit_bucket_histogram';
    const output = await make();
    record(output, 'login:5|ms', 'size:7|h');
    await output.flush(2000);
    for (const name of ['login', 'size']) {
      const [{ bounds, exponential }] = receiver.named(name) as [Point];
      expect(exponential).to.equal(undefined);
      expect(bounds!.length).to.be.above(10);
    }
  });

  it('sends totals when they are cumulative, of every metric', async () => {
    const output = await make({ temporality: 'cumulative' });
    record(output, 'hits:3|c', 'login:5|ms', 'quiet:1|c');
    await output.flush(2000);
    record(output, 'hits:4|c', 'login:5|ms');
    await output.flush(2000);
    expect(receiver.named('hits').map(({ value }) => value)).to.deep.equal([3, 7]);
    expect(receiver.named('login').map(({ count }) => count)).to.deep.equal([1, 2]);
    expect(receiver.named('quiet').map(({ value }) => value)).to.deep.equal([1, 1]);
    const [first, second] = receiver.named('hits');
    expect(second!.start).to.equal(first!.start);
  });

  for (const temporality of ['cumulative', 'delta'] as const) {
    it(`sends no point that starts after its end (${temporality}), though the clock is set back and forth`, async () => {
      const real = Date.now;
      let ahead = 0;
      Date.now = () => real() + ahead;
      try {
        const output = await make({ temporality });
        const steps = [0, -3_600_000, -3_600_000, -7_200_000, 86_400_000, -1, 0];
        for (const [at, step] of steps.entries()) {
          ahead = step;
          record(output, 'hits:1|c', 'down:-1|c', 'login:5|ms', 'size:3|h', 'depth:7|g', 'users:ann|s');
          record(output, `new${at}:1|c`, `new${at}:1|ms`);
          await output.flush(2000);
        }
        expect(receiver.requests).to.have.length(steps.length);
        const wrong = receiver.points.filter(({ start, time }) => start >= time);
        expect(wrong).to.deep.equal([]);
        const hits = receiver.named('hits');
        expect(temporality === 'delta' ? receiver.total('hits') : hits.at(-1)!.value).to.equal(steps.length);
      } finally {
        Date.now = real;
      }
    });
  }

  for (const temporality of ['cumulative', 'delta'] as const) {
    it(`gives each series a start of its own (${temporality}): the export before it appeared`, async () => {
      const output = await make({ temporality });
      record(output, 'first:1|c');
      await output.flush(2000);
      record(output, 'first:1|c', 'second:45|c', 'login:5|ms', 'stock:-1|c');
      receiver.status = () => 400; // the start doesn't depend on whether an export succeeds
      await output.flush(2000);
      receiver.status = () => 200;
      record(output, 'third:7|c');
      await output.flush(2000);
      record(output, 'second:1|c');
      await output.flush(2000);
      const [first] = receiver.named('first');
      for (const name of ['second', 'login', 'stock.decrements'])
        expect(receiver.named(name)[0]!.start, name).to.equal(first!.time);
      const [third] = receiver.named('third');
      expect(third!.start > first!.time).to.be.true;
      const [second, later] = receiver.named('second');
      expect(later!.start).to.equal(temporality === 'cumulative' ? second!.start : second!.time);
      for (const { name, start, time } of receiver.points) expect(start < time, name).to.be.true;
    });
  }

  it('sends a counter of 0, which announces a series, as a total of 0', async () => {
    const output = await make({ temporality: 'cumulative' });
    record(output, 'payment.failed:0|c');
    await output.flush(2000);
    record(output, 'payment.failed:1|c');
    await output.flush(2000);
    const [zero, one] = receiver.named('payment.failed');
    expect([zero!.value, one!.value]).to.deep.equal([0, 1]);
    expect(one!.start).to.equal(zero!.start);
  });

  it('sends what was added when they are deltas, of metrics that have changed', async () => {
    const output = await make({ temporality: 'delta', bounds: [0.1] });
    record(output, 'hits:3|c', 'login:5,500|ms', 'quiet:1|c', 'size:9|g');
    await output.flush(2000);
    record(output, 'hits:4|c', 'login:7|ms');
    await output.flush(2000);
    expect(receiver.named('hits').map(({ value }) => value)).to.deep.equal([3, 4]);
    expect(receiver.named('login').map(({ buckets, sum }) => [buckets, sum])).to.deep.equal([
      [[1, 1], 0.505],
      [[1, 0], receiver.named('login')[1]!.sum],
    ]);
    expect(receiver.named('login')[1]!.sum).to.be.closeTo(0.007, 1e-9);
    expect(receiver.named('quiet')).to.have.length(1);
    expect(receiver.named('size').map(({ value }) => value)).to.deep.equal([9, 9]);
    const [first, second] = receiver.named('hits');
    expect([first!.temporality, second!.temporality]).to.deep.equal([DELTA, DELTA]);
    expect(second!.start).to.equal(first!.time);
  });

  it('counts what is taken off a counter as one of its own', async () => {
    const output = await make({ temporality: 'delta' });
    record(output, 'stock:10|c', 'stock:-3|c', 'stock.decrements:1|c');
    await output.flush(2000);
    const sums = receiver.points.map(({ name, value, monotonic }) => [name, value, monotonic]);
    // The first one that wants a name has it.
    expect(sums).to.deep.equal([
      ['stock', 10, true],
      ['stock.decrements_540ce6a4', 1, true],
      ['stock.decrements', 3, true],
    ]);
  });

  it('counts distinct members of a set from one export to the next', async () => {
    const output = await make();
    record(output, 'users:ann|s', 'users:bob|s', 'users:ann|s');
    await output.flush(2000);
    record(output, 'users:ann|s');
    await output.flush(2000);
    await output.flush(2000);
    expect(receiver.named('users').map(({ value }) => value)).to.deep.equal([2, 1, 0]);
  });

  it('exports at its interval', async () => {
    const output = await make({ interval: 30, temporality: 'delta' });
    record(output, 'hits:3|c');
    await until('the first export', () => receiver.total('hits') === 3);
    record(output, 'hits:4|c');
    await until('the second export', () => receiver.total('hits') === 7);
    await until('it is noted', () => output.stats().sent === 2);
    expect(output.stats()).to.deep.include({ recorded: 2, errors: 0, dropped: { cardinality: 0, ended: 0 } });
  });

  for (const temporality of ['delta', 'cumulative'] as const) {
    it(`loses nothing (${temporality}) while the receiver is down, and says so once`, async () => {
      const lines: string[] = [];
      const logger = { warn: (line: string) => lines.push(line), info: (line: string) => lines.push(line) };
      const output = await make({ interval: 20, temporality, logger });
      const tick = setInterval(() => record(output, 'hits:1|c', 'login:5|ms'), 1);
      const total = (name: string): number =>
        temporality === 'delta'
          ? receiver.total(name)
          : Math.max(0, ...receiver.named(name).map(({ value, count }) => value ?? count ?? 0));
      try {
        record(output, 'users:ann|s');
        await until('the first export', () => total('hits') > 0);
        await receiver.stop();
        record(output, 'users:bob|s');
        await until('two exports have failed', () => output.stats().errors >= 2);
        record(output, 'users:cid|s');
        await receiver.start();
        const errors = () => lines.filter((line) => line.includes('works again')).length;
        await until('it works again', () => errors() === 1);
      } finally {
        clearInterval(tick);
      }
      await until('all has left', async () => {
        await output.flush(500);
        return output.stats().sent === output.stats().recorded;
      });
      const { recorded } = output.stats();
      expect(total('hits')).to.equal((recorded - 3) / 2);
      expect(total('login')).to.equal((recorded - 3) / 2);
      expect(receiver.total('users')).to.equal(3); // each member in one export
      expect(lines).to.have.length(2);
      expect(lines[0]).to.match(/^otlp http.* fails: .*; it is tried again, and nothing is lost$/);
    });
  }

  it('keeps what a receiver refuses', async () => {
    const output = await make({ temporality: 'delta' });
    receiver.status = (request) => (request === 1 ? 400 : 200);
    record(output, 'hits:3|c', 'users:ann|s');
    await output.flush(2000);
    record(output, 'hits:4|c', 'users:bob|s');
    await output.flush(2000);
    expect([receiver.total('hits'), receiver.total('users')]).to.deep.equal([7, 2]);
    expect(output.stats()).to.deep.include({ recorded: 4, sent: 4, errors: 1 });
  });

  it('is done with flush and close in time when the receiver never answers', async () => {
    const output = await make();
    let release = (): void => {};
    receiver.status = () => new Promise((resolve) => (release = () => resolve(200)));
    record(output, 'hits:3|c');
    const begin = performance.now();
    await output.flush(100);
    await output.close(100);
    // Each try may take ten seconds.
    expect(performance.now() - begin).to.be.lessThan(9_000);
    expect(output.stats()).to.deep.include({ sent: 0, dropped: { cardinality: 0, ended: 1 } });
    release();
  });

  it('sends what is left when it is closed', async () => {
    const output = await make({ temporality: 'delta' });
    record(output, 'hits:3|c');
    await output.close(2000);
    expect(receiver.total('hits')).to.equal(3);
    expect(output.stats()).to.deep.include({ sent: 1, dropped: { cardinality: 0, ended: 0 } });
  });

  it('follows the OTEL_ variables', async () => {
    Object.assign(process.env, {
      OTEL_EXPORTER_OTLP_ENDPOINT: `${receiver.url}/base`,
      OTEL_EXPORTER_OTLP_HEADERS: 'api-key=secret',
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: 'delta',
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test,team=a',
      OTEL_SERVICE_NAME: 'shop',
    });
    const output = await make({ url: undefined, resource: { team: 'b' } });
    record(output, 'hits:1|c');
    await output.flush(2000);
    expect(receiver.requests[0]).to.deep.include({ path: '/base/v1/metrics' });
    expect(receiver.requests[0]!.headers).to.include({
      'api-key': 'secret',
      'content-type': 'application/json',
    });
    expect(receiver.points[0]!.temporality).to.equal(DELTA);
    expect(receiver.points[0]!.resource).to.include({
      'service.name': 'shop',
      'deployment.environment.name': 'test',
      team: 'b',
    });
  });

  it('sends to /v1/metrics below the path of its address', async () => {
    for (const path of ['', '/', '/otlp', '/otlp/v1/metrics']) {
      const output = await make({ url: receiver.url + path });
      record(output, 'hits:1|c');
      await output.flush(2000);
    }
    const paths = receiver.requests.map((request) => request.path);
    expect(paths).to.deep.equal(['/v1/metrics', '/v1/metrics', '/otlp/v1/metrics', '/otlp/v1/metrics']);
  });

  it('refuses options that can’t be used', () => {
    const bad = (options: object): OtlpOutput => new OtlpOutput(options);
    expect(() => bad({ url: 'localhost:4318' })).to.throw(TypeError, /option url .*such as http/);
    expect(() => bad({ protocol: 'grpc' })).to.throw(TypeError, /option protocol .*"grpc"/);
    expect(() => bad({ temporality: 'both' })).to.throw(TypeError, /option temporality .*"both"/);
    expect(() => bad({ bounds: [] })).to.throw(TypeError, /option bounds/);
  });

  it('sends a tag named __proto__', async () => {
    const output = await make({ protocol: 'http/json' });
    record(output, 'hits:1|c|#__proto__:a', 'hits:2|c');
    await output.flush(2000);
    const attributes = receiver.points.map((point) => Object.entries(point.attributes));
    expect(attributes)
      .to.deep.include([['__proto__', 'a']])
      .and.to.deep.include([]);
  });

  it('sends hostile names and tags whole, in the syntax of OpenTelemetry', async () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }),
      fc.constantFrom('a b', 'a_b', '5xx', '日本', '\ud800', '__proto__', 'constructor', 'n'.repeat(500)),
    );
    const tags = fc.array(fc.tuple(text, text), { maxLength: 3 });
    const counter = fc.record({ name: text, tags, value: fc.integer({ min: 1, max: 9 }) });
    await fc.assert(
      fc.asyncProperty(
        fc.array(counter, { maxLength: 20 }),
        fc.constantFrom('http/json' as const, 'http/protobuf' as const),
        async (counters, protocol) => {
          receiver.points.length = 0;
          const output = new OtlpOutput({ url: receiver.url, protocol, logger: { warn: () => {} } });
          for (const one of counters) output.ingest({ type: 'counter', rate: 1, ...one });
          await output.close(5000);
          const { recorded, sent, errors } = output.stats();
          expect({ sent, errors }).to.deep.equal({ sent: recorded, errors: 0 });
          const identities = receiver.points.map(({ name, attributes }) =>
            JSON.stringify([name, attributes]),
          );
          expect(new Set(identities).size).to.equal(identities.length);
          for (const { name } of receiver.points) expect(name).to.match(/^[a-zA-Z][a-zA-Z0-9_.\-/]{0,254}$/);
          // Core refuses what is longer than a name may be, and nothing else is missing.
          const kept = counters.filter(
            ({ name, tags }) => Buffer.byteLength(name + tags.flat().join('  ')) < 480,
          );
          const sum = receiver.points.reduce((total, { value }) => total + value!, 0);
          expect(sum).to.be.at.least(kept.reduce((total, { value }) => total + value, 0));
        },
      ),
      { numRuns: 60 },
    );
  });
});
