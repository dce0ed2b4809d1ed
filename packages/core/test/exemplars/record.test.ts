import { setTimeout as delay } from 'node:timers/promises';
import { AlwaysOffSampler } from '@opentelemetry/sdk-trace-node';
import { expect } from 'chai';
import { type Exemplar, NullTransport, StatsdClient, type StatsdOptions } from '../../src/index.js';
import { withTrace } from '../../src/instrument.js';
import { useSpans } from '../support/spans.js';

describe('exemplars', () => {
  const clients: StatsdClient[] = [];
  const make = (options: StatsdOptions = {}): StatsdClient => {
    const client = new StatsdClient({
      transport: new NullTransport(),
      interval: Infinity,
      exemplars: true,
      ...options,
    });
    clients.push(client);
    return client;
  };
  afterEach(() => Promise.all(clients.splice(0).map((client) => client.shutdown())));
  const exemplarOf = (client: StatsdClient, name: string): Exemplar | undefined => {
    for (const view of client.views()) if (view.name === name && view.kind === 'timer') return view.exemplar;
    throw new Error(`there is no timer ${name}`);
  };

  describe('with active spans', () => {
    const spans = useSpans();

    it('are those of the slowest value since the last flush', async () => {
      const statsd = make();
      const before = Date.now();
      spans.during(() => statsd.timing('load', 10));
      const slowest = spans.during(() => statsd.timing('load', 30));
      spans.during(() => statsd.timing('load', 20));
      expect(exemplarOf(statsd, 'load')).to.include({ value: 30, traceId: slowest });
      expect(exemplarOf(statsd, 'load')!.spanId).to.match(/^[0-9a-f]{16}$/);
      expect(exemplarOf(statsd, 'load')!.time).to.be.within(before, Date.now());
      await statsd.flush();
      expect(exemplarOf(statsd, 'load')).to.equal(undefined);
      const next = spans.during(() => statsd.timing('load', 5));
      expect(exemplarOf(statsd, 'load')).to.include({ value: 5, traceId: next });
    });

    it('are there for bound timers, histograms, distributions, functions and children', async () => {
      const statsd = make();
      const traces = [
        spans.during(() => statsd.createTimer('bound').record(1)),
        spans.during(() => statsd.histogram('size', 1)),
        spans.during(() => statsd.distribution('weight', 1)),
        spans.during(() => statsd.time('sync', () => 1)()),
        spans.during(() => statsd.child({ prefix: 'a' }).timing('b', 1)),
        await spans.duringAsync(statsd.time('async', () => delay(1))),
      ];
      const names = ['bound', 'size', 'weight', 'sync', 'a.b', 'async'];
      expect(names.map((name) => exemplarOf(statsd, name)?.traceId)).to.deep.equal(traces);
    });

    it('stay those of a traced value when a slower one has no trace', () => {
      const statsd = make();
      const traced = spans.during(() => statsd.timing('load', 10));
      statsd.timing('load', 30);
      expect(exemplarOf(statsd, 'load')).to.include({ value: 10, traceId: traced });
      // A slow one that comes later is looked at.
      const later = spans.during(() => statsd.timing('load', 20));
      expect(exemplarOf(statsd, 'load')).to.include({ value: 20, traceId: later });
    });

    it('survive more values than a timer keeps', () => {
      const statsd = make({ maxSamples: 8 });
      const slowest = spans.during(() => statsd.timing('load', 1000));
      for (let at = 0; at < 100; at++) spans.during(() => statsd.timing('load', at));
      expect(exemplarOf(statsd, 'load')).to.include({ value: 1000, traceId: slowest });
    });

    it('begin and end with configure', () => {
      const statsd = make({ exemplars: false });
      expect(statsd.exemplars).to.equal(false);
      spans.during(() => statsd.timing('load', 10));
      expect(exemplarOf(statsd, 'load')).to.equal(undefined);
      statsd.configure({ exemplars: true });
      expect(statsd.exemplars).to.equal(true);
      const traced = spans.during(() => statsd.timing('load', 1));
      expect(exemplarOf(statsd, 'load')).to.include({ value: 1, traceId: traced });
      statsd.configure({ exemplars: false });
      spans.during(() => statsd.timing('load', 20));
      expect(exemplarOf(statsd, 'load')).to.equal(undefined);
    });

    it('are those of a trace that was kept, while something is recorded with it', () => {
      const statsd = make();
      const kept = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) };
      spans.during(() => withTrace(kept, () => statsd.timing('load', 1)));
      expect(exemplarOf(statsd, 'load')).to.include(kept);
      expect(() =>
        withTrace(kept, () => {
          throw new Error('of the app');
        }),
      ).to.throw('of the app');
      const own = spans.during(() => statsd.timing('load', 2));
      expect(exemplarOf(statsd, 'load')!.traceId).to.equal(own);
    });
  });

  describe('with spans that are not stored', () => {
    const spans = useSpans(new AlwaysOffSampler());

    it('are none', () => {
      const statsd = make();
      spans.during(() => statsd.timing('load', 10));
      expect(exemplarOf(statsd, 'load')).to.equal(undefined);
    });
  });

  describe('without OpenTelemetry', () => {
    const API = Symbol.for('opentelemetry.js.api.1');
    const globals = globalThis as unknown as Record<symbol, unknown>;
    const original = globals[API];
    afterEach(() => (globals[API] = original));

    /** Registers what looks for an active span, and counts the looks. */
    const looked = (active: () => unknown): { count: number } => {
      const looks = { count: 0 };
      globals[API] = {
        context: {
          active() {
            looks.count++;
            return active();
          },
        },
      };
      return looks;
    };

    it('are none', () => {
      globals[API] = undefined;
      const statsd = make();
      statsd.timing('load', 10);
      expect(exemplarOf(statsd, 'load')).to.equal(undefined);
    });

    it('are looked for at slow values only, and a bounded number of times', () => {
      const looks = looked(() => undefined);
      const statsd = make();
      for (let at = 0; at < 10_000; at++) statsd.timing('load', 1 + (at % 7));
      const { count } = looks;
      expect(count).to.be.within(64, 70);
      statsd.timing('load', 8);
      expect(looks.count).to.equal(count + 1);
      statsd.timing('load', 8);
      expect(looks.count).to.equal(count + 1);
    });

    it('are never looked for where they are off', () => {
      const looks = looked(() => undefined);
      const statsd = make({ exemplars: false });
      for (let at = 0; at < 100; at++) statsd.timing('load', at);
      expect(looks.count).to.equal(0);
    });

    for (const [what, active] of Object.entries<() => unknown>({
      throws: () => {
        throw new Error('broken');
      },
      'has no values': () => ({}),
      'has a span of another kind': () => ({ getValue: () => 3 }),
      'has a bad identifier': () => ({
        getValue: () => ({
          spanContext: () => ({ traceId: 'x"}', spanId: 'b'.repeat(16), traceFlags: 1 }),
        }),
      }),
      'has numbers': () => ({
        getValue: () => ({ spanContext: () => ({ traceId: 1, spanId: 2, traceFlags: 1 }) }),
      }),
    })) {
      it(`are none when what stands in its place ${what}`, () => {
        looked(active);
        const statsd = make();
        statsd.timing('load', 10);
        expect(exemplarOf(statsd, 'load')).to.equal(undefined);
        expect(statsd.stats().recorded).to.equal(1);
      });
    }
  });
});
