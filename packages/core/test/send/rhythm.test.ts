import { type LogLines, until } from '@afstatsd/testing';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { type Channel, MemoryTransport, type StatsdClient, type StatsdOptions } from '../../src/index.js';
import { FakeTime } from '../support/fake-time.js';
import { seeded } from '../support/seeded.js';
import { useSurroundedClients } from '../support/surrounded-clients.js';

/** Notes when something leaves, wants what it is told, and may be away. */
class TimedTransport extends MemoryTransport {
  readonly times: number[] = [];
  wanted: number | undefined;
  looks = 0;
  isThere = true;
  readonly #time: FakeTime;

  constructor(time: FakeTime) {
    super();
    this.#time = time;
  }

  override open(): Channel {
    return this.isThere ? super.open() : (undefined as never);
  }

  interval(): number | undefined {
    this.looks++;
    return this.wanted;
  }

  override offer(...offered: Parameters<MemoryTransport['offer']>): ReturnType<MemoryTransport['offer']> {
    this.times.push(Math.round(this.#time.now));
    return super.offer(...offered);
  }

  override stats(): ReturnType<MemoryTransport['stats']> {
    return this.isThere ? super.stats() : { ...super.stats(), state: 'unavailable', detail: 'nobody' };
  }
}

interface Scene {
  readonly time: FakeTime;
  readonly transport: TimedTransport;
  readonly statsd: StatsdClient;
  readonly log: LogLines;
  /** Lets so many ms pass, with a sample before each 100 of them. */
  readonly busy: (ms: number) => Promise<void>;
}

/** To be called in a `describe`. @returns what makes a client with the default interval, or the given options, at time 0. */
function useScene(): (options?: StatsdOptions) => Scene {
  const makeClient = useSurroundedClients();
  return (options = {}) => {
    const time = new FakeTime();
    const transport = new TimedTransport(time);
    const all = { interval: undefined, transport, ...options } as StatsdOptions;
    const { statsd, log } = makeClient(all, time.surroundings);
    const busy = async (ms: number): Promise<void> => {
      for (let passed = 0; passed < ms; passed += 100) {
        statsd.increment('hits');
        await time.pass(100);
      }
    };
    return { time, transport, statsd, log, busy };
  };
}

describe('the first flush', () => {
  const scene = useScene();

  for (const [what, options, first] of [
    ['by default', {}, 1_000],
    ['with a longer interval of the app', { interval: 60_000 }, 1_000],
    ['with a shorter one, which is then the time', { interval: 300 }, 300],
  ] as const) {
    it(`comes a second after the first sample ${what}`, async () => {
      const { time, transport, statsd } = scene(options);
      await time.pass(5_000);
      expect(transport.looks).to.equal(0);
      statsd.increment('hits');
      await time.pass(2_000);
      expect(transport.times).to.deep.equal([5_000 + first]);
    });
  }

  it('is on time though the program was busy when it was due', async () => {
    const { time, transport, statsd } = scene();
    statsd.increment('hits');
    time.now = 1_700; // without a turn of the event loop
    await time.pass(10);
    expect(transport.times).to.deep.equal([1_700]);
  });

  it('never comes by itself where the interval is Infinity, nor does anything else', async () => {
    const { time, transport, statsd, log } = scene({ interval: Infinity });
    statsd.increment('hits');
    statsd.gauge('size', () => 1);
    await time.pass(3_600_000);
    expect(transport.times).to.deep.equal([]);
    expect(time.timers).to.equal(0);
    statsd.configure({ interval: 2_000 });
    await time.pass(2_100);
    expect(transport.times).to.have.lengthOf(1);
    expect(log.warnings).to.deep.equal([]);
  });
});

describe('later flushes', () => {
  const scene = useScene();

  it('come at the interval, the first one cut short at random, so that processes do not flush in step', async () => {
    const seen: number[][] = [];
    for (const random of [0.25, 0.75]) {
      const { time, transport, busy } = scene();
      time.random = random;
      await busy(60_000);
      seen.push(transport.times);
    }
    expect(seen).to.deep.equal([
      [1_000, 6_000, 26_000, 46_000],
      [1_000, 16_000, 36_000, 56_000],
    ]);
  });

  it('lie on a grid, however late timers are: none too many and none too few in ten minutes', async () => {
    const { time, transport, busy } = scene({ interval: 1_000 });
    time.late = 7;
    time.random = 0.5;
    await busy(600_000);
    expect(transport.times).to.have.lengthOf(600);
    const phases = new Set(transport.times.slice(1).map((at) => at % 1_000));
    expect(Math.max(...phases) - Math.min(...phases)).to.be.at.most(10);
  });

  it('have no timer while nothing waits, but for the sweep of idle metrics', async () => {
    const { time, statsd } = scene({ interval: 1_000 });
    statsd.increment('hits');
    await time.pass(5_000);
    expect(time.timers).to.equal(1);
    statsd.increment('hits');
    expect(time.timers).to.equal(2);
    await time.pass(5_000);
    expect(time.timers).to.equal(1);
    await statsd.shutdown();
    expect(time.timers).to.equal(0);
  });

  it('are on the same grid after a pause', async () => {
    const { time, transport, statsd } = scene({ interval: 10_000 });
    time.random = 0.3;
    statsd.increment('hits');
    await time.pass(12_345); // at 1,000 and, with nothing to send, at 4,000; 14,000 …
    statsd.increment('hits');
    await time.pass(100_000);
    statsd.increment('hits');
    await time.pass(10_000);
    expect(transport.times).to.deep.equal([1_000, 14_000, 114_000]);
  });

  it('come a whole interval after the app has changed it', async () => {
    const { time, transport, statsd, busy } = scene({ interval: 20_000 });
    await busy(3_000);
    statsd.configure({ interval: 5_000 });
    await busy(13_000);
    expect(transport.times).to.deep.equal([1_000, 1_001, 8_000, 13_000]);
    expect(time.now).to.equal(16_000);
  });
});

describe('an interval that the receiver wants', () => {
  const scene = useScene();

  it('is kept from the first flush on', async () => {
    const { time, transport, busy } = scene();
    transport.wanted = 5_000;
    time.random = 0.5;
    await busy(20_000);
    expect(transport.times).to.deep.equal([1_000, 3_500, 8_500, 13_500, 18_500]);
  });

  it('is heard within a second, if it is shorter', async () => {
    const { time, transport, busy } = scene();
    time.random = 0.5;
    await busy(30_050);
    expect(transport.times).to.deep.equal([1_000, 11_000]);
    transport.wanted = 1_000;
    await busy(3_000);
    const [asked, next, afterwards] = [30_100, ...transport.times.slice(2)] as [number, number, number];
    expect(next - asked).to.be.within(0, 1_000);
    expect(afterwards - next).to.be.within(1, 1_000);
  });

  it('is heard at the first sample after a pause', async () => {
    const { time, transport, statsd } = scene();
    statsd.increment('hits');
    await time.pass(42_000);
    const { looks } = transport;
    await time.pass(1_000);
    expect(transport.looks).to.equal(looks); // nothing waits, so nobody looks
    transport.wanted = 1_000;
    statsd.increment('hits');
    await time.pass(1_100);
    expect(transport.times).to.have.lengthOf(2);
  });

  it('is looked at each second while something waits, and not more often', async () => {
    const { transport, busy } = scene();
    await busy(100_000);
    expect(transport.looks).to.be.within(95, 115);
  });

  it('that becomes longer is cut short at random once, so that clients that heard it together do not flush in step', async () => {
    const seen: number[][] = [];
    for (const random of [0.1, 0.9]) {
      const { time, transport, busy } = scene();
      transport.wanted = 1_000;
      await busy(10_000);
      const before = transport.times.length;
      time.random = random;
      transport.wanted = 20_000;
      await busy(60_000);
      seen.push(transport.times.slice(before));
    }
    const gaps = seen.map((times) => times.map((at, i) => at - (times[i - 1] ?? 10_000)));
    expect(gaps[0]![0]!).to.be.within(2_000, 4_000);
    expect(gaps[1]![0]!).to.be.within(17_000, 20_000);
    for (const [, ...later] of gaps) for (const gap of later) expect(gap).to.be.closeTo(20_000, 2);
  });

  it('gives way to the default once it is not wanted any more', async () => {
    const { time, transport, busy } = scene();
    transport.wanted = 1_000;
    await busy(10_000);
    const before = transport.times.length;
    time.random = 1;
    transport.wanted = undefined;
    await busy(60_000);
    expect(transport.times.length - before).to.equal(3);
  });

  it('does not count where the app has set one', async () => {
    const { time, transport, busy } = scene({ interval: 10_000 });
    time.random = 1;
    transport.wanted = 1_000;
    await busy(35_000);
    expect(transport.times).to.deep.equal([1_000, 11_000, 21_000, 31_000]);
  });

  for (const [what, wanted] of [
    ['text', '1000'],
    ['0', 0],
    ['negative', -5],
    ['NaN', NaN],
  ] as const) {
    it(`is ignored where it is ${what}`, async () => {
      const { time, transport, busy } = scene();
      time.random = 1;
      transport.wanted = wanted as number;
      await busy(45_000);
      expect(transport.times).to.deep.equal([1_000, 21_000, 41_000]);
    });
  }

  it('is not known where asking for it throws, which is said once', async () => {
    const { time, transport, log, busy } = scene();
    time.random = 1;
    transport.interval = () => {
      throw new Error('on purpose');
    };
    await busy(25_000);
    expect(transport.times).to.deep.equal([1_000, 21_000]);
    expect(log.warnings).to.have.lengthOf(1);
    expect(log.warnings[0]).to.include('on purpose');
  });
});

describe('that nobody is there', () => {
  const scene = useScene();

  it('is said after the second try, 5 s after the first sample, and everything stays', async () => {
    const { time, transport, statsd, log, busy } = scene();
    time.random = 0.9;
    transport.isThere = false;
    await busy(4_900);
    expect(log.warnings).to.deep.equal([]);
    await busy(200);
    expect(log.warnings).to.have.lengthOf(1);
    expect(log.warnings[0]).to.include('nobody');
    await busy(60_000);
    expect(log.warnings).to.have.lengthOf(1);
    transport.isThere = true;
    await busy(20_100);
    expect(transport.times).to.have.lengthOf(1);
    expect(statsd.stats().recorded).to.equal(statsd.stats().sent + statsd.stats().pending);
  });

  for (const random of [0, 0.1, 0.15, 0.17, 0.19, 0.1999, 0.2, 0.5, 0.999]) {
    it(`is said within the sixth second, also where the interval had a flush at ${1 + 20 * random} s`, async () => {
      const { time, transport, log, busy } = scene();
      time.random = random;
      transport.isThere = false;
      await busy(4_900);
      expect(log.warnings).to.deep.equal([]);
      await busy(1_200);
      expect(log.warnings).to.have.lengthOf(1);
    });
  }

  it('is said then to an app with an interval of its own, too', async () => {
    for (const interval of [100, 900, 3_900, 60_000]) {
      const { time, transport, log, busy } = scene({ interval });
      time.random = 0.95;
      transport.isThere = false;
      await busy(4_900);
      expect(log.warnings).to.deep.equal([]);
      await busy(1_200);
      expect(log.warnings).to.have.lengthOf(1);
    }
  });

  it('is not said where somebody comes until then', async () => {
    const { transport, log, busy } = scene();
    transport.isThere = false;
    await busy(4_000);
    transport.isThere = true;
    await busy(2_000);
    expect(transport.times.map((at) => Math.round(at / 1_000))).to.deep.equal([5]);
    expect(log.warnings).to.deep.equal([]);
  });

  it('is said at once to somebody who flushes', async () => {
    const { transport, statsd, log } = scene();
    transport.isThere = false;
    statsd.increment('hits');
    expect(await statsd.flush()).to.deep.equal({ sent: 0, pending: 1 });
    expect(log.warnings).to.have.lengthOf(1);
  });

  it('is said at once where somebody was there before', async () => {
    const { transport, log, busy } = scene({ interval: 1_000 });
    await busy(8_000);
    transport.isThere = false;
    await busy(1_100);
    expect(log.warnings).to.have.lengthOf(1);
  });

  it('is said after 5 s where each sample is sent at once, too', async () => {
    const { transport, log, statsd, time } = scene({ interval: 0 });
    transport.isThere = false;
    statsd.increment('hits');
    expect(log.warnings).to.deep.equal([]);
    time.now = 5_000;
    await until('it is tried again', () => log.warnings.length > 0);
    expect(log.warnings).to.have.lengthOf(1);
  });
});

describe('gauge callbacks', () => {
  const scene = useScene();

  it('are read every 10 s where flushes come each second, and wake the flush by themselves', async () => {
    for (const wanted of [1_000, 2_000, 5_000]) {
      const { time, transport, statsd } = scene();
      transport.wanted = wanted;
      const reads: number[] = [];
      statsd.gauge('size', () => reads.push(time.now));
      await time.pass(61_000);
      expect(reads[0]).to.equal(1_000);
      expect(reads).to.have.lengthOf.within(6, 7);
      expect(transport.times).to.have.lengthOf(reads.length);
    }
  });

  it('are read once for each flush where that comes less often', async () => {
    const { time, transport, statsd } = scene();
    time.random = 1;
    let reads = 0;
    statsd.gauge('size', () => ++reads);
    await time.pass(101_000);
    expect(reads).to.equal(6);
    expect(transport.times).to.deep.equal([1_000, 21_000, 41_000, 61_000, 81_000, 101_000]);
  });

  it('are read at each flush that is asked for', async () => {
    const { statsd } = scene({ interval: 1_000 });
    let reads = 0;
    statsd.gauge('size', () => ++reads);
    for (let flush = 0; flush < 3; flush++) await statsd.flush();
    expect(reads).to.equal(3);
  });

  it('that come while nothing waits begin at the next flush', async () => {
    const { time, transport, statsd } = scene({ interval: 1_000 });
    statsd.increment('hits');
    await time.pass(30_000);
    let reads = 0;
    const end = statsd.gauge('size', () => ++reads);
    await time.pass(1_100);
    expect(reads).to.equal(1);
    expect(transport.times).to.have.lengthOf(2);
    end();
    await time.pass(60_000);
    expect(reads).to.equal(1);
    expect(time.timers).to.equal(1);
  });
});

describe('in whatever order things happen', () => {
  const scene = useScene();
  const LONGEST_MS = 20_000;

  it('no sample waits longer than the longest interval and a second, while somebody is there', async () => {
    for (let seed = 1; seed <= 150; seed++) {
      const { time, transport, statsd } = scene();
      const random = seeded(seed);
      const one = <T>(...values: readonly T[]): T => values[Math.floor(random() * values.length)]!;
      let waitsSince: number | undefined;
      let history = '';
      for (let step = 0; step < 60; step++) {
        time.random = random();
        const what = one(
          'record',
          'record',
          'pass',
          'pass',
          'pass',
          'want',
          'go',
          'come',
          'flush',
          'configure',
        );
        history += ` ${what}`;
        if (what === 'record') statsd.increment('hits');
        else if (what === 'want') transport.wanted = one(undefined, 1_000, 3_000, 20_000);
        else if (what === 'go') transport.isThere = false;
        else if (what === 'come') transport.isThere = true;
        else if (what === 'configure') statsd.configure({ prefix: one('a', 'b') });
        else if (what === 'flush') await statsd.flush();
        const steps = what === 'pass' ? one(1, 5, 30, 120) : 1;
        for (let tenth = 0; tenth < steps; tenth++) {
          await time.pass(100);
          const waits = statsd.stats().pending > 0 && transport.isThere;
          waitsSince = waits ? (waitsSince ?? time.now) : undefined;
          if (waitsSince !== undefined) {
            expect(time.now - waitsSince, `seed ${seed}:${history}`).to.be.at.most(LONGEST_MS + 1_100);
          }
        }
      }
    }
  }).timeout(120_000);
});
