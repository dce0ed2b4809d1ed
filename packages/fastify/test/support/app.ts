import afstatsd, { type FastifyOptions } from '@afstatsd/fastify';
import { type Recorded, useCleanup, useClients } from '@afstatsd/testing';
import { type FastifyInstance, type FastifyServerOptions, fastify as fastify5 } from 'fastify';

export type Make = (options?: FastifyServerOptions) => FastifyInstance;

// Its types are those of another version; what the tests call has the same ones in both.
const { fastify: fastify4 } = require('fastify-4') as { fastify: Make };

/** A server with what it has recorded. */
export class App {
  readonly fastify: FastifyInstance;
  readonly recorded: Recorded;
  url = '';

  constructor(fastify: FastifyInstance, recorded: Recorded) {
    this.fastify = fastify;
    this.recorded = recorded;
  }

  register(options: FastifyOptions = {}): void {
    this.fastify.register(afstatsd, { statsd: this.recorded.statsd, ...options });
  }

  /** Listens on a real socket. */
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

/** Makes the servers of tests, of one major version of Fastify. They are closed after the test. */
export interface Apps {
  readonly major: number;
  /** Without a plugin: the test registers it. */
  readonly plain: (server?: FastifyServerOptions) => App;
  /** With the plugin. */
  readonly recording: (options?: FastifyOptions, server?: FastifyServerOptions) => App;
  readonly makeClient: () => Recorded;
}

/** The tests for each major version of Fastify. What their servers record, a test has to look at. */
export function eachFastify(title: string, tests: (apps: Apps) => void): void {
  for (const make of [fastify4, fastify5 as Make]) {
    const major = Number.parseInt(make().version, 10);
    describe(`${title} (Fastify ${major})`, () => suite(make, major, tests));
  }
}

function suite(make: Make, major: number, tests: (apps: Apps) => void): void {
  const later = useCleanup();
  const makeClient = useClients();
  const plain: Apps['plain'] = (server = {}) => {
    const recorded = makeClient();
    const fastify = make({ forceCloseConnections: true, ...server });
    later(async (test) => {
      await fastify.close();
      // A request that is recorded twice is found here at the latest.
      if (test?.state !== 'failed') await recorded.becomes({});
    });
    return new App(fastify, recorded);
  };
  const recording: Apps['recording'] = (options = {}, server = {}) => {
    const app = plain(server);
    app.register(options);
    return app;
  };
  tests({ major, plain, recording, makeClient });
}
