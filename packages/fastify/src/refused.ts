import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  type Exchange,
  HttpMetrics,
  type HttpOptions,
  existingExchange,
  routeWithoutTemplate,
} from '@afstatsd/core/http';
import { now } from '@afstatsd/core/instrument';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** The route of all that reached none. */
const UNMATCHED = routeWithoutTemplate(404);

/** The note that a hook of ours leaves on the exchange of a request that it has seen. */
export const HANDLED = 'Fastify';

/** Whether a hook of ours has seen the request, or it is recorded already. Node announces requests before there are hooks. */
export function isHandled({ isAnnounced, isRecorded, trail }: Exchange): boolean {
  return isRecorded || trail !== undefined || !isAnnounced;
}

/**
 * Records what Fastify's own router refuses, for which it calls no hooks: a bad escape (400), too long a parameter (414), a
 * constraint that fails (500), all during its closing (503).
 *
 * Whether a request was refused can be told by its response: as soon as a hook could be called, and up to the end, Fastify
 * listens for the response's errors.
 */
export function recordRefused(
  fastify: FastifyInstance,
  options: HttpOptions<FastifyRequest, FastifyReply>,
): void {
  // Of a plugin on a part of the app, it isn't known whose a refused request would have been.
  if (!isRoot(fastify)) return;
  const metrics = new HttpMetrics(
    // Without a request of Fastify's, the callbacks have nothing to look at. The bytes were sent before it is known.
    { ...options, bytes: false, pageviews: false, skip: undefined, tags: undefined } as object,
    () => UNMATCHED,
  );
  const isRefused = (req: IncomingMessage, res: ServerResponse): boolean => {
    const exchange = existingExchange(req);
    return (exchange === undefined || !isHandled(exchange)) && res.listenerCount('error') === 0;
  };
  // It comes after Fastify's own, by which the router has decided already, if it isn't asynchronous.
  fastify.server.on('request', (req: IncomingMessage, res: ServerResponse) => {
    if (!isRefused(req, res)) return;
    const begin = now();
    res.on('finish', () => {
      // Without errors, it is an answer of somebody's who shares the server.
      if (res.statusCode < 400 || !isRefused(req, res)) return;
      metrics.guard('end', () => metrics.begin(req, res, req, res, now() - begin));
    });
  });
}

/** The instance at the top; others inherit from the one that they are in. */
function isRoot(fastify: FastifyInstance): boolean {
  return !('addHook' in (Object.getPrototypeOf(fastify) as object));
}
