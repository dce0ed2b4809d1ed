import type { IncomingMessage } from 'node:http';
import type { Exchange } from './exchange.js';

/** What is known of a request. One object, since further properties of a request cost it its hidden class. */
export interface HttpContext {
  /** The request is recorded. */
  exchange: Exchange | undefined;
  /** What a framework's middleware keeps about the route. */
  routing: unknown;
}

/** The number is the major version of the context; copies of the middleware that find it know that the request is recorded. */
const CONTEXT = Symbol.for('@afstatsd/http@1');

type Marked = { [CONTEXT]?: HttpContext };

/** The context of a request, made if there is none. All middleware of a request finds the same one. */
export function contextOf(req: IncomingMessage): HttpContext {
  return ((req as Marked)[CONTEXT] ??= { exchange: undefined, routing: undefined });
}

/** The context of a request, if it has one. */
export function existingContext(req: IncomingMessage): HttpContext | undefined {
  return (req as Marked)[CONTEXT];
}
