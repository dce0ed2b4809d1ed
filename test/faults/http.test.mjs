// Callbacks of the HTTP options that misbehave: the app answers as it does without us, and each request is recorded once.
import { once } from 'node:events';
import { until, useClients, useCleanup } from '@afstatsd/testing';
import { afstatsdExpress } from '@afstatsd/express';
import { afstatsdFastify } from '@afstatsd/fastify';
import { expect } from 'chai';
import express from 'express';
import fastify from 'fastify';
import { MISBEHAVIOURS } from './misbehaviours.mjs';

const REQUESTS = 3;
const PAGE = '<p>hello';

/** The options with one callback. */
const CALLBACKS = {
  skip: (callback) => ({ skip: callback }),
  tags: (callback) => ({ tags: callback }),
  'pageviews.when': (callback) => ({ pageviews: { when: callback } }),
};

/** How each framework serves a page, with the options or without us. Returns its URL. */
const FRAMEWORKS = {
  async Express(options, later) {
    const app = express();
    if (options !== undefined) app.use(afstatsdExpress(options));
    app.get('/page/:id', (req, res) => res.type('html').send(PAGE));
    const server = app.listen(0, '127.0.0.1');
    later(() => server.close());
    await once(server, 'listening');
    return `http://127.0.0.1:${server.address().port}`;
  },
  async Fastify(options, later) {
    const app = fastify();
    if (options !== undefined) await app.register(afstatsdFastify, options);
    app.get('/page/:id', (request, reply) => reply.type('text/html; charset=utf-8').send(PAGE));
    later(() => app.close());
    return app.listen({ port: 0, host: '127.0.0.1' });
  },
};

async function answers(url) {
  const all = [];
  for (let i = 0; i < REQUESTS; i++) {
    const response = await fetch(`${url}/page/${i}`, { headers: { connection: 'close' } });
    all.push({
      status: response.status,
      type: response.headers.get('content-type'),
      body: await response.text(),
    });
  }
  return all;
}

describe('faults: callbacks of the HTTP options', () => {
  const later = useCleanup();
  const newClient = useClients();

  for (const [framework, serve] of Object.entries(FRAMEWORKS)) {
    for (const [name, optionsOf] of Object.entries(CALLBACKS)) {
      for (const [misbehaviour, { run }] of Object.entries(MISBEHAVIOURS)) {
        it(`${framework}: ${name} that ${misbehaviour} costs no request and no count, and is said once`, async () => {
          const expected = await answers(await serve(undefined, later));
          const recorded = newClient();
          const url = await serve({ statsd: recorded.statsd, ...optionsOf(run) }, later);
          expect(await answers(url)).to.deep.equal(expected);
          const values = [];
          // A response has ended for its client before it has for the server.
          await until('all requests are recorded', async () => {
            const timers = (await recorded.metrics()).filter(({ name }) => name === 'http.request');
            values.push(...timers.flatMap((timer) => timer.values));
            return values.length >= REQUESTS;
          });
          expect(values).to.have.lengthOf(REQUESTS);
          expect(recorded.log.warnings, recorded.log.warnings.join('\n')).to.have.lengthOf(1);
          const { recorded: samples, sent, pending, rejected } = recorded.statsd.stats();
          expect({ sent, pending, rejected }).to.deep.equal({ sent: samples, pending: 0, rejected: 0 });
        });
      }
    }
  }
});
