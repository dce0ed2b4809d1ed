import { EventEmitter } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** The properties of a fetch `Request` that are read. */
export interface FetchRequest {
  /** `GET` and so on. */
  readonly method: string;
  /** The URL with its origin. */
  readonly url: string;
  /** Names in lower case, with their values. */
  readonly headers: Iterable<readonly [string, string]>;
}

/** The properties of a fetch `Response` that are read. */
export interface FetchResponse {
  /** Its status, such as 200. */
  readonly status: number;
  /** Its headers. */
  readonly headers: {
    /**
     * One header, or null.
     *
     * @param name - in any case.
     */
    get(name: string): string | null;
  };
}

/**
 * Stands for Node's request and response where there are none: in Bun, in Deno, and in apps that are called with a `Request`.
 * `HttpMetrics` records them like a request without a connection.
 *
 * The response counts as sent when the app returns it, because no event tells when its last byte has left.
 *
 * @example
 * ```js
 * const { Fetched, HttpMetrics } = require('@afstatsd/core/http');
 *
 * const http = new HttpMetrics({ exclude: ['/health'] }, () => '/hello');
 *
 * async function handle(request) {
 *   const fetched = Fetched.of(request);
 *   const exchange = http.begin(fetched.request, fetched.response);
 *   const response = new Response('hello');
 *   fetched.answered(response);
 *   exchange?.headersSent();
 *   exchange?.end(true);
 *   return response;
 * }
 * ```
 */
export class Fetched {
  static readonly #known = new WeakMap<object, Fetched>();

  /** Stands for Node's request. */
  readonly request: IncomingMessage;
  /** Stands for Node's response. Its status and headers are those of the app's response. */
  readonly response: ServerResponse;
  #answer: FetchResponse | undefined;

  /**
   * Returns the `Fetched` of a request. It is the same each time, so that several middlewares record the request once.
   *
   * @param request - a fetch `Request`.
   */
  static of(request: FetchRequest): Fetched {
    let fetched = Fetched.#known.get(request);
    if (fetched === undefined) Fetched.#known.set(request, (fetched = new Fetched(request)));
    return fetched;
  }

  private constructor({ method, url, headers }: FetchRequest) {
    const answer = (): FetchResponse | undefined => this.#answer;
    this.request = {
      method,
      url,
      httpVersionMajor: 1,
      headers: Object.fromEntries(headers),
    } as unknown as IncomingMessage;
    this.response = Object.defineProperties(new EventEmitter(), {
      statusCode: { get: () => answer()?.status ?? 200 },
      writableFinished: { value: false },
      getHeader: { value: (name: string) => answer()?.headers.get(name) ?? undefined },
    }) as unknown as ServerResponse;
  }

  /**
   * Notes the app's response.
   *
   * @param response - a fetch `Response`.
   */
  answered(response: FetchResponse): void {
    this.#answer = response;
  }
}
