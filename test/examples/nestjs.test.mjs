// The example of NestJS, as a process that is ended by SIGTERM, with a real queue.
import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { until } from '@afstatsd/testing';
import { expect } from 'chai';
import { runServer } from './support/run-example.mjs';

const options = { env: { PORT: '0' } };

async function ask(url, method, item) {
  const headers = { 'content-type': 'application/json', connection: 'close' };
  const body = item === undefined ? undefined : JSON.stringify({ item });
  const response = await fetch(url, { method, headers, body });
  await response.text();
  return response.status;
}

/** Waits until the server takes no more connections. */
async function closed(url) {
  const { hostname, port } = new URL(url);
  await until('the server takes no more connections', async () => {
    const socket = connect({ host: hostname, port: Number(port) });
    const taken = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    return !taken;
  });
}

describe('the example of NestJS', () => {
  it('records requests, page views and what its service does, and sends it all at the end', async () => {
    const statuses = [];
    const { exit, stdout, stderr, arrived } = await runServer('nestjs', options, async (url) => {
      statuses.push(await ask(`${url}/orders/7`, 'POST', 'shoes'));
      statuses.push(await ask(`${url}/orders/8`, 'POST', 'socks'));
      statuses.push(await ask(`${url}/orders/7`, 'POST', 'boots'));
      statuses.push(await ask(`${url}/orders/7`, 'GET'));
      statuses.push(await ask(`${url}/orders/9`, 'GET'));
      statuses.push(await ask(`${url}/orders/x`, 'GET'));
      statuses.push(await ask(`${url}/orders`, 'GET'));
      statuses.push(await ask(`${url}/nowhere`, 'GET'));
    });
    expect(statuses).to.deep.equal([201, 201, 409, 200, 404, 400, 200, 404]);
    expect(exit, stderr).to.equal('SIGTERM');
    expect(stdout).to.match(/^http:\/\/127\.0\.0\.1:\d+\n$/);
    expect(stderr).to.equal('');
    expect(arrived).to.deep.equal({
      counters: {
        'shop.orders.placed': 2,
        'shop.orders.place.errors': 1,
        // `/orders/x` gets no further than the pipe.
        'shop.orders.viewed': 2,
        'shop.orders.find.errors': 1,
        'website.pageviews#route:/orders': 1,
      },
      gauges: { 'shop.orders.open': 2 },
      timers: {
        'shop.orders.place': 3,
        'shop.orders.find': 2,
        'http.request#method:post,route:/orders/:id,status:2xx': 2,
        'http.request#method:post,route:/orders/:id,status:4xx': 1,
        'http.request#method:get,route:/orders/:id,status:2xx': 1,
        'http.request#method:get,route:/orders/:id,status:4xx': 2,
        'http.request#method:get,route:/orders,status:2xx': 1,
        'http.request#method:get,route:unmatched,status:4xx': 1,
      },
      sets: {},
    });
  });

  it('answers and records a request that is under way at SIGTERM', async () => {
    let status;
    const { exit, stderr, arrived } = await runServer('nestjs', options, async (url, { child }) => {
      const headers = { 'content-type': 'application/json', expect: '100-continue' };
      const order = request(`${url}/orders/7`, { method: 'POST', headers, agent: false });
      order.flushHeaders();
      await once(order, 'continue');
      child.kill('SIGTERM');
      await closed(url);
      order.end('{"item":"shoes"}');
      const [response] = await once(order, 'response');
      status = response.statusCode;
      response.resume();
    });
    expect(status).to.equal(201);
    expect(exit, stderr).to.equal('SIGTERM');
    expect(arrived).to.deep.equal({
      counters: { 'shop.orders.placed': 1 },
      gauges: { 'shop.orders.open': 1 },
      timers: { 'shop.orders.place': 1, 'http.request#method:post,route:/orders/:id,status:2xx': 1 },
      sets: {},
    });
  });
});
