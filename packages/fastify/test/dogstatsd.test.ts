import { StatsdClient, UDPTransport } from '@afstatsd/core';
import { until } from '@afstatsd/testing';
import { expect } from 'chai';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { eachFastify } from './support/app.js';

eachFastify('tags', (apps) => {
  it('sends the route as it is written where tags are tags', async () => {
    const server = createSocket('udp4');
    let lines: string[] = [];
    server.on(
      'message',
      (datagram) => (lines = [...lines, ...datagram.toString().split('\n').filter(Boolean)]),
    );
    server.bind(0, '127.0.0.1');
    await once(server, 'listening');
    const transport = new UDPTransport({ port: server.address().port, format: 'dogstatsd' });
    const statsd = new StatsdClient({ transport, interval: Infinity, handleSignals: false, service: false });

    const app = apps.recording({ statsd });
    app.fastify.get('/api/:tenant/*', async (_, reply) => reply.type('text/html').send('<p>'));
    await app.listen();
    await app.fetch('/api/acme/users/5');
    await app.fetch('/nowhere');
    await until('three metrics arrive', () => {
      void statsd.flush();
      return lines.length >= 3;
    });
    expect(lines.map((line) => line.replace(/:[\d.]+\|ms/, ':_|ms')).sort()).to.deep.equal([
      'http.request:_|ms|#method:get,route:/api/:tenant/*,status:2xx',
      'http.request:_|ms|#method:get,route:unmatched,status:4xx',
      'website.pageviews:1|c|#route:/api/:tenant/*',
    ]);
    await statsd.shutdown();
    server.close();
  });
});
