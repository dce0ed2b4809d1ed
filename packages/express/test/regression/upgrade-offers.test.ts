import { afstatsdExpress } from '@afstatsd/express';
import { until, useClients } from '@afstatsd/testing';
import { expect } from 'chai';
import { Connection } from '../support/connection.js';
import { useSites } from '../support/site.js';
import { forEachExpress } from '../support/versions.js';

forEachExpress('requests that offer an upgrade which the server does not take', (express) => {
  const makeClient = useClients();
  const serve = useSites();

  // Java's HttpClient and `curl --http2` do so with each request over plain HTTP.
  const offer = [
    'Connection: Upgrade, HTTP2-Settings',
    'Upgrade: h2c',
    'HTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA',
  ];

  it('are requests', async () => {
    const seen = makeClient();
    const app = express();
    app.use(afstatsdExpress({ statsd: seen.statsd }));
    app.get('/page/:p', (_req, res) => void res.json({}));
    const site = await serve(app);
    const client = await Connection.to(site);
    client.send(['GET /page/1 HTTP/1.1', ...offer], '');
    await until('an answer', () => client.answers === 1);
    await site.quiet();
    expect(await seen.counts()).to.deep.equal({ 'timer http.request get /page/:p 2xx': 1 });
  });

  it('leave nothing on a connection that is kept alive', async () => {
    const app = express();
    app.use(afstatsdExpress({ statsd: makeClient().statsd }));
    app.get('/page/:p', (_req, res) => void res.json({}));
    const site = await serve(app);
    const listeners: number[] = [];
    site.server.on('request', (_req, res) => {
      const { socket } = res;
      res.once('close', () => void listeners.push(socket!.listenerCount('close')));
    });
    const client = await Connection.to(site);
    for (let n = 1; n <= 3; n++) {
      client.send(['GET /page/1 HTTP/1.1', ...offer], '');
      await until('an answer', () => client.answers === n);
      await site.quiet();
    }
    expect(listeners).to.deep.equal([listeners[0], listeners[0], listeners[0]]);
  });
});
