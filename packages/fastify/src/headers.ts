import type { ServerResponse } from 'node:http';
import type { Exchange } from '@afstatsd/core/http';

/** Has the exchange told when the headers are sent. */
export function watchHeaders(response: ServerResponse, exchange: Exchange): void {
  const { writeHead } = response;
  response.writeHead = function (this: ServerResponse, ...args: never[]) {
    exchange.headersSent(args);
    return Reflect.apply(writeHead, this, args) as ServerResponse;
  } as ServerResponse['writeHead'];
}
