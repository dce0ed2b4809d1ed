import { channel } from 'node:diagnostics_channel';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Connection } from './connection.js';

/** The parts of an exchange by which it is found. */
export interface Findable {
  readonly raw: IncomingMessage;
  readonly rawResponse: ServerResponse | undefined;
  readonly connection: Connection | undefined;
}

const LATEST = Symbol.for('@afstatsd/http-latest@1');

/** An object of the process, so that all copies of this package find and forget the same exchange. */
const place = channel('http.server.request.start') as { [LATEST]?: Findable | undefined };

/**
 * The exchange that was last asked for: mostly the one that is asked for again. To compare it costs a hundredth of what a look
 * at a property of a request costs on Node 20 and 22, where Express gives each request a hidden class of its own.
 */
export function latest(): Findable | undefined {
  return place[LATEST];
}

export function setLatest(exchange: Findable): void {
  place[LATEST] = exchange;
}

/** Nothing of it will be asked again. */
export function forget(exchange: Findable): void {
  if (place[LATEST] === exchange) place[LATEST] = undefined;
}

/** The same of all exchanges of a connection. */
export function forgetAllOn(connection: Connection): void {
  if (place[LATEST]?.connection === connection) place[LATEST] = undefined;
}
