import type { FastifyInstance } from 'fastify';

/** How Fastify 4 and 5 describe the symbol under which an instance has its hooks. */
const HOOKS = 'fastify.hooks';

/**
 * Whether a hook of somebody else's may come before the `onRequest` hook that is added next. Nothing public says so: it is yes
 * where Fastify's own list isn't found.
 */
export function mayHaveEarlierHooks(fastify: FastifyInstance): boolean {
  for (let at: object | null = fastify; at !== null; at = Object.getPrototypeOf(at) as object | null) {
    const symbol = Object.getOwnPropertySymbols(at).find(({ description }) => description === HOOKS);
    if (symbol === undefined) continue;
    const hooks = (at as Record<symbol, { readonly onRequest?: unknown } | undefined>)[symbol];
    return !Array.isArray(hooks?.onRequest) || hooks.onRequest.length > 0;
  }
  return true;
}
