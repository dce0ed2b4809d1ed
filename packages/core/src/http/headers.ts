import { ServerResponse } from 'node:http';
import type { Exchange } from './exchange.js';
import { exchangeOfResponse } from './lookup.js';

type WriteHead = ServerResponse['writeHead'];

/** Has an exchange told when the headers of its response are sent: of an event stream, only the time up to then is a measure. */
export function watchHeaders(response: ServerResponse, exchange: Exchange): void {
  const { writeHead } = response;
  const isPlain = writeHead === nodes && exchangeOfResponse(response) === exchange;
  response.writeHead = isPlain ? watched : watchedWriteHead(writeHead, exchange);
}

const nodes = ServerResponse.prototype.writeHead;

/** Node's own, watched: one function for all responses. */
const watched = watchedWriteHead(nodes);

/**
 * A `writeHead` that does what another one does, and tells an exchange of the headers before.
 *
 * @param exchange - whose response it is. Default: that of the response.
 */
export function watchedWriteHead(writeHead: WriteHead, exchange?: Exchange): WriteHead {
  function watchedHead(this: ServerResponse, status: number, reason?: unknown, headers?: unknown): unknown {
    const its = exchange ?? exchangeOfResponse(this);
    // Node and Express call it in this way, which needs no list of arguments.
    if (arguments.length === 1) {
      its?.headersSent(status);
      return writeHead.call(this, status);
    }
    its?.headersSent(status, typeof reason === 'string' ? headers : (headers ?? reason));
    return Reflect.apply(writeHead, this, arguments as never);
  }
  return watchedHead as WriteHead;
}
