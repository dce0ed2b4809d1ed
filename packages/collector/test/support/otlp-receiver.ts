import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { type Point, readJson, readProtobuf } from './otlp-messages.js';

/** A receiver of OTLP metrics over HTTP. */
export class OtlpReceiver {
  readonly points: Point[] = [];
  readonly requests: { path: string; headers: NodeJS.Dict<string | string[]> }[] = [];
  /** Called with each request before it is answered, with its number, from 1. */
  status: (request: number) => number | Promise<number> = () => 200;
  #server: Server | undefined;
  #port = 0;

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Listens, again on the same port if it did before. */
  async start(): Promise<void> {
    this.#server = createServer((request, response) => {
      void buffer(request).then(async (body) => {
        this.requests.push({ path: request.url ?? '', headers: request.headers });
        const status = await this.status(this.requests.length);
        const json = request.headers['content-type'] === 'application/json';
        if (status === 200) this.points.push(...(json ? readJson(body) : readProtobuf(body)));
        response.writeHead(status).end();
      });
    });
    await new Promise<void>((resolve) => this.#server!.listen(this.#port, '127.0.0.1', resolve));
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  /** Listens no more. */
  async stop(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    this.#server = undefined;
    // What it has taken it answers, so that nobody has to send it twice.
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  named(name: string): Point[] {
    return this.points.filter((point) => point.name === name);
  }

  /** The sum of the values (for histograms, of the counts) of all points of a name. */
  total(name: string): number {
    return this.named(name).reduce((sum, point) => sum + (point.value ?? point.count ?? 0), 0);
  }
}
