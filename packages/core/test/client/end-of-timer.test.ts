import { useClients } from '@afstatsd/testing';
import { expect } from 'chai';
import type { Tags } from '../../src/index.js';

describe('the end of a held timer', () => {
  const makeClient = useClients();

  it('takes tags, which win over those of the timer, and returns the duration', async () => {
    const recorded = makeClient();
    const timer = recorded.statsd.createTimer('pay', { tags: { provider: 'acme', outcome: 'none' } });
    const end = timer.start();
    const ms = end({ outcome: 'declined' });
    expect(ms).to.be.at.least(0);
    expect(end({ outcome: 'paid' })).to.equal(ms);
    timer.start()({ outcome: 'paid' });
    timer.start()({ outcome: 'paid' });
    timer.start()();
    timer.start()({});
    expect(await recorded.counts()).to.deep.equal({
      'timer pay declined acme': 1,
      'timer pay paid acme': 2,
      'timer pay none acme': 2,
    });
  });

  it('records under the prefix and tags of a child', async () => {
    const recorded = makeClient();
    const child = recorded.statsd.child({ prefix: 'shop', tags: { region: 'eu', zone: 'a' } });
    child.createTimer('pay').start()({ zone: 'b' });
    expect(await recorded.counts()).to.deep.equal({ 'timer shop.pay b eu': 1 });
  });

  it('goes by the rules of its own name, also when it is denied or renamed', async () => {
    const recorded = makeClient({
      rules: [
        { match: 'secret', deny: true },
        { match: 'old', rename: 'new' },
      ],
    });
    recorded.statsd.createTimer('secret').start()({ a: 1 });
    recorded.statsd.createTimer('old').start()({ a: 1 });
    expect(await recorded.counts()).to.deep.equal({ 'timer new 1': 1 });
  });

  it('records without what can be no tags, and says so once', async () => {
    const recorded = makeClient();
    const { statsd, log } = recorded;
    const timer = statsd.createTimer('read');
    timer.start()(null as unknown as Tags);
    timer.start()(new Error('of a callback') as unknown as Tags);
    timer.start()('text' as unknown as Tags);
    expect(await recorded.counts()).to.deep.equal({ 'timer read': 3 });
    expect(log.warnings).to.deep.equal([
      'afstatsd: the end of timer "read" takes tags; an object is left out (said once)',
    ]);
  });

  it('refuses tags that are bad, as any other call, and never throws', () => {
    const { statsd } = makeClient();
    const timer = statsd.createTimer('read');
    timer.start()({ a: {} } as unknown as Tags);
    const throwing = Object.defineProperty({}, 'a', {
      enumerable: true,
      get: () => {
        throw new Error('of the app');
      },
    });
    timer.start()(throwing);
    expect(statsd.stats()).to.include({ rejected: 2, recorded: 0 });
  });

  it('works under a bad name, where it is refused', () => {
    const { statsd } = makeClient();
    expect(statsd.createTimer('').start()({ a: 1 })).to.be.a('number');
    expect(statsd.stats()).to.include({ recorded: 0 }).and.have.property('rejected').that.is.above(0);
  });
});
