import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { afstatsdExpress } from '@afstatsd/express';
import { type Recorded, until, useClients } from '@afstatsd/testing';
import { expect } from 'chai';
import type { Express as App, Request } from 'express';
import { Connection } from './support/connection.js';
import { type Site, useSites } from './support/site.js';
import { forEachExpress } from './support/versions.js';

forEachExpress('responses that never were finished', (express, version) => {
  const makeClient = useClients();
  const serve = useSites();
  let seen: Recorded;
  let app: App;
  let site: Site;
  let response: ServerResponse | undefined;

  /** Handlers keep the response that a test is about. */
  const wait = (_req: Request, res: ServerResponse): void => void (response = res);
  const began = (): Promise<void> => until('the handler is called', () => response !== undefined);

  beforeEach(async () => {
    seen = makeClient();
    response = undefined;
    app = express();
    app.set('env', 'test');
    app.use(afstatsdExpress({ statsd: seen.statsd, inFlight: true }));
    const router = express.Router();
    router.get('/wait/:x', wait);
    router.post('/wait/:x', express.text(), wait);
    app.use('/api/:tenant', router);
    site = await serve(app);
  });

  async function expectAborted(method: string, route: string): Promise<void> {
    await site.quiet();
    expect(await seen.counts()).to.deep.equal({
      [`counter http.aborted ${method} ${route}`]: 1,
      'gauge http.in_flight': 0,
      'gauge http.in_flight.max': 1,
    });
  }

  it('because the client left while the handler waited', async () => {
    const client = await Connection.to(site);
    client.send(['GET /api/acme/wait/1 HTTP/1.1']);
    await began();
    client.socket.destroy();
    await expectAborted('get', '/api/:tenant/wait/:x');
  });

  it('because the client left after its body had been read', async () => {
    const client = await Connection.to(site);
    client.send(['POST /api/acme/wait/1 HTTP/1.1', 'Content-Type: text/plain', 'Content-Length: 4'], 'body');
    await began();
    client.socket.destroy();
    await expectAborted('post', '/api/:tenant/wait/:x');
  });

  it('because the client left in the middle of a body', async () => {
    app.get('/stream', (_req, res) => {
      response = res;
      res.write('first');
    });
    const client = await Connection.to(site);
    client.send(['GET /stream HTTP/1.1']);
    await client.received('first');
    client.socket.destroy();
    await expectAborted('get', '/stream');
  });

  for (const [did, leave] of [
    ['reset', (client: Connection) => client.socket.resetAndDestroy()],
    ['closed', (client: Connection) => client.socket.destroy()],
  ] as const) {
    it(`because the client ${did} the connection while a large body was sent`, async () => {
      app.get('/large', (_req, res) => {
        response = res;
        res.end(Buffer.alloc(50_000_000));
      });
      const client = await Connection.to(site);
      client.send(['GET /large HTTP/1.1']);
      await client.received('200 OK');
      leave(client);
      await expectAborted('get', '/large');
    });
  }

  it('because the app destroyed it', async () => {
    app.get('/destroy', (_req, res) => {
      res.write('first');
      res.destroy();
    });
    const client = await Connection.to(site);
    client.send(['GET /destroy HTTP/1.1']);
    await once(client.socket, 'close');
    await expectAborted('get', '/destroy');
  });

  it('because the server gave up on it', async () => {
    const client = await Connection.to(site);
    client.send(['GET /api/acme/wait/1 HTTP/1.1']);
    await began();
    // As `server.setTimeout(20)` would, which counts from the connection on.
    response!.socket!.setTimeout(20);
    await once(client.socket, 'close');
    await expectAborted('get', '/api/:tenant/wait/:x');
  });

  it('before any route was found, are anything below the mount', async () => {
    app.use('/guard/:what', wait);
    const client = await Connection.to(site);
    client.send(['GET /guard/x HTTP/1.1']);
    await began();
    client.socket.destroy();
    await expectAborted('get', '/guard/:what/*');
  });

  if (version === 'Express 4') {
    it('because an async handler rejected, which Express 4 answers nothing to', async () => {
      // Mocha takes rejections for failures.
      const listeners = process.listeners('unhandledRejection');
      let rejections = 0;
      process.removeAllListeners('unhandledRejection').on('unhandledRejection', () => void rejections++);
      try {
        app.get('/async/:x', () => Promise.reject(new Error('late')));
        const client = await Connection.to(site);
        client.send(['GET /async/1 HTTP/1.1']);
        await until('the handler rejects', () => rejections === 1);
        client.socket.destroy();
        await expectAborted('get', '/async/:x');
      } finally {
        process.removeAllListeners('unhandledRejection');
        for (const listener of listeners) process.on('unhandledRejection', listener);
      }
    });
  }
});
