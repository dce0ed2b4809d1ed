// A test of an app, in an environment of Jest's own.
const { once } = require('node:events');
const { createServer, request } = require('node:http');
const { MemoryTransport, StatsdClient } = require('@afstatsd/core');
const { afstatsdExpress } = require('@afstatsd/express');
const express = require('express');

exports.records = (test) =>
  test('records', async () => {
    const statsd = new StatsdClient({ transport: new MemoryTransport() });
    const unreached = express();
    unreached.use(afstatsdExpress({ statsd }));
    const app = express();
    app.use(afstatsdExpress({ statsd }));
    app.get('/users/:id', (req, res) => res.json({ id: req.params.id }));
    const server = createServer(app).listen(0, '127.0.0.1');
    await once(server, 'listening');
    for (let i = 0; i < 5; i++) {
      const [response] = await once(
        request({ port: server.address().port, path: `/users/${i}` }).end(),
        'response',
      );
      response.resume();
      await once(response, 'end');
    }
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
    if (statsd.stats().recorded !== 5) throw new Error(`it recorded ${statsd.stats().recorded} requests`);
    await statsd.shutdown();
  });
