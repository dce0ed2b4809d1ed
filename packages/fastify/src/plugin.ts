/**
 * A plugin of Fastify that records requests.
 *
 * @module
 */
import { Statsd, type StatsdClient } from '@afstatsd/core';
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
import { mayHaveEarlierHooks } from './earlier-hooks.js';
import { HANDLED, isHandled, recordRefused } from './refused.js';
import { type RouteConfig, readRouteConfig } from './route-config.js';

export type { RouteConfig };

/** What is recorded. The callbacks get Fastify's request and reply. */
export type FastifyOptions = HttpOptions<FastifyRequest, FastifyReply>;

declare module 'fastify' {
  interface FastifyInstance {
    /** The client of `@afstatsd/fastify`: its option `statsd`, else the shared one. */
    statsd: StatsdClient;
  }
  interface FastifyContextConfig {
    /** What `@afstatsd/fastify` records of this route. */
    afstatsd?: RouteConfig;
  }
}

/** The type of the plugin. */
export type AfstatsdFastify = FastifyPluginCallback<FastifyOptions>;

const NO_CONFIG: RouteConfig = {};

const plugin: AfstatsdFastify = (fastify, options, done) => {
  // Called by the app, as `register(afstatsd())`, it has no `done` to tell.
  if (typeof done !== 'function') {
    throw new TypeError('afstatsd is the plugin itself: write fastify.register(afstatsd, { … })');
  }
  try {
    install(fastify, options);
    done();
  } catch (error) {
    // Fastify takes what a plugin throws for an uncaught exception.
    done(error as Error);
  }
};

function install(fastify: FastifyInstance, options: FastifyOptions): void {
  const metrics = new HttpMetrics<FastifyRequest, FastifyReply>(options, (_request, _reply, exchange) => {
    const template = exchange.routing as string | undefined;
    return template === undefined ? undefined : routeTemplate(template);
  });
  // An app may have a decorator of this name already, and several registrations share the first one's.
  if (!fastify.hasDecorator('statsd')) fastify.decorate('statsd', options.statsd ?? Statsd);
  const begin = (request: FastifyRequest, reply: FastifyReply, elapsed: number): void => {
    const { raw } = request;
    const exchange = exchangeOf(raw);
    if (exchange.isRecorded) return;
    const { config, url } = request.routeOptions;
    const { skip, name } =
      config.afstatsd === undefined ? NO_CONFIG : routeConfig(config.afstatsd, raw.method, url);
    // Fastify has the request, also if it isn't recorded.
    exchange.trail ??= HANDLED;
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
  const routeConfig = (given: unknown, method = '', url = ''): RouteConfig => {
    try {
      return readRouteConfig(given, `${method} ${url}`);
    } catch (error) {
      // Of a route from before the plugin, whose requests are answered and recorded all the same.
      (options.statsd ?? Statsd).warnOnce(
        'fastify route config',
        () => `${(error as Error).message}; the route is recorded as if it had none`,
      );
      return {};
    }
  };
  fastify.addHook('onRoute', function afstatsdOnRoute({ config, method, url }) {
    readRouteConfig(
      (config as { readonly afstatsd?: unknown } | undefined)?.afstatsd,
      `${String(method)} ${url}`,
    );
  });
  const isFirst = !mayHaveEarlierHooks(fastify);
  // Hooks have names, because Fastify's `printRoutes` shows them.
  fastify.addHook('onRequest', function afstatsdOnRequest(request, reply, next) {
    try {
      begin(request, reply, 0);
    } catch (error) {
      metrics.failed('begin', error);
    }
    if (metrics.hasScope) metrics.within(request.raw, next, request, reply);
    else next();
  });
  // Fastify's own parser of bodies goes on by an event of the request, and so outside of the scope.
  if (metrics.hasScope) {
    fastify.addHook('preValidation', function afstatsdPreValidation(request, _reply, next) {
      metrics.resume(request.raw, next);
    });
  }
  recordRefused(fastify, options);
  if (isFirst) return;
  // A hook of somebody else's, before ours, may answer: then ours isn't called, and the request is over by now. An `onResponse`
  // hook costs half of what the recording costs.
  fastify.addHook('onResponse', function afstatsdOnResponse(request, reply, next) {
    const exchange = existingExchange(request.raw);
    if (exchange === undefined || !isHandled(exchange)) {
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
