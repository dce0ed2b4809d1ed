/**
 * Records the requests of `node:http` servers that no framework's part records, and loads the parts of no framework.
 *
 * @module
 */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type * as Http from '@afstatsd/core/http';
import { now } from '@afstatsd/core/instrument';
import { areFrameworksLoaded } from '../frameworks.js';
import { appRecordsRequests } from '../own-middleware.js';
import { Part } from '../part.js';

interface Served {
  readonly request: IncomingMessage;
  readonly response: ServerResponse & { readonly _header?: unknown };
}

const STARTED = 'http.server.request.start';

const part = new Part('http');
let http: typeof Http | undefined;
let metrics: Http.HttpMetrics | undefined;

const started = part.guarded((served: unknown) => {
  if (appRecordsRequests()) return;
  const { request, response } = served as Served;
  http ??= require('@afstatsd/core/http') as typeof Http;
  if (areFrameworksLoaded()) {
    // By then a framework has the request, or never will, or waits for something before.
    process.nextTick(watch, served, now());
    return;
  }
  const isFirst = metrics === undefined;
  const exchange = metricsOf(http).begin(request, response);
  if (exchange !== undefined) http.watchHeaders(response, exchange);
  // Core subscribes with the first request. Once its subscriber comes first, what it makes of a request is found here.
  if (isFirst) {
    unsubscribe(STARTED, started);
    subscribe(STARTED, started);
  }
});

function metricsOf({ HttpMetrics }: typeof Http): Http.HttpMetrics {
  return (metrics ??= new HttpMetrics({}, () => undefined));
}

/** Has a request recorded at its end if nothing else has recorded it by then. */
const watch = part.guarded((served: Served, start: number) => {
  const { request, response } = served;
  const exchange = http!.exchangeOf(request);
  if (exchange.isRecorded) return;
  const { socket } = request;
  const end = part.guarded((isFinished: boolean) => {
    response.off('finish', finished).off('close', closed);
    if (exchange.isRecorded || isEventStream(served)) return;
    metricsOf(http!)
      .begin(request, response, request, response, now() - start)
      ?.end(isFinished);
  });
  const finished = (): void => end(!socket.destroyed);
  const closed = (): void => end(false);
  response.on('finish', finished).on('close', closed);
});

/** How long such a response takes is up to the client. */
function isEventStream({ response }: Served): boolean {
  const type = response.getHeader('content-type');
  if (type !== undefined) return String(type).startsWith('text/event-stream');
  // Headers that `writeHead` got are only here, as they were sent.
  return /^content-type: *text\/event-stream/im.test(String(response._header));
}

subscribe(STARTED, started);

/** Records nothing more of requests that no framework's part records. */
export const stopHttp: () => void = part.stop;
