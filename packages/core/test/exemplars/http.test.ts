import { once } from 'node:events';
import { type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ROOT_CONTEXT, context, trace } from '@opentelemetry/api';
import { expect } from 'chai';
import { HttpMetrics } from '../../src/http/index.js';
import { NullTransport, StatsdClient } from '../../src/index.js';
import { useSpans } from '../support/spans.js';

describe('exemplars of requests', () => {
  useSpans();
  const servers: Server[] = [];
  const clients: StatsdClient[] = [];
  afterEach(async () => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
    await Promise.all(clients.splice(0).map((client) => client.shutdown()));
  });

  /** Visits a server whose span is over, and isn't active, when the response ends. Returns the trace, and what was recorded. */
  const visited = async (exemplars: boolean): Promise<{ traceId: string; statsd: StatsdClient }> => {
    const transport = new NullTransport();
    const statsd = new StatsdClient({ transport, interval: Infinity, exemplars, handleSignals: false });
    clients.push(statsd);
    const http = new HttpMetrics({ statsd, inFlight: true }, () => '/a');
    let traceId = '';
    const answer = (response: ServerResponse): void =>
      void context.with(ROOT_CONTEXT, () => response.end('a'));
    const server = createServer((request, response) => {
      trace.getTracer('test').startActiveSpan('request', (span) => {
        ({ traceId } = span.spanContext());
        http.begin(request, response);
        span.end();
      });
      // Timers of the root context, as a pool of connections has them.
      context.with(ROOT_CONTEXT, () => setImmediate(answer, response));
    }).listen(0, '127.0.0.1');
    servers.push(server);
    await once(server, 'listening');
    await (await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)).text();
    return { traceId, statsd };
  };

  it('are those of the span that was active when a request began', async () => {
    const { traceId, statsd } = await visited(true);
    const timers = [...statsd.views()].flatMap((view) => (view.kind === 'timer' ? [view] : []));
    expect(timers.map(({ name }) => name)).to.deep.equal(['http.request']);
    expect(timers[0]!.exemplar!.traceId).to.equal(traceId);
    expect(timers[0]!.exemplar!.value).to.equal(timers[0]!.samples.values[0]);
  });

  it('are none where the client wants none', async () => {
    const { statsd } = await visited(false);
    for (const view of statsd.views()) if (view.kind === 'timer') expect(view.exemplar).to.equal(undefined);
  });
});
