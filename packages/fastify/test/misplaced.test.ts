import afstatsd from '@afstatsd/fastify';
import { expect } from 'chai';
import { eachFastify } from './support/app.js';

/** What a program without types may write as a route's `afstatsd`, and what the error says about it. */
const BAD: readonly (readonly [config: unknown, error: string])[] = [
  [{ skp: true }, 'unknown option "skp" (true); there are skip, name'],
  [{ skip: 'yes' }, 'option skip must be true or false; it is "yes"'],
  [{ name: 5 }, 'option name must be a string that stands for the route; it is 5'],
  [{ name: '' }, 'option name must be a string that stands for the route; it is ""'],
  [true, 'options must be an object; they are true'],
];

eachFastify('misplaced', (apps) => {
  for (const [config, error] of BAD) {
    it(`refuses the route config ${JSON.stringify(config)}`, async () => {
      const app = apps.plain();
      await app.fastify.register(afstatsd, { statsd: app.recorded.statsd });
      const add = (): unknown =>
        app.fastify.get('/users/:id', { config: { afstatsd: config as object } }, async () => 'x');
      expect(add).to.throw(TypeError, `route GET /users/:id, config.afstatsd: ${error}`);
    });
  }

  it('says once of a bad route config from before the plugin, and records the route', async () => {
    const app = apps.plain();
    app.fastify.get('/users/:id', { config: { afstatsd: { skp: true } as object } }, async () => 'x');
    app.register();
    await app.listen();
    for (let i = 0; i < 2; i++) expect((await app.fetch('/users/5')).status).to.equal(200);
    await app.recorded.becomes({ 'timer http.request get /users/:id 2xx': 2 });
    expect(app.recorded.log.warnings).to.have.length(1);
    expect(app.recorded.log.warnings[0]).to.include('GET /users/:id').and.to.include('skp');
  });

  it('says what to write instead of register(afstatsd())', () => {
    const call = afstatsd as unknown as (options?: object) => void;
    for (const args of [[], [{ exclude: ['/health'] }]]) {
      expect(() => call(...args)).to.throw(TypeError, 'write fastify.register(afstatsd, { … })');
    }
  });
});
