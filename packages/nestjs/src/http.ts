import type { IncomingMessage, ServerResponse } from 'node:http';
import type { StatsdClient } from '@afstatsd/core';
import { HttpMetrics, type HttpOptions, routeTemplate, watchHeaders } from '@afstatsd/core/http';
import { afstatsdExpress } from '@afstatsd/express';
import { afstatsd } from '@afstatsd/fastify';
import type { ExecutionContext } from '@nestjs/common';
import type { HttpAdapterHost } from '@nestjs/core';

interface ExpressApp {
  use(middleware: unknown): unknown;
}
interface FastifyApp {
  register(plugin: unknown, options: unknown): PromiseLike<unknown>;
}

/** What requests of adapters have, whichever framework they come from. */
interface AnyRequest {
  readonly raw?: IncomingMessage;
  readonly route?: { readonly path?: unknown };
  readonly routeOptions?: { readonly url?: unknown };
}

/**
 * Records the requests of an application: by the middleware of its adapter's framework, which sees them from their beginning, also
 * those that no handler answers. Of another adapter's, those that reach a handler.
 */
export class HttpRecording {
  readonly #options: HttpOptions<AnyRequest, object>;
  readonly #host: HttpAdapterHost | undefined;
  #isInstalled = false;
  #metrics: HttpMetrics<AnyRequest, object> | undefined;

  constructor(host: HttpAdapterHost | undefined, statsd: StatsdClient, options: HttpOptions<never, never>) {
    this.#host = host;
    this.#options = { statsd, ...options } as HttpOptions<AnyRequest, object>;
    // What can't be used is an error now, not when there is an adapter.
    this.#metrics = new HttpMetrics(this.#options, (req) => templateOf(req));
  }

  /**
   * Installs the middleware, as soon as there is an adapter: a testing module gets it late. Does nothing the second time.
   *
   * @returns When the framework has it.
   */
  async install(): Promise<void> {
    const adapter = this.#host?.httpAdapter;
    const type = adapter?.getType();
    if (this.#isInstalled || (type !== 'express' && type !== 'fastify')) return;
    this.#isInstalled = true;
    this.#metrics = undefined;
    const app: unknown = adapter!.getInstance();
    if (type === 'express') (app as ExpressApp).use(afstatsdExpress(this.#options as object));
    else await (app as FastifyApp).register(afstatsd, this.#options);
  }

  /** A handler gets a request. */
  handled(context: ExecutionContext): void {
    const metrics = this.#metrics;
    if (metrics === undefined) return;
    metrics.guard('begin', () => {
      const http = context.switchToHttp();
      const req = http.getRequest<AnyRequest>();
      const res = http.getResponse<{ readonly raw?: ServerResponse }>();
      const rawResponse = res.raw ?? (res as ServerResponse);
      const exchange = metrics.begin(req.raw ?? (req as IncomingMessage), rawResponse, req, res);
      if (exchange !== undefined) watchHeaders(rawResponse, exchange);
    });
  }
}

function templateOf(req: AnyRequest): string | undefined {
  const path = req.routeOptions?.url ?? req.route?.path;
  return path === undefined ? undefined : routeTemplate(path);
}
