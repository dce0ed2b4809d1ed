import type { ServerResponse } from 'node:http';
import type { Exchange } from './exchange.js';

/** Has an exchange told when the headers of its response are sent: of an event stream, only the time up to then is a measure. */
export function watchHeaders(response: ServerResponse, exchange: Exchange): void {
  const { writeHead } = response;
  response.writeHead = function (this: ServerResponse, ...args: unknown[]) {
    exchange.headersSent(args);
    return Reflect.apply<typeof this, never, ServerResponse>(writeHead, this, args as never);
  };
}
