import { channel } from 'node:diagnostics_channel';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Connection } from './connection.js';

/** The parts of an exchange that identify it. */
export interface Findable {
  readonly raw: IncomingMessage;
  readonly rawResponse: ServerResponse | undefined;
  readonly connection: Connection | undefined;
}

const LATEST = Symbol.for('@afstatsd/http-latest@1');

/** A channel is one object per process, so all copies of this package find and forget the same exchange. */
const place = channel('http.server.request.start') as { [LATEST]?: Findable | undefined };

/**
 * The exchange that was looked up last. Mostly it is looked up again. Comparing it costs a hundredth of reading a property of a
 * request on Node 20 and 22, where Express gives each request a hidden class of its own.
 */
export function latest(): Findable | undefined {
  return place[LATEST];
}

export function setLatest(exchange: Findable): void {
  place[LATEST] = exchange;
}

/** Forgets an exchange that won't be looked up again. */
export function forget(exchange: Findable): void {
  if (place[LATEST] === exchange) place[LATEST] = undefined;
}

/** Forgets the latest exchange if it is one of this connection. */
export function forgetAllOn(connection: Connection): void {
  if (place[LATEST]?.connection === connection) place[LATEST] = undefined;
}
