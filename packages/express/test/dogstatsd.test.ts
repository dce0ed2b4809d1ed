import { type Socket, createSocket } from 'node:dgram';
import { once } from 'node:events';
import { StatsdClient, UDPTransport } from '@afstatsd/core';
import { afstatsdExpress } from '@afstatsd/express';
import { until } from '@afstatsd/testing';
import { expect } from 'chai';
import { useSites } from './support/site.js';
import { forEachExpress } from './support/versions.js';

forEachExpress('tags', (express) => {
  const serve = useSites();
  let server: Socket;

  beforeEach(async () => {
    server = createSocket('udp4').bind(0, '127.0.0.1');
    await once(server, 'listening');
  });

  afterEach(() => void server.close());

  it('are sent where the format has them, with routes as they are written', async () => {
    const lines: string[] = [];
    server.on(
      'message',
      (message) =>
        void lines.push(
          ...String(message)
            .split('\n')
            .filter((line) => line !== ''),
        ),
    );
    const statsd = new StatsdClient({
      transport: new UDPTransport({ host: '127.0.0.1', port: server.address().port, format: 'dogstatsd' }),
      interval: Infinity,
      handleSignals: false,
      service: false,
    });
    const app = express();
    app.use(afstatsdExpress({ statsd, tags: () => ({ plan: 'gold' }) }));
    app.use(
      '/api/:tenant',
      express.Router().get('/users/:id', (_req, res) => void res.send('<p>user')),
    );
    const site = await serve(app);
    await site.fetchAll('/api/acme/users/7', '/none');
    await statsd.shutdown();
    await until('three lines', () => lines.length >= 3);
    // Tags are in the order of their names.
    const withoutValues = lines.map((line) => line.replace(/:[\d.]+\|/, '|')).sort();
    expect(withoutValues).to.deep.equal([
      'http.request|ms|#method:get,plan:gold,route:/api/:tenant/users/:id,status:2xx',
      'http.request|ms|#method:get,plan:gold,route:unmatched,status:4xx',
      'website.pageviews|c|#plan:gold,route:/api/:tenant/users/:id',
    ]);
  });
});
