import { IncomingMessage, type Server, ServerResponse, createServer } from 'node:http';
import { connect as connectHttp2, createServer as createHttp2Server } from 'node:http2';
import { type AddressInfo, type Socket, connect } from 'node:net';
import { PassThrough } from 'node:stream';
import { type Recorded, until, useClients } from '@afstatsd/testing';
import { expect } from 'chai';
import { HttpMetrics, type HttpOptions, exchangeOf } from '../../src/http/index.js';
import { metricsOf } from '../support/metrics-of.js';

async function listenOn(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

describe('HttpMetrics, in a server without a framework', () => {
  const makeClient = useClients();
  let client: Recorded;
  let server: Server | undefined;
  beforeEach(() => (client = makeClient()));
  afterEach(closeServer);
  function closeServer(): void {
    server?.closeAllConnections();
    server?.close();
  }

  type Handler = (req: IncomingMessage, res: ServerResponse) => void;

  async function listen(
    options: HttpOptions,
    routeOf: () => string | undefined,
    handler: Handler,
  ): Promise<string> {
    const http = new HttpMetrics({ statsd: client.statsd, ...options }, routeOf);
    server = createServer((req, res) => {
      http.begin(req, res);
      handler(req, res);
    });
    return `http://127.0.0.1:${await listenOn(server)}`;
  }

  /** All that was recorded, as soon as there is so much: the name and the values of the tags, with blanks between. */
  async function names(count: number): Promise<string[]> {
    await until(`${count} metrics are recorded`, () => client.statsd.stats().pending >= count);
    await client.sent();
    return client.memory.metrics.map(({ name, tags = [] }) =>
      [name, ...tags.map(([, value]) => value)].join(' '),
    );
  }

  it('records a request under the route that it is told, with method and status', async () => {
    const url = await listen(
      {},
      () => '/hello/:name',
      (_req, res) => res.end('hello'),
    );
    await (await fetch(`${url}/hello/ada?x=1`)).text();
    await (await fetch(`${url}/hello/ada`, { method: 'POST', body: 'x' })).text();
    expect(await names(2)).to.deep.equal([
      'http.request get /hello/:name 2xx',
      'http.request post /hello/:name 2xx',
    ]);
  });

  it('says once that the route is told by a promise, whose rejection ends nothing', async () => {
    const late = (async () => {
      throw new Error('late');
    }) as unknown as () => undefined;
    const url = await listen({}, late, (_req, res) => res.end('hello'));
    for (let i = 0; i < 2; i++) await (await fetch(url)).text();
    expect(await names(1)).to.deep.equal(['http.request get /* 2xx']);
    expect(client.log.warnings).to.deep.equal([
      'afstatsd: HttpMetrics: routeOf must return a string or undefined; it returned a promise, which nothing waits for (said once)',
    ]);
  });

  it('has names for what has no route, and for methods and statuses that HTTP does not know', async () => {
    const url = await listen(
      {},
      () => undefined,
      (req, res) => {
        res.statusCode = req.url === '/404' ? 404 : 700;
        res.end();
      },
    );
    await fetch(`${url}/404`);
    await fetch(`${url}/other`, { method: 'PROPFIND' });
    expect(await names(2)).to.deep.equal(['http.request get unmatched 4xx', 'http.request other /* other']);
  });

  it('counts what the client gives up, and a response that the server destroys, as aborted', async () => {
    const url = await listen(
      {},
      () => '/slow',
      (_req, res) => {
        res.write('begun');
        res.destroy();
      },
    );
    await fetch(url)
      .then((response) => response.text())
      .catch(() => {});
    expect(await names(1)).to.deep.equal(['http.aborted get /slow']);
  });

  it('adds the status code to the request timer alone, where it is asked for', async () => {
    const url = await listen(
      { statusCode: true, bytes: true },
      () => '/',
      (req, res) => {
        res.statusCode = Number(req.url!.slice(1));
        res.end();
      },
    );
    for (const code of [204, 201, 201, 404, 700]) await fetch(`${url}/${code}`);
    expect(await names(10)).to.have.members([
      'http.request get / 2xx 204',
      'http.request get / 2xx 201',
      'http.request get / 4xx 404',
      'http.request get / other',
      'http.response.bytes get /',
    ]);
  });

  it('leaves out what is excluded or skipped, and adds tags', async () => {
    const options: HttpOptions = {
      exclude: ['/health', '/internal/*', /\.ico$/g],
      skip: (req) => req.headers['x-skip'] === 'yes',
      tags: (req, res) => ({ zone: `${req.headers['x-zone'] as string}-${res.statusCode}` }),
    };
    const url = await listen(
      options,
      () => '/',
      (_req, res) => res.end(),
    );
    for (const path of ['/health?x', '/internal/x', '/favicon.ico', '/favicon.ico']) await fetch(url + path);
    await fetch(url, { headers: { 'x-skip': 'yes' } });
    await fetch(`${url}/healthy`, { headers: { 'x-zone': 'a' } });
    expect(await names(1)).to.deep.equal(['http.request get / 2xx a-200']);
  });

  it('says once what a callback of the app throws, and records the request', async () => {
    const fail = (): never => {
      throw new Error('on purpose');
    };
    const options: HttpOptions = { skip: fail, tags: fail, pageviews: { when: fail } };
    const url = await listen(options, fail, (_req, res) => res.end('answer'));
    for (let i = 0; i < 3; i++) expect(await (await fetch(url)).text()).to.equal('answer');
    expect(await names(3)).to.deep.equal(['http.request get /* 2xx']);
    expect(client.log.warnings).to.deep.equal(
      ['skip', 'route', 'tags', 'pageviews.when'].map(
        (subject) => `afstatsd: HTTP instrumentation (${subject}) threw "Error: on purpose" (said once)`,
      ),
    );
  });

  it('records a request once, whoever is told of it', async () => {
    const other = makeClient();
    const second = new HttpMetrics({ statsd: other.statsd }, () => '/second');
    const url = await listen(
      {},
      () => '/first',
      (req, res) => {
        expect(second.begin(req, res)).to.equal(undefined);
        expect(exchangeOf(req).isRecorded).to.equal(true);
        res.end();
      },
    );
    await fetch(url);
    expect(await names(1)).to.deep.equal(['http.request get /first 2xx']);
    expect(other.statsd.stats().recorded).to.equal(0);
  });

  it('records a request without the tags that can not be any, and says so', async () => {
    const circular: Record<string, unknown> = {};
    circular['self'] = circular;
    const bad = [{ n: 5n }, circular, { s: Symbol('s') }];
    let next = 0;
    const options = { tags: () => bad[next++ % bad.length] } as unknown as HttpOptions;
    const url = await listen(
      options,
      () => '/',
      (_req, res) => res.end(),
    );
    for (let i = 0; i < 6; i++) await fetch(url);
    await until('all were recorded', () => client.statsd.stats().pending === 6);
    expect(await names(6)).to.deep.equal(['http.request get / 2xx']);
    expect(client.statsd.stats().rejected).to.equal(0);
    expect(client.log.warnings).to.have.length(1);
    expect(client.log.warnings[0]).to.contain('"n"');
  });

  it('takes at most half of the metrics, and leaves the rest to the app', async () => {
    client = makeClient({ maxMetrics: 20 });
    let n = 0;
    const url = await listen(
      { pageviews: false },
      () => `/route-${n++}`,
      (_req, res) => res.end(),
    );
    for (let i = 0; i < 30; i++) await fetch(url);
    const recorded = await names(30);
    expect(recorded).to.have.length(11).and.to.include('http.request get other 2xx');
    for (let i = 0; i < 9; i++) client.statsd.increment(`app.${i}`);
    expect(client.statsd.stats().dropped.cardinality).to.equal(0);
    expect(client.log.warnings).to.have.length(1);
    expect(client.log.warnings[0]).to.include('HTTP has 10 metrics, half of maxMetrics');
  });

  it('takes that half once for all children of a client', async () => {
    client = makeClient({ maxMetrics: 20 });
    let n = 0;
    const server = (prefix: string): Promise<string> =>
      listen(
        { pageviews: false, statsd: client.statsd.child({ prefix }) },
        () => `/route-${n++}`,
        (_req, res) => res.end(),
      );
    const url = await server('one');
    for (let i = 0; i < 15; i++) await fetch(url);
    closeServer();
    const second = await server('two');
    for (let i = 0; i < 15; i++) await fetch(second);
    // Each has the one that takes in what there is no room for.
    expect(await names(30)).to.have.length(12);
  });

  it('counts a request whose client has left before it begins, as after a slow middleware, as aborted', async () => {
    const http = new HttpMetrics({ statsd: client.statsd, inFlight: true }, () => '/late');
    server = createServer((req, res) => void req.socket.once('close', () => http.begin(req, res)));
    const port = await listenOn(server);
    const socket = connect(port, '127.0.0.1');
    socket.end('GET / HTTP/1.1\r\nHost: x\r\n\r\n', () => socket.destroy());
    await until('it is recorded', () => client.statsd.stats().recorded > 0);
    const [sent] = await client.sent();
    expect(sent).to.match(
      /^http\.aborted:1\|c\|#method:get,route:\/late\nhttp\.in_flight:0\|g\|\d+::http\.in_flight\.max:1\|g\|\d+$/,
    );
  });

  it('counts a stream of HTTP/2 that has been cancelled before it begins as aborted', async () => {
    const http = new HttpMetrics({ statsd: client.statsd }, () => '/late');
    const streams = createHttp2Server((req, res) => {
      req.stream.once('close', () => http.begin(req as never, res as never));
      session.destroy();
    });
    await new Promise<void>((resolve) => streams.listen(0, '127.0.0.1', resolve));
    const session = connectHttp2(`http://127.0.0.1:${(streams.address() as AddressInfo).port}`);
    session
      .on('error', () => {})
      .request()
      .on('error', () => {})
      .end();
    expect(await names(1)).to.deep.equal(['http.aborted get /late']);
    await new Promise((done) => streams.close(done));
  });

  it('records a request that was answered before it begins', async () => {
    const http = new HttpMetrics({ statsd: client.statsd }, () => '/early');
    server = createServer((req, res) => void res.end('answer', () => http.begin(req, res)));
    await fetch(`http://127.0.0.1:${await listenOn(server)}`);
    expect(await names(1)).to.deep.equal(['http.request get /early 2xx']);
  });

  it('counts what the server cuts off as aborted', async () => {
    const cuts: ((response: ServerResponse) => void)[] = [
      (response) => void response.destroy(),
      (response) => void response.socket!.destroy(),
      () => server!.closeAllConnections(),
    ];
    for (const cut of cuts) {
      client = makeClient();
      const url = await listen(
        {},
        () => '/big',
        (_req, res) => {
          res.end(Buffer.alloc(60_000_000));
          setImmediate(() => cut(res));
        },
      );
      const socket = connect(Number(new URL(url).port), '127.0.0.1');
      socket.on('error', () => {}).pause();
      socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
      expect(await names(1)).to.deep.equal(['http.aborted get /big']);
      socket.destroy();
      closeServer();
    }
  });

  it('gives each request of a pipeline its own bytes', async () => {
    const http = new HttpMetrics({ statsd: client.statsd, bytes: true, timing: false }, (req) => req.url);
    let first: ServerResponse;
    server = createServer((req, res) => {
      http.begin(req, res);
      if (req.url === '/1') first = res;
      else {
        res.end('x'.repeat(100_000));
        first.end('x');
      }
    });
    const socket = connect(await listenOn(server), '127.0.0.1');
    socket.resume().write('GET /1 HTTP/1.1\r\nHost: x\r\n\r\nGET /2 HTTP/1.1\r\nHost: x\r\n\r\n');
    await until('both are recorded', () => client.statsd.stats().recorded === 2);
    socket.destroy();
    const bytes = Object.fromEntries(
      metricsOf(await client.sent()).map((line) => {
        const [, value, route] = /^http\.response\.bytes:(\d+)\|ms\|#method:get,route:\/(\d)$/.exec(line)!;
        return [route, Number(value)];
      }),
    );
    expect(bytes['1']).to.be.within(100, 300);
    expect(bytes['2']).to.be.within(100_000, 100_300);
  });

  it('records a request whose response the app gives another request, or none', async () => {
    for (const req of [undefined, {}]) {
      client = makeClient();
      const url = await listen(
        {},
        () => '/',
        (_req, res) => void Object.assign(res, { req }).end('answer'),
      );
      expect(await (await fetch(url)).text()).to.equal('answer');
      expect(await names(1)).to.deep.equal(['http.request get / 2xx']);
      closeServer();
    }
  });

  it('records responses that know of another request, as some adapters make them up', async () => {
    const http = new HttpMetrics({ statsd: client.statsd }, () => '/made-up');
    const raw = new IncomingMessage(new PassThrough() as unknown as Socket);
    raw.method = 'GET';
    const response = new ServerResponse({ method: 'GET' } as IncomingMessage);
    http.begin(raw, response);
    response.assignSocket(new PassThrough().resume() as unknown as Socket);
    response.end('answer');
    expect(await names(1)).to.deep.equal(['http.request get /made-up 2xx']);
  });

  it('refuses options that it does not know, or can not use', () => {
    const wrong: [options: object, message: string][] = [
      [{ nam: 'x' }, 'unknown option "nam" ("x"); there are statsd, prefix, name, timing'],
      [{ statsd: {} }, 'option statsd must be a StatsdClient; it is an object'],
      [
        { statsd: { gauge: Object, increment: Object, timing: Object, warnOnce: Object } },
        'option statsd must be a StatsdClient; it is an object',
      ],
      [{ prefix: 5 }, 'option prefix must be a string that can stand in a name; it is 5'],
      [{ name: '' }, 'option name must be a string that can be a name; it is ""'],
      [{ timing: 'yes' }, 'option timing must be true or false; it is "yes"'],
      [
        { pageviews: { nam: 'x' } },
        'option pageviews must be true, false, or { name, when }; it is an object',
      ],
      [{ skip: true }, 'option skip must be a function; it is true'],
      [{ exclude: ['health'] }, 'option exclude must be an array of paths that begin with "/"'],
      [{ maxRoutes: -1 }, 'option maxRoutes must be an integer of at least 0; it is -1'],
    ];
    for (const [options, message] of wrong) {
      expect(() => new HttpMetrics(options, () => '/'), message).to.throw(TypeError, message);
    }
    expect(() => new HttpMetrics(null as never, () => '/')).to.throw(
      TypeError,
      'options must be an object; they are null',
    );
  });

  it('counts each request of a connection that is cut, also those that wait behind another', async () => {
    let waiting = 0;
    const url = new URL(
      await listen(
        { inFlight: true },
        () => '/wait',
        () => waiting++,
      ),
    );
    const socket = connect(Number(url.port), url.hostname);
    socket.write('GET /wait HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(50));
    await until('all wait', () => waiting === 50);
    socket.destroy();
    await until('all are recorded', () => client.statsd.stats().pending === 50);
    const messages = (await client.sent()).join('::');
    expect(messages)
      .to.include('http.aborted:50|c|#method:get,route:/wait')
      .and.to.include('http.in_flight:0|g');
  });
});
