/**
 * A plugin of Fastify that records requests.
 *
 * @module
 */
import {
  HttpMetrics,
  type HttpOptions,
  exchangeOf,
  existingExchange,
  routeTemplate,
  watchHeaders,
} from '@afstatsd/core/http';
import type { FastifyInstance, FastifyPluginCallback, FastifyReply, FastifyRequest } from 'fastify';
import fastifyPlugin from 'fastify-plugin';

/** What is recorded. The callbacks get Fastify's request and reply. */
export type FastifyOptions = HttpOptions<FastifyRequest, FastifyReply>;

/** What a route can say in its `config`, as `afstatsd`. */
export interface RouteConfig {
  /** The route's requests aren't recorded. Default false. */
  readonly skip?: boolean;
  /** What stands for the route's template. */
  readonly name?: string;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What `@afstatsd/fastify` records of this route. */
    afstatsd?: RouteConfig;
  }
}

/** The type of the plugin. */
export type AfstatsdFastify = FastifyPluginCallback<FastifyOptions>;

const plugin: AfstatsdFastify = (fastify, options, done) => {
  try {
    install(fastify, options);
    done();
  } catch (error) {
    // Fastify takes what a plugin throws for an uncaught exception.
    done(error as Error);
  }
};

function install(fastify: FastifyInstance, options: FastifyOptions): void {
  const metrics = new HttpMetrics(options, (request) => {
    const template = exchangeOf(request.raw).routing as string | undefined;
    return template === undefined ? undefined : routeTemplate(template);
  });
  const begin = (request: FastifyRequest, reply: FastifyReply, elapsed: number): void => {
    const { raw } = request;
    const exchange = exchangeOf(raw);
    if (exchange.isRecorded) return;
    const { config, url } = request.routeOptions;
    const { skip, name } = config.afstatsd ?? {};
    if (skip === true) return;
    // Taken now: `callNotFound` forgets it.
    exchange.routing = name ?? url;
    if (metrics.begin(raw, reply.raw, request, reply, elapsed) === undefined) return;
    // @fastify/websocket hijacks the reply when it accepts one.
    if (exchange.isUpgrade) {
      const { hijack } = reply;
      reply.hijack = () => {
        exchange.streams();
        return hijack.call(reply);
      };
    }
    watchHeaders(reply.raw, exchange);
  };
  fastify.addHook('onRequest', (request, reply, next) => {
    try {
      begin(request, reply, 0);
    } catch (error) {
      metrics.failed('begin', error);
    }
    next();
  });
  // A hook of somebody else's, before ours, may answer: then ours isn't called, and the request is over by now.
  fastify.addHook('onResponse', (request, reply, next) => {
    if (existingExchange(request.raw) === undefined) {
      metrics.guard('begin', () => begin(request, reply, reply.elapsedTime));
    }
    next();
  });
}

/**
 * A plugin of Fastify 4 and 5 that records each request under its route's template: `http.request` (ms), by method, route and
 * status; `http.aborted`; `website.pageviews`; `http.ttfb` of event streams and upgrades. Registered several times, it
 * records a request once.
 *
 * @throws TypeError from `register`, for an option that is unknown or can't be used.
 * @example
 * ```js
 * const fastify = require('fastify')();
 * fastify.register(require('@afstatsd/fastify'), { exclude: ['/health'] });
 * ```
 */
export const afstatsd: AfstatsdFastify = fastifyPlugin(plugin, {
  fastify: '^4.24.0 || ^5.0.0',
  name: '@afstatsd/fastify',
});
