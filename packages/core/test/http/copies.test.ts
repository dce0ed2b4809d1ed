import { channel } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { sep } from 'node:path';
import { until, useClients } from '@afstatsd/testing';
import { expect } from 'chai';
import * as first from '../../src/http/index.js';

type Copy = typeof first;

/** The modules of this package, loaded a second time. */
function anotherCopy(): Copy {
  const file = require.resolve('../../src/http/index.js');
  const folder = file.slice(0, file.lastIndexOf(`${sep}http${sep}`));
  const kept = Object.entries(require.cache).filter(([name]) => name.startsWith(folder));
  for (const [name] of kept) delete require.cache[name];
  const copy = require(file) as Copy;
  for (const name of Object.keys(require.cache)) if (name.startsWith(folder)) delete require.cache[name];
  Object.assign(require.cache, Object.fromEntries(kept));
  return copy;
}

describe('two copies of the package in a server', () => {
  const makeClient = useClients();
  let server: Server | undefined;
  afterEach(async () => {
    if (server === undefined) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  });

  async function listen(handler: (req: IncomingMessage, res: ServerResponse) => void): Promise<number> {
    server = createServer(handler).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  }

  it('record a request once, by the one that is told of it first', async () => {
    const second = anotherCopy();
    expect(second.HttpMetrics).to.not.equal(first.HttpMetrics);
    const clients = [makeClient(), makeClient()];
    const metrics = [first, second].map(
      ({ HttpMetrics }, i) => new HttpMetrics({ statsd: clients[i]!.statsd }, () => '/'),
    );
    const port = await listen((req, res) => {
      const order = req.url === '/first' ? metrics : metrics.slice().reverse();
      for (const one of order) one.begin(req, res);
      res.end('x');
    });
    for (const path of ['first', 'first', 'second', 'first', 'second', 'second', 'second']) {
      await (await fetch(`http://127.0.0.1:${port}/${path}`)).text();
    }
    await until('all are recorded', () =>
      clients.every(({ statsd }, i) => statsd.stats().recorded === [3, 4][i]),
    );
  });

  it('record a request once that is told of long after its response was sent', async () => {
    const client = makeClient();
    const metrics = new first.HttpMetrics({ statsd: client.statsd }, () => '/');
    const late: (() => void)[] = [];
    const port = await listen((req, res) => {
      metrics.begin(req, res);
      late.push(() => void metrics.begin(req, res));
      res.end('x');
    });
    const agentless = { headers: { connection: 'keep-alive' } };
    for (let i = 0; i < 4; i++) await (await fetch(`http://127.0.0.1:${port}`, agentless)).text();
    for (const begin of late) begin();
    await until('all are recorded', () => client.statsd.stats().recorded >= 4);
    expect(client.statsd.stats().recorded).to.equal(4);
  });
});

describe('requests that a server announces', () => {
  const makeClient = useClients();

  it('keep nothing of a connection that has closed, and a foreign message ends nothing', async () => {
    const { statsd } = makeClient();
    const metrics = new first.HttpMetrics({ statsd }, () => '/');
    let last: WeakRef<IncomingMessage> | undefined;
    const server = createServer((req, res) => {
      metrics.begin(req, res);
      last = new WeakRef(req);
      res.end('x');
    });
    first.watchServer(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    for (const message of [undefined, {}, { server }, { server, request: {} }]) {
      channel('http.server.request.start').publish(message);
      channel('http.server.response.finish').publish(message);
    }
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await once(socket, 'data');
    const found = first.existingExchange(last!.deref()!);
    expect(found?.isAnnounced).to.equal(true);
    expect(found?.isRecorded).to.equal(true);
    const request = last!.deref()!;
    socket.destroy();
    await until('the server has seen it', () => request.socket.destroyed);
    await new Promise((done) => void setImmediate(done));
    expect(first.existingExchange(request)).to.equal(undefined);
    server.close();
    await once(server, 'close');
  });
});
