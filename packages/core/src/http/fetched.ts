import { EventEmitter } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** The part of a `Request` of fetch that is looked at. */
export interface FetchRequest {
  /** `GET` and so on. */
  readonly method: string;
  /** With its origin. */
  readonly url: string;
  /** Names in lower case, with their values. */
  readonly headers: Iterable<readonly [string, string]>;
}

/** The part of a `Response` of fetch that is looked at. */
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
 * Node's request and response where there are none: in Bun, Deno and wherever an app is called with a `Request`. So `HttpMetrics`
 * records such a request as any other that comes without a connection.
 *
 * The response counts as sent when the app has given it away, because nobody says when its last byte has left.
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

  /** In the place of Node's request. */
  readonly request: IncomingMessage;
  /** In the place of Node's response. Its status and headers are those of the answer. */
  readonly response: ServerResponse;
  #answer: FetchResponse | undefined;

  /**
   * The one of a request; always the same, so that all middleware records it once.
   *
   * @param request - of fetch.
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
   * The app has answered.
   *
   * @param response - of fetch.
   */
  answered(response: FetchResponse): void {
    this.#answer = response;
  }
}
