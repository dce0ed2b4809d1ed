import { once } from 'node:events';
import { createServer } from 'node:http';
import { afstatsdExpress } from '@afstatsd/express';
import { useClients } from '@afstatsd/testing';
import { expect } from 'chai';
import { WebSocket } from 'ws';
import { Connection } from './support/connection.js';
import { useSites } from './support/site.js';
import { forEachExpress } from './support/versions.js';
import { expressWs } from './support/express-ws.js';

forEachExpress('event streams and upgrades', (express) => {
  const makeClient = useClients();
  const serve = useSites();

  it('an event stream has a time to its headers, and is no request and no abort when the client leaves', async () => {
    const seen = makeClient();
    const app = express();
    app.use(afstatsdExpress({ statsd: seen.statsd, inFlight: true, bytes: true }));
    app.get('/events/:topic', (_req, res) => {
      res.type('text/event-stream').write('data: first\n\n');
    });
    const site = await serve(app);
    const client = await Connection.to(site);
    client.send(['GET /events/news HTTP/1.1', 'Sec-Fetch-Dest: document']);
    await client.received('first');
    expect(await seen.counts()).to.deep.equal({
      'timer http.ttfb get /events/:topic': 1,
      'gauge http.in_flight': 1,
      'gauge http.in_flight.max': 1,
    });
    client.socket.destroy();
    await site.quiet();
    expect(await seen.counts())
      .to.include({ 'gauge http.in_flight': 0 })
      .and.not.have.any.keys(
        'counter http.aborted get /events/:topic',
        'timer http.request get /events/:topic 2xx',
      );
  });

  for (const [form, write] of Object.entries({
    'an object': (type: string) => ({ 'Content-Type': type }),
    'a list': (type: string) => ['content-type', type],
  })) {
    it(`an event stream whose headers writeHead gets as ${form}`, async () => {
      const seen = makeClient();
      const app = express();
      app.use(afstatsdExpress({ statsd: seen.statsd }));
      app.get('/events', (_req, res) => {
        res.writeHead(200, write('text/event-stream; charset=utf-8'));
        res.end('data: only\n\n');
      });
      const site = await serve(app);
      await site.fetch('/events');
      expect(await seen.counts()).to.deep.equal({ 'timer http.ttfb get /events': 1 });
    });
  }

  it('an event stream that was ended before its headers went out by themselves', async () => {
    const seen = makeClient();
    const app = express();
    app.use(afstatsdExpress({ statsd: seen.statsd }));
    app.get(
      '/events',
      (_req, res) => void res.set('Content-Type', 'text/event-stream').end('data: only\n\n'),
    );
    const site = await serve(app);
    await site.fetch('/events');
    expect(await seen.counts()).to.deep.equal({ 'timer http.ttfb get /events': 1 });
  });

  it('a WebSocket of express-ws has a time to its route, and is in flight until it closes', async () => {
    const seen = makeClient();
    const app = express();
    app.use(afstatsdExpress({ statsd: seen.statsd, inFlight: true }));
    const server = createServer(app);
    expressWs(app, server).ws('/chat/:room', (socket) => {
      socket.on('message', (message: Buffer) => socket.send(`echo ${message.toString()}`));
    });
    const site = await serve(app, server);
    const client = new WebSocket(`ws://127.0.0.1:${site.port}/chat/blue`);
    await once(client, 'open');
    client.send('hello');
    const [message] = (await once(client, 'message')) as [Buffer];
    expect(String(message)).to.equal('echo hello');
    expect(await seen.counts()).to.deep.equal({
      'timer http.ttfb get /chat/:room': 1,
      'gauge http.in_flight': 1,
      'gauge http.in_flight.max': 1,
    });

    client.close();
    await once(client, 'close');
    await seen.gaugeBecomes('http.in_flight', 0);
    const counts = await seen.counts();
    expect(Object.keys(counts).filter((name) => !name.startsWith('gauge'))).to.deep.equal([]);
  });
});
