import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Decoded, decode } from '@afstatsd/core';
import { until, type Exposition, parseExposition } from '@afstatsd/testing';
import { expect } from 'chai';
import { PrometheusOutput, type PrometheusOptions } from '../../src/output/prometheus/prometheus.js';

describe('Prometheus output', () => {
  const outputs: PrometheusOutput[] = [];
  const make = async (options: PrometheusOptions = {}): Promise<PrometheusOutput> => {
    const output = new PrometheusOutput({ port: 0, ...options });
    outputs.push(output);
    await output.start();
    return output;
  };
  afterEach(async () => {
    await Promise.all(outputs.splice(0).map((output) => output.close(1000)));
  });

  const record = (output: PrometheusOutput, ...lines: string[]): void => {
    for (const line of lines) for (const metric of decode(line).metrics) output.ingest(metric);
  };
  const scrape = async (output: PrometheusOutput): Promise<Exposition> =>
    parseExposition(await (await fetch(output.url)).text());
  const values = async (output: PrometheusOutput): Promise<Record<string, number>> => {
    const { samples } = await scrape(output);
    return Object.fromEntries(
      samples
        .filter(({ name }) => !name.endsWith('_bucket'))
        .map(({ name, labels, value }) => [
          name + (Object.keys(labels).length === 0 ? '' : JSON.stringify(labels)),
          value,
        ]),
    );
  };
  const buckets = async (output: PrometheusOutput, name: string): Promise<Record<string, number>> => {
    const { samples } = await scrape(output);
    return Object.fromEntries(
      samples
        .filter((one) => one.name === `${name}_bucket`)
        .map(({ labels, value }) => [labels['le'], value]),
    );
  };

  it('gives counters, gauges, timers and sets the names, units and types of Prometheus', async () => {
    const output = await make();
    record(
      output,
      'website.pageviews:3|c',
      'queue.size:7|g',
      'login:200,300|ms',
      'users:ann|s',
      'users:bob|s',
    );
    const { types } = await scrape(output);
    expect(Object.fromEntries(types)).to.deep.equal({
      website_pageviews_total: 'counter',
      queue_size: 'gauge',
      login_seconds: 'histogram',
      users: 'gauge',
    });
    expect(await values(output)).to.deep.equal({
      website_pageviews_total: 3,
      queue_size: 7,
      login_seconds_count: 2,
      login_seconds_sum: 0.5,
      users: 2,
    });
  });

  it('keeps totals: a scrape takes nothing away', async () => {
    const output = await make();
    record(output, 'hits:1|c', 'login:100|ms');
    await scrape(output);
    record(output, 'hits:2|c', 'login:100|ms');
    await scrape(output);
    expect(await values(output)).to.include({ hits_total: 3, login_seconds_count: 2 });
  });

  it('writes tags as labels, with every character in them', async () => {
    const output = await make();
    const value = 'a "quoted" \\ path\\n é 日本 😀 }{=';
    output.ingest({ type: 'counter', name: 'hits', value: 1, rate: 1, tags: [['host.name', value]] });
    const { samples } = await scrape(output);
    expect(samples).to.deep.equal([{ name: 'hits_total', labels: { host_name: value }, value: 1 }]);
  });

  it('lets the first raw name keep a name, and gives later ones a hash of theirs', async () => {
    const output = await make();
    record(output, 'a.b:1|c', 'a_b:2|c', 'a-b:4|c', 'a.b:8|c');
    expect(await values(output)).to.deep.equal({
      a_b_total: 9,
      a_b_648fa9b3_total: 2,
      a_b_d44362d6_total: 4,
    });
  });

  it('lets the first one keep it, with tags or without', async () => {
    const output = await make();
    record(output, 'a.b:1|c|#host:x', 'a_b:2|c', 'c.d:1|h', 'c_d:2|g');
    expect(await values(output)).to.include({
      'a_b_total{"host":"x"}': 1,
      a_b_648fa9b3_total: 2,
      c_d_sum: 1,
    });
  });

  it('lets no name be taken by a metric that is refused', async () => {
    const output = await make({ maxMetrics: 2, logger: { warn: () => {} } });
    record(output, 'a:1|c', 'b:1|c', 'x.decrements:1|c', 'x:-1|c');
    expect(await values(output)).to.deep.equal({ a_total: 1, b_total: 1, x_decrements_total: 1 });
  });

  it('gives names in the order in which they came, those that core has cleaned too', async () => {
    const output = await make({ logger: { warn: () => {} } });
    output.ingest({ type: 'counter', name: 'a@b', value: 1, rate: 1 });
    record(output, 'a.b:2|c');
    expect((await values(output))['a_b_total']).to.equal(1);
  });

  it('keeps counter, gauge, timer and set of one name apart', async () => {
    const output = await make();
    record(output, 'x:1|c', 'x:2|g', 'x:3|ms', 'x:ann|s', 'x:5|h', 'x:-4|c');
    const { types } = await scrape(output);
    expect([...types.values()].sort()).to.deep.equal([
      'counter',
      'counter',
      'gauge',
      'gauge',
      'histogram',
      'histogram',
    ]);
    expect(await values(output)).to.include({ x_total: 1, x: 2, x_seconds_count: 1, x_decrements_total: 4 });
  });

  for (const lines of [
    ['x.seconds.count:1|g', 'x.seconds.sum:1|g', 'x:5|ms', 'x.seconds:1|g', 'x.seconds.bucket:1|g'],
    ['h_count:1|g', 'h:5|h', 'h_bucket:1|g', 'h.count:1|g'],
    ['x.total:1|c', 'x:1|c', 'x_total:2|g', 'x.decrements:1|c', 'x:-1|c', 'x.decrements.total:1|g'],
  ]) {
    it(`stays valid where ${lines.join(' ')} meet`, async () => {
      const output = await make();
      record(output, ...lines);
      expect((await scrape(output)).types.size).to.equal(lines.length);
      record(output, ...lines.map((line) => `${line}|#a:b`));
      expect((await scrape(output)).types.size).to.equal(lines.length);
    });
  }

  it('keeps series apart whose labels would become equal', async () => {
    const output = await make();
    record(
      output,
      'hits:1|c|#a.b:x',
      'hits:2|c|#a_b:x',
      'hits:4|c|#a.b:x,a_b:y,a-b:z',
      'hits:8|c|#canary',
      'hits:16|c|#canary:true',
      'hits:32|c',
      'hits:64|c|#5xx:1,__name__:evil',
      'login:5|ms|#le:9',
    );
    const { samples } = await scrape(output);
    const hits = samples.filter(({ name }) => name === 'hits_total');
    expect(hits.reduce((sum, { value }) => sum + value, 0)).to.equal(127);
    expect(hits).to.have.length(7);
    expect(hits.find(({ value }) => value === 8)!.labels).to.deep.equal({ canary: 'true' });
    expect(hits.find(({ value }) => value === 64)!.labels).to.deep.equal({ _5xx: '1', _name_: 'evil' });
  });

  it('counts what is taken off a counter apart, so that no counter falls', async () => {
    const output = await make();
    record(output, 'stock:10|c', 'stock:-3|c', 'stock:-1|c|@0.5');
    expect(await values(output)).to.deep.equal({ stock_total: 10, stock_decrements_total: 5 });
  });

  it('counts sampled timers and counters with their weight', async () => {
    const output = await make();
    record(output, 'login:100|ms|@0.1', 'login:200|ms|@0.5', 'hits:3|c|@0.1', 'odd:7|ms|@0.3', 'odd:8|ms');
    const read = await values(output);
    expect(read).to.include({ login_seconds_count: 12, hits_total: 30, odd_seconds_count: 4 });
    expect(read['login_seconds_sum']).to.be.closeTo(1.4, 1e-9);
  });

  it('sorts timings into buckets, a bound itself included, with bounds of one’s own', async () => {
    const output = await make({ bounds: [0.1, 0.2, 1.005] });
    record(output, 'login:100,101,200,1005,1006,0|ms');
    expect(await buckets(output, 'login_seconds')).to.deep.equal({ 0.1: 2, 0.2: 4, 1.005: 5, '+Inf': 6 });
  });

  it('takes a timer for bytes, if its name says so, for no duration', async () => {
    const output = await make({});
    record(output, 'http.response.bytes.get.users-_id:500:5000|ms', 'body_bytes:70|ms', 'kilobytes:1000|ms');
    expect(await values(output)).to.include({
      http_response_bytes_get_users_id_sum: 5500,
      body_bytes_sum: 70,
      kilobytes_seconds_sum: 1,
    });
  });

  it('leaves the unit of DogStatsD’s histograms and distributions alone', async () => {
    const output = await make({ valueBounds: [1000, 10_000] });
    record(output, 'body.size:500:5000|h', 'page.size:50000|d');
    expect(await values(output)).to.include({ body_size_sum: 5500, page_size_sum: 50_000 });
    expect(await buckets(output, 'body_size')).to.deep.equal({ 1000: 1, 10000: 2, '+Inf': 2 });
  });

  it('never lets a bucket fall, however many values a timer has', async () => {
    const output = await make();
    let before: Record<string, number> = {};
    for (let round = 0; round < 40; round++) {
      const ms = Array.from({ length: 100 }, (_, i) => (round % 2 === 0 ? 10 : 10 + ((i * 7919) % 400) / 10));
      output.ingest({ type: 'timer', name: 'login', values: ms, rate: round % 5 === 4 ? 0.3 : 1 });
      const now = await buckets(output, 'login_seconds');
      for (const [bound, count] of Object.entries(before)) expect(now[bound]).to.be.at.least(count);
      before = now;
    }
  });

  it('changes a gauge by a signed value, as etsy’s server does', async () => {
    const output = await make();
    record(output, 'depth:10|g', 'depth:+5|g', 'depth:-3|g');
    expect(await values(output)).to.deep.equal({ depth: 12 });
  });

  it('counts the distinct members of a set in a window of time', async () => {
    const output = await make({ setWindow: 50 });
    record(output, 'users:ann|s', 'users:bob|s', 'users:ann|s');
    expect(await values(output)).to.deep.equal({ users: 2 });
    await until('the set is empty', async () => (await values(output))['users'] === 0);
    record(output, 'users:cid|s');
    expect(await values(output)).to.deep.equal({ users: 1 });
  });

  it('puts a prefix before every name', async () => {
    const output = await make({ prefix: 'shop' });
    record(output, 'orders:1|c', '5xx:1|g');
    expect(await values(output)).to.deep.equal({ shop_orders_total: 1, shop_5xx: 1 });
  });

  it('drops and counts metrics past maxMetrics', async () => {
    const output = await make({ maxMetrics: 2, logger: { warn: () => {} } });
    record(output, 'a:1|c', 'b:1|c', 'c:1|c', 'a:1|c');
    expect(await values(output)).to.deep.equal({ a_total: 2, b_total: 1 });
    expect(output.stats()).to.deep.include({ recorded: 4, sent: 3, dropped: { cardinality: 1 }, errors: 0 });
  });

  it('doesn’t follow the variables that are meant for apps', async () => {
    Object.assign(process.env, { AFSTATSD_DISABLED: '1', AFSTATSD_PREFIX: 'app' });
    try {
      const output = await make();
      record(output, 'hits:1|c');
      expect(await values(output)).to.deep.equal({ hits_total: 1 });
    } finally {
      delete process.env['AFSTATSD_DISABLED'];
      delete process.env['AFSTATSD_PREFIX'];
    }
  });

  it('never throws into the one who passes metrics on', async () => {
    const output = await make({ logger: { warn: () => {} } });
    const bad = [
      { type: 'counter', name: '', value: 1, rate: 1 },
      { type: 'counter', name: 'x'.repeat(10_000), value: 1, rate: 1 },
      { type: 'gauge', name: 'x', value: Number.NaN },
      { type: 'timer', name: 'x', values: [], rate: 1 },
      { type: 'set', name: 'x', members: [] },
    ] as Decoded[];
    for (const metric of bad) output.ingest(metric);
    expect(await values(output)).to.deep.equal({});
  });

  describe('server', () => {
    it('answers /metrics with the content type of the format, before there are any metrics, too', async () => {
      const output = await make();
      const response = await fetch(output.url);
      expect(response.status).to.equal(200);
      expect(response.headers.get('content-type')).to.equal('text/plain; version=0.0.4; charset=utf-8');
      expect(parseExposition(await response.text()).samples).to.deep.equal([]);
    });

    it('answers /healthz, and 404 or 405 to what it doesn’t know', async () => {
      const { url } = await make();
      const health = await fetch(new URL('/healthz', url));
      expect([health.status, await health.text()]).to.deep.equal([200, 'ok\n']);
      expect((await fetch(new URL('/', url))).status).to.equal(404);
      expect((await fetch(url, { method: 'POST', body: 'x' })).status).to.equal(405);
      const head = await fetch(url, { method: 'HEAD' });
      expect([head.status, await head.text()]).to.deep.equal([200, '']);
    });

    it('listens on 127.0.0.1 unless it is told otherwise', async () => {
      expect((await make()).url).to.match(/^http:\/\/127\.0\.0\.1:\d+\/metrics$/);
      expect((await make({ host: '::1' })).url).to.match(/^http:\/\/\[::1\]:\d+\/metrics$/);
    });

    it('says which port is taken, and what to do', async () => {
      const other = createServer();
      await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
      const { port } = other.address() as AddressInfo;
      const output = new PrometheusOutput({ port });
      const error = await output.start().then(
        () => undefined,
        (reason: Error) => reason,
      );
      await output.close(100);
      await new Promise((resolve) => other.close(resolve));
      expect(error?.message).to.equal(
        `Prometheus output: can't listen on 127.0.0.1:${port}: another program does (EADDRINUSE); end it, or choose another port`,
      );
    });

    it('refuses bounds that don’t rise', () => {
      expect(() => new PrometheusOutput({ bounds: [1, 0.5] })).to.throw(
        TypeError,
        /option bounds must be.*\[1, 0\.5\]/,
      );
    });

    it('lets go of the port and of open connections when it is closed', async () => {
      const output = await make();
      const { url } = output;
      await fetch(url);
      await output.close(50);
      await output.close(50);
      expect(
        await fetch(url).then(
          () => 'answered',
          () => 'refused',
        ),
      ).to.equal('refused');
    });
  });
});
