import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Exchange, markedExchange, newExchange, openExchange } from './exchange.js';
import { latest, setLatest } from './latest.js';

/**
 * The exchange of a request. It is made if there is none, and isn't recorded before `begin`. All middleware finds the same one.
 *
 * @param req - Node's request.
 */
export function exchangeOf(req: IncomingMessage): Exchange {
  const last = latest();
  if (last !== undefined && last.raw === req) return last as Exchange;
  return lookUp(req) ?? newExchange(req);
}

/**
 * The exchange of a request, if it has one.
 *
 * @param req - Node's request.
 */
export function existingExchange(req: IncomingMessage): Exchange | undefined {
  const last = latest();
  if (last !== undefined && last.raw === req) return last as Exchange;
  return lookUp(req);
}

/** The exchange of a response, if it has one. Some apps replace the response's `req`, so the latest exchange is tried first. */
export function exchangeOfResponse(res: ServerResponse): Exchange | undefined {
  const last = latest();
  if (last !== undefined && last.rawResponse === res) return last as Exchange;
  const { req } = res as { readonly req?: IncomingMessage };
  return req === undefined ? undefined : lookUp(req);
}

function lookUp(req: IncomingMessage): Exchange | undefined {
  const open = openExchange(req);
  if (open === undefined) return markedExchange(req);
  setLatest(open);
  return open;
}
