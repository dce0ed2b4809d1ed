import { instrumentedMethods } from '@afstatsd/decorators';
import { expect } from 'chai';
import { type App, useApps } from './app.js';
import { REFERENCE } from './arrangement.js';
import { PLACEMENTS } from './placements.js';
import { useQueuesAndClients } from './queue.js';
import { type Answer, STATUSES, askAll } from './requests.js';

function listed({ classes }: App): string[] {
  const methods = Object.values(classes).flatMap((one) => instrumentedMethods(one));
  return methods.flatMap(({ metrics }) => metrics.map(({ type, name }) => `${type} ${name}`));
}

describe('a Nest application, decorated', () => {
  const makeApp = useApps();
  const makeQueueAndClient = useQueuesAndClients();
  let reference: readonly Answer[];

  before(async () => {
    const app = await makeApp(REFERENCE);
    reference = await askAll(app.url);
  });

  it('is compared with one that is not, which answers as it should', () => {
    expect(reference.map(({ status }) => status)).to.deep.equal(STATUSES);
  });

  for (const { title, arrange, metrics } of PLACEMENTS) {
    it(`answers the same and sends exact metrics: ${title}`, async () => {
      const queue = makeQueueAndClient();
      const app = await makeApp(arrange(queue.statsd));
      expect(await askAll(app.url)).to.deep.equal(reference);
      await app.close();
      expect(await queue.received()).to.deep.equal(metrics);
      expect(listed(app)).to.include.members(Object.keys(metrics));
    });
  }
});
