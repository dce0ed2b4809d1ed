import afstatsd, { type FastifyOptions } from '@afstatsd/fastify';
import { type FastifyInstance, type FastifyServerOptions, fastify as fastify5 } from 'fastify';
import { Recorded, expectNoMore } from './recorded.js';

export type Make = (options?: FastifyServerOptions) => FastifyInstance;

// Its types are those of another version; what the tests call has the same ones in both.
const { fastify: fastify4 } = require('fastify-4') as { fastify: Make };

const open = new Set<App>();

/** The tests for each major version of Fastify. */
export function eachFastify(tests: (make: Make, major: number) => void): void {
  for (const make of [fastify4, fastify5 as Make]) {
    const { version } = make();
    describe(`Fastify ${version}`, () => tests(make, Number.parseInt(version, 10)));
  }
}

/** A server with what it has recorded. It listens on a real socket, and is closed after the test. */
export class App {
  readonly fastify: FastifyInstance;
  readonly recorded = new Recorded();
  url = '';

  /** Without a plugin: the test registers it. */
  constructor(make: Make, options: FastifyServerOptions = {}) {
    this.fastify = make({ forceCloseConnections: true, ...options });
    open.add(this);
  }

  static recording(make: Make, options: FastifyOptions = {}, server: FastifyServerOptions = {}): App {
    const app = new App(make, server);
    app.register(options);
    return app;
  }

  register(options: FastifyOptions = {}): void {
    this.fastify.register(afstatsd, { statsd: this.recorded.statsd, ...options });
  }

  async listen(): Promise<this> {
    this.url = await this.fastify.listen({ port: 0, host: '127.0.0.1' });
    return this;
  }

  /** What a request with this path, and method, gets. Its body has been read. */
  async fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const response = await fetch(this.url + path, init);
    return new Response((await response.text().catch(String)) || null, response);
  }
}

afterEach(async function () {
  const apps = [...open];
  open.clear();
  await Promise.all(apps.map((app) => app.fastify.close()));
  await expectNoMore(this.currentTest?.state !== 'failed');
});
