import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { decodeLines } from '@afstatsd/core';
import { eventually, freePort, until } from '@afstatsd/testing';
import { expect } from 'chai';
import type { Hello, MetricList, PointsAnswer, SeriesAnswer, Tick } from '../../src/live/api.js';
import { LivePage, type LivePageOptions } from '../../src/live/live-page.js';
import { STEP_MS } from '../../src/live/live-series.js';
import { Log } from '../../src/log.js';
import { EventReader } from '../support/event-reader.js';

const HEALTH = {
  collector: '1.2.3',
  pid: 1,
  started: 0,
  inputs: {},
  queue: { depth: 3, capacity: 200 },
  udpDrops: null,
  completeness: { percent: 100, clients: 2 },
  outputs: [],
};

describe('the live page', () => {
  const pages: LivePage[] = [];
  const said: string[] = [];
  let ms = 0;

  beforeEach(() => {
    said.length = ms = 0;
  });
  afterEach(async () => {
    await Promise.all(pages.splice(0).map((page) => page.close()));
  });

  const start = async (options: Partial<LivePageOptions> = {}): Promise<LivePage> => {
    const page = new LivePage({
      host: '127.0.0.1',
      port: 0,
      allowHosts: [],
      maxMetrics: 5_000,
      points: 240,
      log: new Log((line) => said.push(line)),
      status: () => HEALTH,
      clients: () => [],
      now: () => ms,
      ...options,
    });
    pages.push(page);
    await page.start();
    return page;
  };
  const take = (page: LivePage, ...lines: string[]): void => {
    for (const metric of decodeLines(lines.join('\n')).metrics) page.ingest(metric);
  };
  const ask = async (
    page: LivePage,
    path: string,
    headers: Record<string, string> = {},
    method = 'GET',
  ): Promise<{ status: number; headers: IncomingMessage['headers']; body: string }> => {
    const asked = request({ host: '127.0.0.1', port: page.address!.port, path, headers, method }).end();
    const [response] = (await once(asked, 'response')) as [IncomingMessage];
    let body = '';
    for await (const chunk of response.setEncoding('utf8')) body += String(chunk);
    return { status: response.statusCode!, headers: response.headers, body };
  };
  const read = async <T>(page: LivePage, path: string): Promise<T> =>
    JSON.parse((await ask(page, path)).body) as T;

  describe('list', () => {
    it('has each series with its kind, unit and values, and totals of several', async () => {
      const page = await start();
      take(
        page,
        'orders:10|c|#method:card',
        'http.response.bytes:512|h',
        'cart:7|g',
        'login:20|ms',
        'users:ann|s',
      );
      ms += STEP_MS;
      const { metrics, ...rest } = await read<MetricList>(page, '/api/v1/metrics');
      expect(metrics.map(({ name, kind, unit, tags, now }) => [name, kind, unit, tags, now])).to.deep.equal([
        ['orders', 'counter', '', { method: 'card' }, [2]],
        ['http.response.bytes', 'histogram', 'bytes', {}, [0.2, 512, 512, 512]],
        ['cart', 'gauge', '', {}, [7]],
        ['login', 'timer', 'ms', {}, [0.2, 20, 20, 20]],
        ['users', 'set', '', {}, [1]],
      ]);
      expect(rest).to.include({ version: 1, stepMs: 5_000, points: 240, step: 1, matching: 5 });
    });

    it('finds by words of names and tags, and lists so many', async () => {
      const page = await start();
      take(page, 'orders:1|c|#method:card', 'orders:1|c|#method:bill', 'carts:1|c');
      const found = await read<MetricList>(page, '/api/v1/metrics?search=ORD%20bill');
      expect(found.metrics.map(({ tags }) => tags)).to.deep.equal([{ method: 'bill' }]);
      const limited = await read<MetricList>(page, '/api/v1/metrics?limit=1');
      expect([limited.metrics.length, limited.matching]).to.deep.equal([1, 3]);
    });
  });

  describe('series', () => {
    it('adds up counters, splits them by a tag, and selects by tags', async () => {
      const page = await start();
      take(
        page,
        'orders:10|c|#method:card,shop:1',
        'orders:5|c|#method:bill,shop:1',
        'orders:5|c|#method:bill,shop:2',
      );
      ms += STEP_MS;
      const lines = async (query: string): Promise<unknown[]> =>
        (await read<SeriesAnswer>(page, `/api/v1/series?name=orders${query}`)).lines.map(
          ({ tags, series, values }) => [tags, series, values],
        );
      expect(await lines('')).to.deep.equal([[{}, 3, [[4]]]]);
      expect(await lines('&by=method')).to.deep.equal([
        [{ method: 'card' }, 1, [[2]]],
        [{ method: 'bill' }, 2, [[2]]],
      ]);
      expect(await lines('&tag=shop:1')).to.deep.equal([[{ shop: '1' }, 2, [[3]]]]);
      expect(await lines('&tag=shop:1&by=method')).to.deep.equal([
        [{ shop: '1', method: 'card' }, 1, [[2]]],
        [{ shop: '1', method: 'bill' }, 1, [[1]]],
      ]);
    });

    it('has percentiles of several timers together, and says which tags there are', async () => {
      const page = await start();
      take(page, 'req:10|ms|#route:a', 'req:10|ms|#route:a', 'req:10|ms|#route:b', 'req:1000|ms|#route:b');
      ms += STEP_MS;
      const answer = await read<SeriesAnswer>(page, '/api/v1/series?name=req');
      expect(answer).to.deep.include({
        kind: 'timer',
        unit: 'ms',
        from: 0,
        tagKeys: { route: 2 },
        leftOut: 0,
      });
      expect(answer.columns).to.deep.equal(['rate', 'p50', 'p95', 'p99']);
      const [rate, p50, , p99] = answer.lines[0]!.values;
      expect(rate).to.deep.equal([0.8]);
      expect(p50![0]).to.be.closeTo(10, 0.11);
      expect(p99![0]).to.be.closeTo(1000, 11);
      const byRoute = await read<SeriesAnswer>(page, '/api/v1/series?name=req&by=route&last=1');
      expect(byRoute.lines.map(({ tags }) => tags['route'])).to.have.members(['a', 'b']);
    });

    it('says the same as queries of Prometheus and Graphite', async () => {
      const page = await start();
      take(page, 'http.request:10|ms|#route:/a', 'orders:1|c');
      const { queries } = await read<SeriesAnswer>(page, '/api/v1/series?name=http.request&tag=route:/a');
      expect(queries.promql.slice(0, 2)).to.deep.equal([
        'sum (rate(http_request_duration_seconds_count{route="/a"}[1m]))',
        'histogram_quantile(0.5, sum by (le) (rate(http_request_duration_seconds_bucket{route="/a"}[1m])))',
      ]);
      expect(queries.graphite[0]).to.equal(
        "sumSeries(seriesByTag('name=timers.http.request.count_ps', 'route=-a'))",
      );
      const orders = await read<SeriesAnswer>(page, '/api/v1/series?name=orders');
      expect(orders.queries.promql).to.deep.equal(['sum (rate(orders_total[1m]))']);
    });

    it('leaves out the smallest lines past twenty, and says so', async () => {
      const page = await start();
      for (let at = 0; at < 25; at++) take(page, `orders:${at + 1}|c|#user:${at}`);
      ms += STEP_MS;
      const { lines, leftOut } = await read<SeriesAnswer>(page, '/api/v1/series?name=orders&by=user');
      expect([lines.length, leftOut, lines[0]!.tags]).to.deep.equal([20, 5, { user: '24' }]);
    });

    it('has points for sparklines', async () => {
      const page = await start();
      take(page, 'orders:10|c', 'cart:7|g');
      ms += 2 * STEP_MS;
      const { values, from } = await read<PointsAnswer>(page, '/api/v1/points?id=1&id=2&id=99&last=2');
      expect([from, values]).to.deep.equal([0, { 1: [2, 0], 2: [7, 7] }]);
    });

    for (const [path, status] of [
      ['/api/v1/series', 400],
      ['/api/v1/series?name=none', 404],
      ['/api/v1/series?name=orders&kind=gauge', 404],
      ['/api/v1/series?id=99', 404],
      ['/api/v1/points?last=x', 400],
      [`/api/v1/points?${'id=1&'.repeat(501)}`, 400],
      [`/${'x'.repeat(14_000)}`, 404],
      ['/api/v2/metrics', 404],
      ['/../../package.json', 404],
      ['/__proto__', 404],
    ] as const) {
      it(`answers ${status} to ${path.slice(0, 60)}`, async () => {
        const page = await start();
        take(page, 'orders:1|c');
        const answer = await ask(page, path);
        expect(answer.status).to.equal(status);
        expect(JSON.parse(answer.body)).to.have.property('error');
      });
    }
  });

  describe('stream', () => {
    it('says hello, and then each second which series are new and what has changed', async () => {
      const page = await start();
      take(page, 'orders:10|c');
      const events = await EventReader.open(page.address!.port);
      const hello = (await events.next('hello')) as Hello;
      expect(hello).to.deep.include({ version: 1, step: 0 });
      expect(hello.status).to.deep.include({ collector: '1.2.3', queue: { depth: 3, capacity: 200 } });
      const first = (await events.next('tick')) as Tick;
      expect(first.metrics.map(({ name }) => name)).to.deep.equal(['orders']);
      expect(first.status).to.deep.include({
        viewers: 1,
        history: { held: 1, limit: 5_000, series: 1, leftOut: 0 },
      });
      ms += STEP_MS;
      take(page, 'carts:10|c');
      const ended = (await events.nextWith((tick) => (tick as Tick).ended !== undefined)) as Tick;
      expect(ended.step).to.equal(1);
      expect(ended.metrics.map(({ name }) => name)).to.deep.equal(['carts']);
      expect(ended.ended).to.deep.include([1, 2]);
      events.close();
    });

    it('has viewers start over after a pause', async () => {
      const page = await start();
      const events = await EventReader.open(page.address!.port);
      await events.next('tick');
      ms += 10 * STEP_MS;
      await events.next('resync');
      events.close();
    });

    it('wants numbers every 2 s while somebody looks, and none otherwise', async () => {
      const page = await start();
      expect(page.wants()).to.equal(undefined);
      const events = await EventReader.open(page.address!.port);
      expect(page.wants()).to.equal(2_000);
      events.close();
      await until('nobody looks', () => page.wants() === undefined);
    });

    it('takes somebody who asks for a list again and again, and says so, for one who looks', async () => {
      const page = await start();
      await read(page, '/api/v1/metrics');
      expect(page.wants()).to.equal(undefined);
      await read(page, '/api/v1/metrics?watch=1');
      expect(page.wants()).to.equal(2_000);
      ms += 5_000;
      expect(page.wants()).to.equal(undefined);
    });

    it('has sixteen viewers at most', async () => {
      const page = await start();
      const all = await Promise.all(Array.from({ length: 16 }, () => EventReader.open(page.address!.port)));
      const refused = await ask(page, '/api/v1/stream');
      expect([refused.status, refused.headers['retry-after']]).to.deep.equal([503, '10']);
      for (const events of all) events.close();
      await until('there is room again', () => page.wants() === undefined);
      (await EventReader.open(page.address!.port)).close();
    });

    it('holds a bounded amount for a viewer that reads nothing', async () => {
      const page = await start();
      for (let at = 0; at < 2_000; at++) take(page, `metric-${at}-${'x'.repeat(900)}:1|c`);
      const socket = connect(page.address!.port, '127.0.0.1');
      socket.on('error', () => {});
      socket.write('GET /api/v1/stream HTTP/1.1\r\nHost: localhost\r\n\r\n');
      socket.pause();
      await until('it is a viewer', () => page.wants() !== undefined);
      const events = await EventReader.open(page.address!.port);
      for (let tick = 0; tick < 3; tick++) await events.next('tick');
      events.close();
      socket.destroy();
      await until('nobody looks', () => page.wants() === undefined);
    });
  });

  describe('guard', () => {
    const HOSTILE = {
      'own name': 'attacker.example',
      'name with a port': 'attacker.example:8127',
      nonsense: '[',
    };
    for (const [what, host] of Object.entries(HOSTILE)) {
      it(`refuses a foreign host: ${what}`, async () => {
        const page = await start();
        for (const path of ['/', '/api/v1/metrics', '/api/v1/stream'])
          expect((await ask(page, path, { Host: host })).status).to.equal(421);
        expect(said.filter((line) => line.includes('refused a request'))).to.have.length(1);
      });
    }

    it('refuses other names on any address, unless they are allowed', async () => {
      const page = await start({ host: '0.0.0.0', allowHosts: ['metrics.example'] });
      const status = async (Host: string): Promise<number> =>
        (await ask(page, '/api/v1/status', { Host })).status;
      expect(await status('metrics.example:8127')).to.equal(200);
      expect(await status('10.0.0.7:8127')).to.equal(200);
      expect(await status('localhost')).to.equal(200);
      expect(await status('other.example')).to.equal(421);
    });

    it('refuses requests of other origins, and answers those of its own', async () => {
      const page = await start();
      const host = `127.0.0.1:${page.address!.port}`;
      const status = async (headers: Record<string, string>): Promise<number> =>
        (await ask(page, '/api/v1/metrics', headers)).status;
      expect(await status({ Origin: `http://${host}` })).to.equal(200);
      expect(await status({ Origin: 'http://127.0.0.1:1' })).to.equal(403);
      expect(await status({ Origin: 'https://attacker.example' })).to.equal(403);
      expect(await status({ Origin: 'null' })).to.equal(403);
      expect(await status({ 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'no-cors' })).to.equal(403);
      expect(await status({ 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate' })).to.equal(200);
      expect(await status({ 'Sec-Fetch-Site': 'same-origin', 'Sec-Fetch-Mode': 'cors' })).to.equal(200);
    });

    it('changes nothing: other methods are refused', async () => {
      const page = await start();
      for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH']) {
        const { status, headers } = await ask(page, '/api/v1/metrics', {}, method);
        expect([status, headers['allow']]).to.deep.equal([405, 'GET, HEAD']);
      }
      const head = await ask(page, '/api/v1/metrics', {}, 'HEAD');
      expect([head.status, head.body]).to.deep.equal([200, '']);
    });

    it('sends a strict policy with everything, also with what it refuses', async () => {
      const page = await start();
      for (const [path, sent] of [
        ['/api/v1/metrics', {}],
        ['/nothing', {}],
        ['/', { Host: 'attacker.example' }],
      ] as const) {
        const { headers } = await ask(page, path, sent);
        expect(headers['content-security-policy']).to.include("default-src 'none'").and.not.include('unsafe');
        expect(headers).to.include({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
        expect(headers).to.not.have.property('access-control-allow-origin');
      }
    });

    it('passes names on as they are, as JSON', async () => {
      const page = await start();
      const name = '<img src=x onerror=alert(1)>"\'\u001B[31m\u202E';
      page.ingest({ type: 'counter', name, tags: [['__proto__', '</script>']], value: 1, rate: 1 });
      const { body, headers } = await ask(page, '/api/v1/metrics');
      expect(headers['content-type']).to.equal('application/json');
      const { metrics } = JSON.parse(body) as MetricList;
      expect(metrics[0]!.name).to.include('<img src=x').and.include('"\'');
      expect(Object.entries(metrics[0]!.tags)).to.deep.equal([['__proto__', '</script>']]);
    });
  });

  describe('port', () => {
    it('that is taken is said, and no reason to stop', async () => {
      const port = await freePort();
      const first = await start({ port });
      const second = await start({ port });
      expect(second.address).to.equal(undefined);
      expect(said.join('\n')).to.include(
        `page: can't listen on 127.0.0.1:${port}: another program does (EADDRINUSE); choose another port with --page HOST:PORT, or off; the rest goes on without it`,
      );
      take(second, 'orders:1|c');
      expect(second.stats()).to.include({ recorded: 1 });
      expect((await ask(first, '/api/v1/status')).status).to.equal(200);
    });

    it('that is no port of this machine is said, too', async () => {
      const page = await start({ host: '192.0.2.1' });
      expect(page.address).to.equal(undefined);
      expect(said.join('\n')).to.include('EADDRNOTAVAIL');
    });

    it('is free after the end, and viewers have gone', async () => {
      const port = await freePort();
      const first = await start({ port });
      const events = await EventReader.open(port);
      await first.close();
      await events.ended;
      const second = await start({ port });
      await eventually(() => expect(second.address?.port).to.equal(port));
    });
  });
});
