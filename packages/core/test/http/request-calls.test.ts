import { once } from 'node:events';
import { type IncomingMessage, type Server, type ServerResponse, createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Recorded, until, useClients } from '@afstatsd/testing';
import { expect } from 'chai';
import { HttpMetrics, type HttpOptions, exchangeOf } from '../../src/http/index.js';

describe('the calls of a request', () => {
  const makeClient = useClients();
  let client: Recorded;
  let server: Server | undefined;
  beforeEach(() => (client = makeClient()));
  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
  });

  type Handler = (req: IncomingMessage, res: ServerResponse) => unknown;

  async function listen(handler: Handler, options: HttpOptions = { calls: true }): Promise<string> {
    const http = new HttpMetrics({ statsd: client.statsd, ...options }, (req) => req.url?.split('?')[0]);
    server = createServer((req, res) => {
      http.begin(req, res);
      http.within(req, () => void handler(req, res));
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }
  const text = async (url: string): Promise<string> => (await fetch(url)).text();

  /** The values of a metric, by the values of its tags, when so many requests have been recorded. */
  async function calls(requests: number, name = 'http.request.calls'): Promise<Record<string, number[]>> {
    const found: Record<string, number[]> = {};
    let seen = 0;
    await until(`${requests} requests are recorded`, async () => {
      await client.statsd.flush();
      for (const metric of client.memory.metrics) {
        const values = 'values' in metric ? [...metric.values] : [];
        if (metric.name === 'http.request') seen += values.length;
        if (metric.name === 'http.aborted') seen += 'value' in metric ? metric.value : 0;
        if (metric.name !== name) continue;
        const key = (metric.tags ?? []).map(([, value]) => value).join(' ');
        found[key] = [...(found[key] ?? []), ...values].sort((a, b) => a - b);
      }
      client.memory.clear();
      return seen >= requests;
    });
    return found;
  }

  it('are counted by route and timer, and their time is added up', async () => {
    const { statsd } = client;
    const find = statsd.time('db.find', () => sleep(5));
    const url = await listen(async (req, res) => {
      const times = Number(new URL(req.url!, 'http://a').searchParams.get('times'));
      for (let i = 0; i < times; i++) await find();
      statsd.timing('cache', 1);
      statsd.createTimer('held', { tags: { a: 1 } }).record(2);
      statsd.timing('held', 3, { tags: { a: 2 } });
      statsd.histogram('bytes', 1000);
      res.end();
    });
    await Promise.all([
      text(`${url}/orders?times=7`),
      text(`${url}/orders?times=2`),
      text(`${url}/home?times=1`),
    ]);
    expect(await calls(3)).to.deep.equal({
      '/orders db.find': [2, 7],
      '/orders cache': [1, 1],
      '/orders held': [2, 2],
      '/home db.find': [1],
      '/home cache': [1],
      '/home held': [2],
    });
    await text(`${url}/orders?times=3`);
    const times = await calls(1, 'http.request.calls.time');
    expect(times['/orders db.find']![0]).to.be.at.least(12); // three sleeps, which may end 1 ms early
    expect(times['/orders held']).to.deep.equal([5]);
  });

  it('are not recorded unless they are asked for, and then cost nothing', async () => {
    const url = await listen((_req, res) => res.end(), { calls: false });
    client.statsd.timing('db.find', 1);
    await text(`${url}/`);
    expect(await calls(1)).to.deep.equal({});
  });

  it('count nested things each, and what runs at once', async () => {
    const { statsd } = client;
    const inner = statsd.time('inner', () => sleep(1));
    const outer = statsd.time('outer', async () => Promise.all([inner(), inner(), inner()]));
    const url = await listen(async (_req, res) => {
      await Promise.all([outer(), outer()]);
      res.end();
    });
    await text(`${url}/`);
    expect(await calls(1)).to.deep.equal({ '/ inner': [6], '/ outer': [2] });
  });

  it('leave out what ends after the response, and the part that blocks', async () => {
    const { statsd } = client;
    let later = Promise.resolve();
    const late = statsd.time('late', async () => {
      await sleep(20);
    });
    const find = statsd.time('find', async () => {}, { blocking: true });
    const url = await listen(async (_req, res) => {
      await find();
      res.end();
      await once(res, 'close');
      later = late();
    });
    await text(`${url}/`);
    expect(await calls(1)).to.deep.equal({ '/ find': [1] });
    await later;
    await text(`${url}/`);
    expect(await calls(1)).to.deep.equal({ '/ find': [1] });
    await later;
  });

  it('of requests that the client leaves are those until then', async () => {
    const find = client.statsd.time('find', async () => {});
    let ran = false;
    const url = await listen(async () => {
      await find();
      await find();
      ran = true;
    });
    const request = get(`${url}/slow`).on('error', () => {});
    await until('both have run', () => ran);
    request.destroy();
    expect(await calls(1)).to.deep.equal({ '/slow find': [2] });
  });

  it('of an event stream are those before it began', async () => {
    const find = client.statsd.time('find', async () => {});
    const http = new HttpMetrics({ statsd: client.statsd, calls: true }, (req) => req.url);
    server = createServer((req, res) => {
      http.begin(req, res);
      void http.within(req, async () => {
        await find();
        const headers = { 'content-type': 'text/event-stream' };
        exchangeOf(req).headersSent(200, headers);
        res.writeHead(200, headers);
        for (let i = 0; i < 5; i++) {
          await find();
          res.write('data: 1\n\n');
        }
        res.end();
      });
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    await text(`http://127.0.0.1:${port}/events`);
    await text(`http://127.0.0.1:${port}/events`);
    await until('the streams have begun', () => client.statsd.stats().pending >= 4);
    await client.statsd.flush();
    const [metric] = client.memory.find('http.request.calls');
    expect(metric).to.deep.include({ values: [1, 1] });
  });

  it('are bounded: of a request, of the process, and by half of maxMetrics', async () => {
    const { statsd } = client;
    const url = await listen((req, res) => {
      const from = Number(new URL(req.url!, 'http://a').searchParams.get('from'));
      for (let i = from; i < from + 150; i++) statsd.timing(`t.${i}`, 1);
      res.end();
    });
    await text(`${url}/a?from=0`);
    const first = await calls(1);
    expect(Object.keys(first)).to.have.length(101);
    expect(first['/a other']).to.deep.equal([50]);
    await text(`${url}/a?from=1000`);
    const second = await calls(1);
    expect(Object.keys(second)).to.deep.equal(['/a other']);
  });

  it('say once for each route that a thing ran often, and from where', async () => {
    const find = client.statsd.time('db.find', async () => sleep(1));
    const handle: Handler = async (req, res) => {
      const times = req.url === '/few' ? 4 : 6;
      for (let i = 0; i < times; i++) await find();
      res.end();
    };
    const url = await listen(handle, { calls: { warnAt: 5 } });
    for (const path of ['/few', '/many', '/many', '/few']) await text(url + path);
    await calls(4);
    expect(client.log.warnings).to.have.length(1);
    expect(client.log.warnings[0]).to.match(
      /route "\/many" ran "db\.find" 6 times in one request, from .*request-calls\.test\.js:\d+:\d+ \(said once\)$/,
    );
  });

  it('have no tags of the request', async () => {
    const { statsd } = client;
    const options = { calls: true, requestTags: () => ({ tenant: 'acme' }) };
    const url = await listen((_req, res) => {
      statsd.timing('find', 1);
      res.end();
    }, options);
    await text(`${url}/`);
    expect(await calls(1)).to.deep.equal({ '/ find': [1] });
  });

  it('take a whole number of at least 2', () => {
    for (const calls of [1, {}, { warnAt: 2 }, { warnAt: Infinity }, true, false]) {
      const make = (): unknown => new HttpMetrics({ calls: calls as never }, () => '/');
      if (calls === 1) expect(make).to.throw(TypeError, 'option calls must be');
      else make();
    }
    for (const warnAt of [0, 1, 2.5, NaN, '5']) {
      const make = (): unknown => new HttpMetrics({ calls: { warnAt: warnAt as never } }, () => '/');
      expect(make).to.throw(TypeError, 'option calls must be');
    }
  });
});
