import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { once } from 'node:events';
import { until, useClients } from '@afstatsd/testing';
import { expect } from 'chai';
import type { StatsdClient, Tags } from '../../src/index.js';
import { metricsOf } from '../support/metrics-of.js';
import { usedMemory } from '../support/used-memory.js';

describe('tags of a request', () => {
  const makeClient = useClients();

  it('are on all that is recorded within it, also after awaits and in callbacks', async () => {
    const recorded = makeClient();
    const { statsd } = recorded;
    const result = await statsd.withRequestTags({ tenant: 'acme' }, async () => {
      statsd.increment('a');
      statsd.decrement(['b', 'c']);
      await sleep(1);
      statsd.updateStats('d', 4);
      await turn();
      statsd.timing('e', 5, { tags: {} });
      await new Promise<void>((resolve) => {
        process.nextTick(() => {
          statsd.gauge('f', 6);
          resolve();
        });
      });
      statsd.set('g', 7);
      statsd.histogram('h', 8);
      statsd.distribution('i', 9);
      await statsd.time('j', async () => sleep(1))();
      statsd.count('k', () => {})();
      return 'result';
    });
    statsd.increment('outside');
    expect(result).to.equal('result');
    const counts = await recorded.counts();
    expect(Object.keys(counts).sort()).to.deep.equal([
      'counter a acme',
      'counter b acme',
      'counter c acme',
      'counter d acme',
      'counter k acme',
      'counter outside',
      'gauge f acme',
      'set g acme',
      'timer e acme',
      'timer h acme',
      'timer i acme',
      'timer j acme',
    ]);
  });

  it('of requests that are under way at once stay apart', async () => {
    const recorded = makeClient();
    const { statsd } = recorded;
    const request = (tenant: number): Promise<void> =>
      statsd.withRequestTags({ tenant }, async () => {
        for (let step = 0; step < 3; step++) {
          statsd.increment('steps');
          await sleep(1);
        }
      });
    await Promise.all(Array.from({ length: 40 }, (_, at) => request(at % 4)));
    expect(await recorded.counts()).to.deep.equal({
      'counter steps 0': 30,
      'counter steps 1': 30,
      'counter steps 2': 30,
      'counter steps 3': 30,
    });
  });

  it('give way to those of a call and of a child, and come before those of the client', async () => {
    const { statsd, sent } = makeClient({ tags: { a: 'client', e: 'client' } });
    const child = statsd.child({ prefix: 'shop', tags: { b: 'child', d: 'child' } });
    statsd.withRequestTags({ a: 'request', b: 'request', c: 'request', d: 'request' }, () => {
      child.increment('x', { tags: { d: 'call', c: 'call' } });
      statsd.increment('x');
    });
    expect(metricsOf(await sent())).to.deep.equal([
      'shop.x:1|c|#c:call,d:call,b:child,a:request,e:client',
      'x:1|c|#a:request,b:request,c:request,d:request,e:client',
    ]);
  });

  it('can be set late, replaced and taken away; an inner request leaves the outer one alone', async () => {
    const recorded = makeClient();
    const { statsd } = recorded;
    await statsd.withRequestTags({ tenant: 'acme' }, async () => {
      await turn();
      statsd.setRequestTags({ plan: 'pro' });
      statsd.increment('late');
      expect(statsd.requestTags()).to.deep.equal({ plan: 'pro', tenant: 'acme' });
      statsd.withRequestTags({ plan: 'free', job: 'mail' }, () => {
        statsd.increment('inner');
        statsd.setRequestTags({ more: true });
      });
      statsd.setRequestTags({ plan: 'team', tenant: undefined });
      statsd.increment('replaced');
      statsd.setRequestTags({ plan: null });
      statsd.increment('none');
    });
    expect(statsd.requestTags()).to.deep.equal({});
    expect(await recorded.counts()).to.deep.equal({
      'counter late pro acme': 1,
      'counter inner mail free acme': 1,
      'counter replaced team': 1,
      'counter none': 1,
    });
  });

  it('are one metric however they were set', async () => {
    const { statsd, sent } = makeClient();
    statsd.withRequestTags({ a: 1, b: '2' }, () => statsd.increment('x'));
    statsd.withRequestTags({ b: 2 }, () => {
      statsd.setRequestTags({ a: '1' });
      statsd.increment('x');
    });
    expect(await sent()).to.deep.equal(['x:2|c|#a:1,b:2']);
  });

  it('are on calls of clients and methods that were there before the first request', async () => {
    const recorded = makeClient();
    const { statsd } = recorded;
    const { increment, timing } = statsd;
    const child = statsd.child({ prefix: 'child' });
    increment('known');
    increment('known', { tags: { a: 1 } });
    child.increment('known');
    await recorded.counts();
    statsd.withRequestTags({ tenant: 'acme' }, () => {
      increment('known');
      increment('known', { tags: { a: 1 } });
      timing('new', 1);
      child.increment('known');
      child.child({ prefix: 'grand' }).increment('child');
    });
    increment('known');
    expect(await recorded.counts()).to.deep.equal({
      'counter known acme': 1,
      'counter known 1 acme': 1,
      'timer new acme': 1,
      'counter child.known acme': 1,
      'counter child.grand.child acme': 1,
      'counter known': 1,
    });
  });

  it('are not on metrics that are held, and not on gauges that are read', async () => {
    const recorded = makeClient();
    const { statsd } = recorded;
    const before = statsd.createCounter('held');
    await statsd.withRequestTags({ tenant: 'acme' }, async () => {
      before.increment();
      statsd.createTimer('timer', { tags: { a: 1 } }).record(1);
      statsd.createTimer('timer').start()({ b: 2 });
      statsd.gauge('read', () => 3);
      await turn();
    });
    expect(await recorded.counts()).to.deep.equal({
      'counter held': 1,
      'timer timer 1': 1,
      'timer timer 2': 1,
      'gauge read': 3,
    });
  });

  it('are those of one client with its children, so that a library has none of the app', async () => {
    const app = makeClient();
    const library = makeClient();
    app.statsd.withRequestTags({ tenant: 'acme' }, () => {
      library.statsd.increment('x');
      library.statsd.withRequestTags({ own: 1 }, () => {
        library.statsd.increment('y');
        app.statsd.increment('y');
      });
    });
    expect(await library.counts()).to.deep.equal({ 'counter x': 1, 'counter y 1': 1 });
    expect(await app.counts()).to.deep.equal({ 'counter y acme': 1 });
  });

  it('are on what leaves at once, with a sample rate and as an event', async () => {
    const { statsd, memory } = makeClient({ interval: 0 });
    statsd.withRequestTags({ tenant: 'acme' }, () => {
      statsd.increment('x');
      statsd.increment('x');
      for (let calls = 0; calls < 200; calls++) statsd.increment('y', 0.5);
    });
    const tags = new Set(memory.metrics.map((metric) => JSON.stringify(metric.tags)));
    expect([...tags]).to.deep.equal(['[["tenant","acme"]]']);
  });

  it('go on with work that outlives the request, and not with work from outside', async () => {
    const recorded = makeClient();
    const { statsd } = recorded;
    let outlives: Promise<void> | undefined;
    statsd.withRequestTags({ tenant: 'acme' }, () => {
      outlives = sleep(1).then(() => statsd.increment('late'));
    });
    await outlives;
    expect(await recorded.counts()).to.deep.equal({ 'counter late acme': 1 });
  });

  it('end with a function that throws, and its error is thrown', () => {
    const { statsd } = makeClient();
    const error = new Error('of the app');
    const fails = (): never => {
      throw error;
    };
    expect(() => statsd.withRequestTags({ a: 1 }, fails)).to.throw(error);
    expect(statsd.requestTags()).to.deep.equal({});
  });

  it('that can be none are left out, which is said, and the work is done', async () => {
    const recorded = makeClient();
    const { statsd, log } = recorded;
    const throwing = Object.defineProperty({}, 'a', {
      enumerable: true,
      get: () => {
        throw new Error('of the app');
      },
    });
    const bad = [undefined, null, 'text', new Map(), { a: {} }, { '': 1 }, { a: NaN }, throwing];
    for (const tags of bad as unknown as Tags[]) {
      statsd.withRequestTags(tags, () => statsd.increment('done'));
    }
    statsd.withRequestTags({ ok: 1, bad: {} } as unknown as Tags, () => statsd.increment('done'));
    expect(await recorded.counts()).to.deep.equal({ 'counter done': bad.length, 'counter done 1': 1 });
    expect(statsd.stats().rejected).to.equal(0);
    expect(log.warnings).to.deep.equal([
      'afstatsd: tags of a request: they are an object, not undefined; the request goes on without (said once)',
    ]);
  });

  it('set outside of a request do nothing, which is said once', async () => {
    const recorded = makeClient();
    const { statsd, log } = recorded;
    statsd.setRequestTags({ a: 1 });
    statsd.setRequestTags({ a: 2 });
    statsd.increment('x');
    expect(await recorded.counts()).to.deep.equal({ 'counter x': 1 });
    expect(log.warnings).to.deep.equal([
      'afstatsd: setRequestTags was called outside of a request, where it does nothing (said once)',
    ]);
  });

  it('have 200 bytes together: one that does not fit is left out, and nothing is refused by it', async () => {
    const recorded = makeClient();
    const { statsd, log } = recorded;
    statsd.withRequestTags({ tenant: 'x'.repeat(4000), plan: 'pro', ü: 'ü'.repeat(95) }, () => {
      statsd.increment('x');
      statsd.setRequestTags({ plan: 'p'.repeat(4) });
      statsd.setRequestTags({ plan: 'p'.repeat(5) });
      expect(statsd.requestTags()).to.deep.equal({ plan: 'pppp', ü: 'ü'.repeat(95) });
    });
    expect(await recorded.counts()).to.deep.equal({ [`counter x pro ${'ü'.repeat(95)}`]: 1 });
    expect(log.warnings).to.have.length(1);
    expect(log.warnings[0]).to.include('tag "tenant" doesn\'t fit: they have 200 bytes together');
  });

  it('of many values are bounded by maxMetrics, and a warning names the tag', async () => {
    const { statsd, log } = makeClient({ maxMetrics: 400 });
    for (let tenant = 0; tenant < 3000; tenant++) {
      statsd.withRequestTags({ tenant: `t${tenant}` }, () => statsd.increment('orders'));
    }
    expect(statsd.stats().metrics).to.equal(400);
    expect(statsd.stats().dropped.cardinality).to.equal(2600);
    expect(log.warnings.join('\n'))
      .to.include('metric "orders" has 101 combinations of tags')
      .and.include('its tag "tenant" has 101 values')
      .and.include('request-tags.test');
  });

  it('go by rules, which can bound their values', async () => {
    const recorded = makeClient({ rules: [{ match: 'orders', limit: { tenant: 2 } }] });
    const { statsd } = recorded;
    for (const tenant of ['a', 'b', 'c', 'd', 'a']) {
      statsd.withRequestTags({ tenant }, () => statsd.increment('orders'));
    }
    expect(await recorded.counts()).to.deep.equal({
      'counter orders a': 2,
      'counter orders b': 1,
      'counter orders other': 2,
    });
  });

  it('survive rules that come later', async () => {
    const recorded = makeClient();
    const { statsd } = recorded;
    const call = (): void => statsd.withRequestTags({ tenant: 'acme' }, () => statsd.increment('x'));
    call();
    expect(await recorded.counts()).to.deep.equal({ 'counter x acme': 1 });
    statsd.configure({ rules: [{ match: 'x', rename: 'y' }] });
    call();
    expect(await recorded.counts()).to.deep.equal({ 'counter y acme': 1 });
  });

  it('stay in their thread: a worker has those that it is given', async () => {
    const core = JSON.stringify(require.resolve('../../src/index.js'));
    const code = `
      const { parentPort, workerData } = require('node:worker_threads');
      const { StatsdClient, MemoryTransport } = require(${core});
      const memory = new MemoryTransport();
      const statsd = new StatsdClient({ transport: memory, service: false });
      statsd.increment('before');
      statsd.withRequestTags(workerData, () => statsd.increment('after'));
      statsd.flush().then(() => parentPort.postMessage(memory.messages));
    `;
    const { statsd } = makeClient();
    await statsd.withRequestTags({ tenant: 'acme' }, async () => {
      const worker = new Worker(code, { eval: true, workerData: statsd.requestTags() });
      const [messages] = (await once(worker, 'message')) as [string[]];
      await worker.terminate();
      expect(messages.join('\n').split('\n').sort()).to.deep.equal(['after:1|c|#tenant:acme', 'before:1|c']);
    });
  });

  it('hold no client that is gone, before and after the first request', async () => {
    const { statsd } = makeClient();
    const children = (): WeakRef<StatsdClient>[] =>
      Array.from({ length: 200 }, (_, at) => new WeakRef(statsd.child({ prefix: `c${at}` })));
    const before = children();
    const use = ({ length }: { length: number }): void => {
      for (let at = 0; at < length; at++) {
        statsd.child({ tags: { at } }).withRequestTags({ a: 1 }, () => statsd.increment('x'));
      }
    };
    use(before);
    const after = children();
    for (const child of after) statsd.withRequestTags({ a: 1 }, () => child.deref()?.increment('x'));
    await until('the children are gone', () => {
      usedMemory(); // collects garbage
      return [...before, ...after].every((child) => child.deref() === undefined);
    });
  });

  it('are forgotten with their metrics: many tenants take no more memory than metrics may', async () => {
    const { statsd } = makeClient({ maxMetrics: 100, transport: 'null:' });
    let tenant = 0;
    const requests = async (count: number): Promise<void> => {
      for (let request = 0; request < count; request++) {
        statsd.withRequestTags({ tenant: `tenant-${tenant++}` }, () => {
          for (let name = 0; name < 10; name++) statsd.increment(`name${name}`);
        });
        if (request % 10 === 0) statsd.forget(() => true); // as ten idle rounds would
      }
      await turn();
    };
    await requests(3000);
    const before = usedMemory();
    await requests(10_000);
    expect(usedMemory() - before).to.be.below(3_000_000); // without bounds they are 50 MB
  });
});
