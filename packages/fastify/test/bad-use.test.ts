import { StatsdClient } from '@afstatsd/core';
import afstatsd, { type FastifyOptions } from '@afstatsd/fastify';
import { expect } from 'chai';
import { eachFastify } from './support/app.js';

const BAD: readonly (readonly [options: object, message: RegExp])[] = [
  [{ prefx: 'shop' }, /unknown option "?prefx"?/],
  [{ prefix: 5 }, /option prefix must be .* it is 5/],
  [{ name: '' }, /option name must be/],
  [{ exclude: ['health'] }, /option exclude must be/],
  [{ maxRoutes: -1 }, /option maxRoutes must be .* it is -1/],
  [{ pageviews: { nam: 'views' } }, /option pageviews must be/],
  [{ statsd: {} }, /option statsd must be a StatsdClient/],
  [{ tags: { a: 1 } }, /option tags must be a function/],
];

const no = (): never => {
  throw new Error('my mistake');
};

const late = async (): Promise<never> => {
  throw new Error('late');
};

/** Each callback that the app can give, and what is recorded when it throws. */
const THROWING: Readonly<Record<string, FastifyOptions>> = {
  skip: { skip: no },
  tags: { tags: no },
  'pageviews.when': { pageviews: { when: no } },
};

eachFastify('bad use', (apps) => {
  for (const [options, message] of BAD) {
    it(`refuses ${JSON.stringify(options)} with a TypeError`, async () => {
      const app = apps.plain();
      app.fastify.register(afstatsd, options);
      const error = await app.fastify.ready().then(
        () => undefined,
        (error: unknown) => error,
      );
      expect(error).to.be.instanceOf(TypeError);
      expect(String(error)).to.match(message);
    });
  }

  it('rejects the `register` that is awaited', async () => {
    const app = apps.plain();
    const error = await Promise.resolve(app.fastify.register(afstatsd, { maxRoutes: 0.5 })).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(error).to.be.instanceOf(TypeError);
  });

  for (const [callback, options] of Object.entries(THROWING)) {
    it(`says once that \`${callback}\` throws, and goes on`, async () => {
      const app = apps.recording(options);
      app.fastify.get('/users/:id', async () => 'x');
      await app.listen();
      for (let i = 0; i < 3; i++) expect((await app.fetch(`/users/${i}`)).status).to.equal(200);
      await app.recorded.becomes({ 'timer http.request get /users/:id 2xx': 3 });
      expect(app.recorded.log.warnings).to.have.length(1);
      expect(app.recorded.log.warnings[0]).to.contain(callback).and.to.contain('my mistake');
    });
  }

  for (const callback of ['skip', 'tags', 'pageviews.when']) {
    it(`says once that \`${callback}\` returns a promise, whose rejection ends nothing`, async () => {
      const options = callback === 'pageviews.when' ? { pageviews: { when: late } } : { [callback]: late };
      const app = apps.recording(options as FastifyOptions);
      app.fastify.get('/users/:id', async () => 'x');
      await app.listen();
      for (let i = 0; i < 3; i++) expect((await app.fetch(`/users/${i}`)).status).to.equal(200);
      await app.recorded.becomes({ 'timer http.request get /users/:id 2xx': 3 });
      expect(app.recorded.log.warnings).to.have.length(1);
      expect(app.recorded.log.warnings[0]).to.contain(callback).and.to.contain('a promise');
    });
  }

  it('answers when the client has been shut down', async () => {
    const statsd = new StatsdClient({ logger: { warn: () => {} }, handleSignals: false });
    const app = apps.recording({ statsd, inFlight: true });
    app.fastify.get('/users/:id', async () => 'x');
    await app.listen();
    await statsd.shutdown({ timeout: 0 });
    expect((await app.fetch('/users/5')).status).to.equal(200);
  });
});
