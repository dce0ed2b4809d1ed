import { ServerResponse } from 'node:http';
import { type Exchange, existingExchange } from './exchange.js';

/** Has an exchange told when the headers of its response are sent: of an event stream, only the time up to then is a measure. */
export function watchHeaders(response: ServerResponse, exchange: Exchange): void {
  const { writeHead } = response;
  const isPlain =
    writeHead === ServerResponse.prototype.writeHead && existingExchange(response.req) === exchange;
  response.writeHead = isPlain ? watched : watching(writeHead, exchange);
}

/** Node's own, watched: one function for all responses. */
const watched = watching(ServerResponse.prototype.writeHead, undefined);

function watching(writeHead: ServerResponse['writeHead'], exchange: Exchange | undefined) {
  return function (this: ServerResponse, ...args: unknown[]): ServerResponse {
    (exchange ?? existingExchange(this.req))?.headersSent(args);
    return Reflect.apply<ServerResponse, never, ServerResponse>(writeHead, this, args as never);
  };
}
