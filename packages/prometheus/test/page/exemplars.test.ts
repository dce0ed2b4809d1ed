import type { AddressInfo } from 'node:net';
import { createServer } from 'node:http';
import { context, trace } from '@opentelemetry/api';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { StatsdClient } from '@afstatsd/core';
import { describeWith, until, useCleanup, usePrometheusServers } from '@afstatsd/testing';
import { expect } from 'chai';
import { type PrometheusPage, prometheusPage } from '../../src/index.js';
import { HistogramFamily } from '../../src/page/family.js';
import { textPage } from '../../src/page/text-page.js';

const TRACE = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), time: 1_700_000_000_123 };

describe('exemplars on the page', () => {
  const pageOf = (family: HistogramFamily, format: 'openmetrics' | 'text', isHolding = false): string => {
    let text = '';
    for (const { bytes } of textPage([family], { format, isHolding })) text += Buffer.from(bytes).toString();
    return text;
  };
  const family = (isHeld = false): HistogramFamily => {
    const made = new HistogramFamily({ name: 'load_seconds', help: 'Load.' }, [0.1, 1], 'seconds');
    made.add(
      [['route', '/a']],
      {
        counts: [1, 1, 1],
        count: 3,
        sum: 2.55,
        exponential: undefined,
        isHeld,
        isGone: false,
        exemplars: [undefined, { ...TRACE, value: 0.5 }, { ...TRACE, value: 2 }],
      },
      0,
    );
    return made;
  };
  const labels = `trace_id="${TRACE.traceId}",span_id="${TRACE.spanId}"`;

  it('stand behind the bucket of their value, in OpenMetrics', () => {
    expect(
      pageOf(family(), 'openmetrics')
        .split('\n')
        .filter((line) => line.includes('_bucket')),
    ).to.deep.equal([
      'load_seconds_bucket{route="/a",le="0.1"} 1',
      `load_seconds_bucket{route="/a",le="1"} 2 # {${labels}} 0.5 1700000000.123`,
      `load_seconds_bucket{route="/a",le="+Inf"} 3 # {${labels}} 2 1700000000.123`,
    ]);
  });

  it('are left out of the text format, which has no place for them, and of series that are held at 0', () => {
    expect(pageOf(family(), 'text')).to.not.contain('trace_id');
    expect(pageOf(family(true), 'openmetrics', true)).to.not.contain('trace_id');
  });

  it('fit however many there are', () => {
    const many = new HistogramFamily({ name: 'load_seconds', help: 'Load.' }, [0.1, 1], 'seconds');
    for (let at = 0; at < 2_000; at++) {
      const exemplars = [0.01, 0.5, 2].map((value) => ({ ...TRACE, value: value + Number.EPSILON }));
      const series = { counts: [1, 1, 1], count: 3, sum: 3, exponential: undefined, exemplars };
      many.add([['at', String(at)]], { ...series, isHeld: false, isGone: false }, 0);
    }
    expect(
      pageOf(many, 'openmetrics').match(/ # \{trace_id="a{32}",span_id="b{16}"\} \S+ 1700000000\.123\n/g),
    ).to.have.length(6_000);
  });
});

describeWith('prometheus', 'a real Prometheus that scrapes the page of an app', () => {
  const startPrometheus = usePrometheusServers();
  const later = useCleanup();

  let provider: NodeTracerProvider;
  before(() => {
    provider = new NodeTracerProvider();
    provider.register();
  });
  after(async () => {
    trace.disable();
    context.disable();
    await provider.shutdown();
  });

  /** The address of a page, with a client whose metrics are on it. */
  const serve = async (): Promise<{ readonly statsd: StatsdClient; readonly host: string }> => {
    const statsd = new StatsdClient({ service: 'shop', handleSignals: false, exemplars: true });
    const page: PrometheusPage = prometheusPage({ statsd });
    const server = createServer((request, response) => page(request, response)).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    later(async () => {
      server.closeAllConnections();
      server.close();
      page.close();
      await statsd.shutdown();
    });
    return { statsd, host: `127.0.0.1:${(server.address() as AddressInfo).port}` };
  };
  const timed = (statsd: StatsdClient, ms: number): string =>
    trace.getTracer('test').startActiveSpan('work', (span) => {
      statsd.timing('checkout', ms, { tags: { provider: 'acme' } });
      span.end();
      return span.spanContext().traceId;
    });

  for (const [form, features] of [
    ['OpenMetrics', 'exemplar-storage'],
    ['native histograms', 'exemplar-storage,native-histograms'],
  ] as const) {
    it(`answers with the trace of the slowest value, by ${form}`, async () => {
      const { statsd, host } = await serve();
      const server = await startPrometheus(host, {}, [`--enable-feature=${features}`]);
      timed(statsd, 20);
      const slowest = timed(statsd, 30_000);
      timed(statsd, 25);
      const query = form === 'OpenMetrics' ? 'checkout_seconds_bucket' : 'checkout_seconds';
      let exemplars: Awaited<ReturnType<typeof server.exemplars>> = [];
      await until('there are exemplars', async () => {
        exemplars = await server.exemplars(query);
        return exemplars.length > 0;
      });
      const [found] = exemplars;
      expect(found!.labels).to.include({ trace_id: slowest });
      expect(found!.value).to.equal(30);
      expect(found!.series).to.include({ provider: 'acme', service: 'shop' });
    });
  }
});
