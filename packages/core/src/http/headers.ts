import { ServerResponse } from 'node:http';
import type { Exchange } from './exchange.js';
import { exchangeOfResponse } from './lookup.js';

type WriteHead = ServerResponse['writeHead'];

/** Calls `headersSent` of an exchange when its response sends its headers. An event stream is timed only up to then. */
export function watchHeaders(response: ServerResponse, exchange: Exchange): void {
  const { writeHead } = response;
  const isPlain = writeHead === nodes && exchangeOfResponse(response) === exchange;
  response.writeHead = isPlain ? watched : watchedWriteHead(writeHead, exchange);
}

const nodes = ServerResponse.prototype.writeHead;

/** Node's own `writeHead`, watched. All responses share this function. */
const watched = watchedWriteHead(nodes);

/**
 * Wraps a `writeHead`. The wrapper first calls `headersSent` of the exchange.
 *
 * @param exchange - the exchange. Default: the response's own exchange.
 */
export function watchedWriteHead(writeHead: WriteHead, exchange?: Exchange): WriteHead {
  function watchedHead(this: ServerResponse, status: number, reason?: unknown, headers?: unknown): unknown {
    const its = exchange ?? exchangeOfResponse(this);
    // Node and Express call it with the status alone. This way needs no list of arguments.
    if (arguments.length === 1) {
      its?.headersSent(status);
      return writeHead.call(this, status);
    }
    its?.headersSent(status, typeof reason === 'string' ? headers : (headers ?? reason));
    return Reflect.apply(writeHead, this, arguments as never);
  }
  return watchedHead as WriteHead;
}
