import { readFile } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import { type Recorded, useClients } from '@afstatsd/testing';
import { expect } from 'chai';
import { BLOCKED } from '../../src/client/timed-function.js';
import type { TimeOptions } from '../../src/index.js';

const blocking = { blocking: true };

/** Holds the event loop for at least so long, and returns how long it was. */
function hold(ms: number): number {
  const begin = performance.now();
  while (performance.now() < begin + ms);
  return performance.now() - begin;
}

describe('the part of a call that holds the event loop', () => {
  const makeClient = useClients();
  let recorded: Recorded;
  beforeEach(() => (recorded = makeClient()));

  /** The values of a timer since it was last asked, in ms. */
  const values = async (name: string): Promise<readonly number[]> => {
    await recorded.statsd.flush();
    return recorded.memory.find(name).flatMap((metric) => ('values' in metric ? metric.values : []));
  };
  const time = <F extends (...args: never) => unknown>(
    fn: F,
    options: TimeOptions = blocking,
    name = 'call',
  ): F => recorded.statsd.time(name, fn, options);

  /** Of a single call: as long as its code ran, and never longer than the call. */
  async function expectHeld(own: number): Promise<void> {
    const [[ms], [blockedMs]] = [await values('call'), await values('call.blocked')];
    expect(blockedMs).to.be.at.least(own);
    expect(blockedMs).to.be.at.most(ms!);
  }

  it('is a timer beside that of the call', async () => {
    expect(BLOCKED).to.equal('.blocked');
    const call = time(async () => 'result', { blocking: true, tags: { a: 1 } });
    expect(await call()).to.equal('result');
    expect(await recorded.counts()).to.deep.equal({ 'timer call 1': 1, 'timer call.blocked 1': 1 });
  });

  it('is left out unless it is asked for', async () => {
    for (const options of [undefined, {}, { blocking: false }, { blocking: 'yes' as never }, 1]) {
      await recorded.statsd.time('call', async () => {}, options)();
    }
    expect(await recorded.counts()).to.deep.equal({ 'timer call': 5 });
  });

  const cases: Readonly<Record<string, (burn: () => void) => unknown>> = {
    'before the first await': async (burn) => burn(),
    'of a function that returns no promise': (burn) => burn(),
    'after an await': async (burn) => {
      await sleep(1);
      burn();
    },
    'in a timer': (burn) => new Promise<void>((resolve) => setTimeout(() => resolve(burn()), 1)),
    'in a callback of the file system': (burn) =>
      new Promise<void>((resolve) => readFile(__filename, () => resolve(burn()))),
    'in a microtask of a tick': (burn) =>
      new Promise<void>((resolve) => process.nextTick(() => queueMicrotask(() => resolve(burn())))),
    'in a function that it awaits': async (burn) => {
      await (async () => {
        await turn();
        burn();
      })();
    },
  };
  for (const [where, fn] of Object.entries(cases)) {
    it(`counts ${where}`, async () => {
      let own = 0;
      await time(async () => fn(() => (own += hold(10))))();
      await expectHeld(own);
    });
  }

  it('leaves out what others do while the call waits', async () => {
    let others = 0;
    const other = async (): Promise<void> => {
      for (let i = 0; i < 5; i++) {
        others += hold(10);
        await turn();
      }
    };
    const call = time(async (work: Promise<void>) => {
      await work;
      hold(5);
    });
    // Its first part is over before the call begins, and doesn't lie within it.
    const work = other();
    const before = others;
    await call(work);
    const [[ms], [blockedMs]] = [await values('call'), await values('call.blocked')];
    expect(blockedMs).to.be.at.least(5);
    // All are parts of the call's time, and none is in two of them.
    expect(blockedMs! + (others - before)).to.be.at.most(ms!);
  });

  it('keeps calls apart that are under way at once', async () => {
    const call = time(async () => {
      for (let i = 0; i < 3; i++) {
        hold(1);
        await turn();
      }
    });
    const begin = performance.now();
    await Promise.all(Array.from({ length: 20 }, call));
    const all = performance.now() - begin;
    const held = await values('call.blocked');
    expect(held).to.have.length(20);
    for (const ms of held) expect(ms).to.be.at.least(3);
    expect(held.reduce((sum, ms) => sum + ms, 0)).to.be.at.most(all);
  });

  it('of a call within another is that of both', async () => {
    const inner = time(
      async () => {
        hold(5);
        await sleep(1);
        hold(5);
      },
      blocking,
      'inner',
    );
    let own = 0;
    await time(async () => {
      own += hold(5);
      await inner();
      await inner();
    })();
    const inside = await values('inner.blocked');
    expect(inside).to.have.length(2);
    for (const ms of inside) expect(ms).to.be.at.least(10);
    await expectHeld(own + inside[0]! + inside[1]!);
  });

  it('ends with the call, and goes on for the one around it', async () => {
    let left = Promise.resolve();
    let own = 0;
    const inner = time(
      async () => {
        left = sleep(1).then(() => void (own += hold(10)));
      },
      blocking,
      'inner',
    );
    await time(async () => {
      await inner();
      await left;
    })();
    const [[ms], [blockedMs]] = [await values('inner'), await values('inner.blocked')];
    expect(blockedMs).to.be.at.most(ms!);
    await expectHeld(own);
  });

  it('is recorded of a call that fails, with the tags of its outcome', async () => {
    const error = new Error('on purpose');
    const options = { blocking: true, outcomeTags: ({ outcome }: { outcome: string }) => ({ outcome }) };
    const fails = time(async () => {
      hold(2);
      throw error;
    }, options);
    const throws = time(() => {
      throw error;
    }, options);
    await fails().then(expect.fail, (thrown: unknown) => expect(thrown).to.equal(error));
    expect(throws).to.throw(error);
    expect(await recorded.counts()).to.deep.equal({
      'timer call failure': 2,
      'timer call.blocked failure': 2,
    });
  });

  it('counts the steps of a generator, and not the code between', async () => {
    let [own, between] = [0, 0];
    const call = time(function* () {
      own += hold(5);
      yield 1;
      own += hold(5);
    });
    for (const step of call()) between += hold(5 * step);
    const [[ms], [blockedMs]] = [await values('call'), await values('call.blocked')];
    expect(blockedMs).to.be.at.least(own);
    expect(blockedMs! + between).to.be.at.most(ms!);
  });

  it('counts the steps of an async generator, and not the code between', async () => {
    let [own, between] = [0, 0];
    const call = time(async function* () {
      own += hold(5);
      yield 1;
      await sleep(1);
      own += hold(5);
    });
    for await (const step of call()) between += hold(5 * step);
    const [[ms], [blockedMs]] = [await values('call'), await values('call.blocked')];
    expect(blockedMs).to.be.at.least(own);
    expect(blockedMs! + between).to.be.at.most(ms!);
  });

  it('counts the work of a thenable that begins when it is awaited', async () => {
    let own = 0;
    const query = {
      then(resolve: (value: string) => void): void {
        setTimeout(() => {
          own += hold(5);
          resolve('rows');
        }, 1);
      },
    };
    expect(await time(() => query)()).to.equal('rows');
    await expectHeld(own);
  });

  it('is recorded under each of several names', async () => {
    recorded.statsd.time(['a', 'b'], () => {}, blocking)();
    expect(await recorded.counts()).to.deep.equal({
      'timer a': 1,
      'timer b': 1,
      'timer a.blocked': 1,
      'timer b.blocked': 1,
    });
  });
});
