import { Statsd } from '@afstatsd/core';

type Handler<Context> = (request: Request, context: Context) => Promise<Response> | Response;

const clock = (): number => performance.now();

/**
 * A route handler that records its requests under the route's template, as the middleware for Express and Fastify does.
 *
 * @param route - the template: `/api/orders/[id]`.
 */
export function recordedRoute<Context>(route: string, handler: Handler<Context>): Handler<Context> {
  return async (request, context) => {
    const begin = clock();
    let status = 500;
    try {
      const response = await handler(request, context);
      status = response.status;
      return response;
    } finally {
      const tags = { method: request.method.toLowerCase(), route, status: `${Math.floor(status / 100)}xx` };
      Statsd.timing('http.request', clock() - begin, { tags });
    }
  };
}

/** A server action that records how long it takes, and how often it fails. */
export const recordedAction = <Args extends unknown[], Result>(
  name: string,
  action: (...args: Args) => Promise<Result>,
): ((...args: Args) => Promise<Result>) => Statsd.time(`action.${name}`, action);
