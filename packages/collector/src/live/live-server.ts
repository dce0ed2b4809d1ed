import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe } from '@afstatsd/core/instrument';
import type { Log } from '../log.js';
import { OnceAMinute } from '../once-a-minute.js';
import { Connections } from '../output/connections.js';
import { Unanswerable } from './answers.js';
import { pageFile } from './page-files.js';
import { requestGuard } from './request-guard.js';
import { Viewers } from './viewers.js';

export interface LiveServerOptions {
  readonly host: string;
  readonly port: number;
  readonly allowHosts: readonly string[];
  readonly log: Log;
  /** The first event of a stream. */
  readonly hello: () => string;
  /** The answer to a path under `/api/`. Undefined for an unknown path. Throws `Unanswerable`. */
  readonly answer: (path: string, query: URLSearchParams) => unknown;
}

const MAX_CONNECTIONS = 64;
/** The most viewers at once. */
const MAX_VIEWERS = 16;
/** The longest time for the head of a request, in ms. */
const HEADERS_MS = 10_000;
/** A connection without any progress is closed after this time, in ms. */
const STALL_MS = 30_000;
/** The time after which a port in use is tried again, in ms. */
const RETRY_MS = 10_000;
const MAX_URL_LENGTH = 32_768;
const STREAM = '/api/v1/stream';

/** The headers of all answers. The page loads only its own files, and can't be framed. Text can't become markup or code. */
const HEADERS = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; " +
    "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
} as const;

/** Serves the page and the JSON behind it. Requests can change nothing, because the server only reads. */
export class LiveServer {
  readonly viewers: Viewers = new Viewers(MAX_VIEWERS);
  readonly #options: LiveServerOptions;
  readonly #server: Server;
  readonly #connections = new Connections(MAX_CONNECTIONS);
  readonly #guard: ReturnType<typeof requestGuard>;
  readonly #said = new OnceAMinute();
  #retry: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(options: LiveServerOptions) {
    this.#options = options;
    this.#guard = requestGuard(options.host, options.allowHosts);
    this.#server = this.#makeServer();
  }

  get address(): AddressInfo | undefined {
    return (this.#server.address() as AddressInfo | null) ?? undefined;
  }

  /** The address of the page. */
  get url(): string {
    const { host, port } = this.#options;
    return `http://${host.includes(':') ? `[${host}]` : host}:${this.address?.port ?? port}/`;
  }

  /** Listens. If that fails, logs the reason, and tries again every 10 s. Never rejects. */
  async start(): Promise<void> {
    const problem = await this.#listen();
    if (problem === undefined) this.#options.log.info(`the page is at ${this.url}`);
    else {
      this.#options.log.warn(`${problem}; the rest goes on without it, and it is tried again`);
      this.#tryAgain();
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#retry);
    this.viewers.close();
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  #tryAgain(): void {
    this.#retry = setTimeout(() => {
      void this.#listen().then((problem) => {
        if (this.#isClosed) this.#server.close();
        else if (problem === undefined) this.#options.log.info(`the page is at ${this.url} now`);
        else this.#tryAgain();
      });
    }, RETRY_MS).unref();
  }

  /** Tries to listen. Resolves to the reason of a failure, or to undefined. */
  #listen(): Promise<string | undefined> {
    const { host, port } = this.#options;
    return new Promise((resolve) => {
      const failed = (error: NodeJS.ErrnoException): void => resolve(this.#explained(error));
      this.#server.once('error', failed);
      this.#server.listen({ host, port }, () => {
        this.#server.off('error', failed);
        resolve(undefined);
      });
    });
  }

  #makeServer(): Server {
    const options = { headersTimeout: HEADERS_MS, requestTimeout: HEADERS_MS, requireHostHeader: false };
    const server = createServer(options, (request, response) => {
      this.#connections.asked(request.socket);
      response.once('close', () => this.#connections.answered(request.socket));
      void this.#answer(request, response);
    });
    server.on('connection', (socket) => void this.#connections.add(socket));
    server.on('error', () => {}); // `#listen` hears of those that matter
    server.setTimeout(STALL_MS, (socket) => socket.destroy());
    return server;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
    const refusal = this.#guard(request.headers);
    if (refusal !== undefined) {
      this.#refused(request);
      reply(response, refusal.status, 'text/plain', refusal.text);
      return;
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('Allow', 'GET, HEAD');
      reply(response, 405, 'text/plain', 'the page changes nothing: it answers to GET\n');
      return;
    }
    try {
      await this.#read(request, response);
    } catch (error) {
      const status = error instanceof Unanswerable ? error.status : 500;
      replyJson(response, status, { error: (error as Error).message });
    }
  }

  async #read(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { url = '/' } = request;
    if (url.length > MAX_URL_LENGTH) throw new Unanswerable(414, 'the URL is too long');
    const [path, query] = splitAt(url, '?');
    if (path === '/healthz') {
      reply(response, 200, 'text/plain', 'ok\n');
      return;
    }
    if (path === STREAM) {
      this.#stream(request, response);
      return;
    }
    const answer = this.#options.answer(path, new URLSearchParams(query));
    if (answer !== undefined) {
      replyJson(response, 200, answer);
      return;
    }
    const file = await pageFile(path);
    if (file === undefined) throw new Unanswerable(404, 'there is nothing here: the page is at /');
    reply(response, 200, file.type, file.content);
  }

  #stream(request: IncomingMessage, response: ServerResponse): void {
    if (this.viewers.isFull) {
      response.setHeader('Retry-After', '10');
      throw new Unanswerable(503, `there are ${MAX_VIEWERS} viewers, which are the most at once`);
    }
    response.writeHead(200, { 'Content-Type': 'text/event-stream', 'X-Accel-Buffering': 'no' });
    if (request.method === 'HEAD') {
      response.end();
      return;
    }
    response.write(this.#options.hello());
    this.viewers.add(response);
  }

  #refused({ headers }: IncomingMessage): void {
    if (!this.#said.first('host')) return;
    const from = headers.origin === undefined ? '' : `, origin ${describe(headers.origin)}`;
    this.#options.log.warn(
      `page: refused a request for host ${describe(headers.host ?? '')}${from}. If that is a name of this collector, give --allow-host`,
      'page: refused a request',
    );
  }

  #explained(error: NodeJS.ErrnoException): string {
    const { host, port } = this.#options;
    const why =
      {
        EADDRINUSE: 'another program does (EADDRINUSE); choose another port with --page HOST:PORT, or off',
        EACCES: 'this user may not (EACCES); choose a port from 1024 on',
        EADDRNOTAVAIL: 'this machine has no such address (EADDRNOTAVAIL)',
        ENOTFOUND: 'there is no such host (ENOTFOUND)',
      }[error.code ?? ''] ?? error.message;
    return `page: can't listen on ${host}:${port}: ${why}`;
  }
}

function splitAt(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

function replyJson(response: ServerResponse, status: number, answer: unknown): void {
  reply(response, status, 'application/json', `${JSON.stringify(answer)}\n`);
}

function reply(response: ServerResponse, status: number, type: string, body: string | Buffer): void {
  response.writeHead(status, { 'Content-Type': type, 'Content-Length': Buffer.byteLength(body) });
  response.end(response.req.method === 'HEAD' ? undefined : body);
}
