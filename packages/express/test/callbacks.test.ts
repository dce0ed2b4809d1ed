import { runInNewContext } from 'node:vm';
import { afstatsdExpress, type ExpressOptions } from '@afstatsd/express';
import { type Recorded, useClients } from '@afstatsd/testing';
import { expect } from 'chai';
import type { Request, Response } from 'express';
import { type Site, useSites } from './support/site.js';
import { forEachExpress } from './support/versions.js';

/** An async callback is refused by the types; a program without them gives one all the same. */
type Given = Readonly<Record<string, unknown>>;

const rejects = async (): Promise<never> => {
  throw new Error('late');
};
/** A promise of another realm, as a test of Jest has them. */
const rejectsElsewhere = runInNewContext("async () => { throw new Error('late'); }") as () => unknown;
const PROMISE = 'it returned a promise, which nothing waits for (said once)';
const IS_YES = 'must return true or false';
const WITHOUT = 'requests are recorded without it (said once)';
const RULE = 'HTTP option tags: a tag is a string, number or boolean with a key, but';

/** Options of which one callback answers wrongly, and the one line that is said. */
const WRONG: readonly (readonly [what: string, options: Given, line: string])[] = [
  ['skip rejects', { skip: rejects }, `HTTP option skip ${IS_YES}; ${PROMISE}`],
  ['skip resolves', { skip: async () => true }, `HTTP option skip ${IS_YES}; ${PROMISE}`],
  ['skip is text', { skip: () => 'yes' }, `HTTP option skip ${IS_YES}; it returned "yes" (said once)`],
  [
    'pageviews.when rejects',
    { pageviews: { when: rejects } },
    `HTTP option pageviews.when ${IS_YES}; ${PROMISE}`,
  ],
  ['tags reject', { tags: rejects }, `HTTP option tags must return an object of tags; ${PROMISE}`],
  [
    'tags reject in another realm',
    { tags: rejectsElsewhere },
    `HTTP option tags must return an object of tags; ${PROMISE}`,
  ],
  [
    'tags are an array',
    { tags: () => ['a:b'] },
    'HTTP option tags must return an object of tags; it returned an array (said once)',
  ],
  [
    'tags are a Map',
    { tags: () => new Map([['a', 'b']]) },
    'HTTP option tags must return an object of tags; it returned an object (said once)',
  ],
];

/** Tags objects with one tag that can't be one, beside `plan: 'gold'`. */
const BAD_TAGS: readonly (readonly [what: string, tags: () => object, line: string])[] = [
  [
    'a getter that throws',
    () => ({
      get mine(): string {
        throw new Error('no luck');
      },
      plan: 'gold',
    }),
    `${RULE} "mine" threw "Error: no luck"; ${WITHOUT}`,
  ],
  ['an object', () => ({ mine: {}, plan: 'gold' }), `${RULE} "mine" is an object; ${WITHOUT}`],
  ['NaN', () => ({ mine: NaN, plan: 'gold' }), `${RULE} "mine" is NaN; ${WITHOUT}`],
  [
    'a promise that rejects',
    () => ({ mine: rejects(), plan: 'gold' }),
    `${RULE} "mine" is a promise, which nothing waits for; ${WITHOUT}`,
  ],
  ['no key', () => ({ '': 'mine', plan: 'gold' }), `${RULE} "" is "mine"; ${WITHOUT}`],
];

forEachExpress('callbacks that answer wrongly', (express) => {
  const makeClient = useClients();
  const serve = useSites();
  let seen: Recorded;

  beforeEach(() => {
    seen = makeClient();
  });

  async function siteWith(options: Given): Promise<Site> {
    const app = express();
    app.use(
      afstatsdExpress({ statsd: seen.statsd, pageviews: false, ...options } as ExpressOptions<
        Request,
        Response
      >),
    );
    app.get('/page/:p', (_req, res) => void res.send('<p>page'));
    return serve(app);
  }

  /** Each request is answered, with its page. */
  async function ask(site: Site): Promise<void> {
    for (const path of ['/page/1', '/page/2', '/page/3']) {
      expect((await site.fetch(path)).status).to.equal(200);
    }
  }

  for (const [what, options, line] of WRONG) {
    it(`${what}: said once, and requests are recorded`, async () => {
      await ask(await siteWith(options));
      expect(await seen.counts()).to.deep.equal({ 'timer http.request get /page/:p 2xx': 3 });
      expect(seen.log.warnings).to.deep.equal([`afstatsd: ${line}`]);
    });
  }

  for (const [what, tags, line] of BAD_TAGS) {
    it(`tags with ${what}: said once, and requests are recorded with the other tags`, async () => {
      await ask(await siteWith({ tags }));
      expect(await seen.counts()).to.deep.equal({ 'timer http.request get gold /page/:p 2xx': 3 });
      expect(seen.log.warnings).to.deep.equal([`afstatsd: ${line}`]);
    });
  }

  it('answers that are no yes, and tags that are left out on purpose, are no mistakes', async () => {
    for (const no of [false, undefined, null, 0, '']) {
      const site = await siteWith({ skip: () => no, tags: () => ({ plan: no === 0 ? undefined : null }) });
      await site.fetch('/page/1');
    }
    await (await siteWith({ tags: () => undefined })).fetch('/page/1');
    expect(await seen.counts()).to.deep.equal({ 'timer http.request get /page/:p 2xx': 6 });
    expect(seen.log.warnings).to.deep.equal([]);
  });
});
