import { until } from '@afstatsd/testing';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { Log } from '../../src/log.js';
import { ACCEPTED, type Outcome } from '../../src/store/outcome.js';
import { RetryDelay } from '../../src/store/retry-delay.js';
import { Sender } from '../../src/store/sender.js';

const FAILED: Outcome = { state: 'failed', why: 'away' };

/** A sender whose store answers what the test says, and its log. */
function setUp(answer: (body: string, signal: AbortSignal) => Outcome | Promise<Outcome>, maxBytes = 1000) {
  const lines: string[] = [];
  const tried: string[] = [];
  const sender = new Sender({
    name: 'store',
    maxBytes,
    log: new Log((line) => lines.push(line.replace('afstatsd-collector: ', ''))),
    random: () => 0,
    async send(body, signal) {
      tried.push(String(body));
      return answer(String(body), signal);
    },
  });
  const add = (text: string, samples = 1): void => sender.add({ body: Buffer.from(text), samples });
  return { sender, lines, tried, add };
}

describe('a sender to a store', () => {
  it('sends one after another, in their order', async () => {
    let underWay = 0;
    const { sender, tried, add } = setUp(async () => {
      expect(++underWay).to.equal(1);
      await Promise.resolve();
      underWay--;
      return ACCEPTED;
    });
    for (const text of ['a', 'b', 'c']) add(text, 2);
    await sender.idle;
    expect(tried).to.deep.equal(['a', 'b', 'c']);
    expect(sender.counts).to.deep.equal({ sent: 6, refused: 0, buffer: 0, ended: 0 });
    expect(sender.waitingBytes).to.equal(0);
  });

  it('sends a parcel that comes in the moment in which the one before has left', async () => {
    const { sender, tried, add } = setUp(() => ACCEPTED);
    for (let round = 1; round <= 12; round++) {
      add(`${round} a`);
      for (let turns = 0; turns < round; turns++) await Promise.resolve();
      add(`${round} b`);
      await sender.idle;
      expect(tried).to.have.length(2 * round);
    }
  });

  it('tries again until it goes, and says once that it fails, and once that it works', async () => {
    let left = 2;
    const { sender, lines, tried, add } = setUp(() => (left-- > 0 ? FAILED : ACCEPTED));
    add('a');
    add('b');
    await sender.idle;
    expect(tried).to.deep.equal(['a', 'a', 'a', 'b']);
    expect(sender.errors).to.equal(2);
    expect(lines).to.deep.equal([
      'warning: store fails: away; it is tried again, and up to 1000 bytes wait (--max-buffer)',
      'store works again',
    ]);
  });

  it('takes a rejection for a failure', async () => {
    let left = 1;
    const { sender, lines, add } = setUp(() => {
      if (left-- > 0) throw new Error('broken');
      return ACCEPTED;
    });
    add('a');
    await sender.idle;
    expect(sender.counts.sent).to.equal(1);
    expect(lines[0]).to.include('store fails: broken');
  });

  it('gives up the oldest when too many bytes wait, and never the one that is being sent', async () => {
    let isAway = true;
    const { sender, lines, tried, add } = setUp(() => (isAway ? FAILED : ACCEPTED), 10);
    add('aaaa', 1);
    await until('it has been tried', () => sender.errors > 0);
    for (const [text, samples] of [
      ['bbbb', 2],
      ['cccc', 4],
      ['dddd', 8],
    ] as const)
      add(text, samples);
    expect(sender.waitingBytes).to.equal(8);
    expect(sender.counts.buffer).to.equal(2 + 4);
    expect(lines.filter((line) => line.includes('10 bytes wait'))).to.have.length(2);
    isAway = false;
    await sender.idle;
    expect(tried.slice(-2)).to.deep.equal(['aaaa', 'dddd']);
    expect(sender.counts).to.include({ sent: 9, buffer: 6 });
  });

  it('lets go of a batch that the store refuses, says so, and goes on', async () => {
    const { sender, lines, add } = setUp((body) =>
      body === 'bad' ? { state: 'refused', why: '400 unable to parse' } : ACCEPTED,
    );
    add('bad', 3);
    add('good', 4);
    await sender.idle;
    expect(sender.counts).to.include({ sent: 4, refused: 3 });
    expect(lines).to.deep.equal([
      'warning: store: the store refuses a batch, which is lost: 400 unable to parse',
    ]);
  });

  it('tries a last time at its end, without the wait between tries', async () => {
    let isAway = true;
    const { sender, add } = setUp(() => (isAway ? { ...FAILED, after: 60_000 } : ACCEPTED));
    add('a', 3);
    await until('it has failed', () => sender.errors > 0);
    isAway = false;
    await sender.end(50_000);
    expect(sender.counts).to.include({ sent: 3, ended: 0 });
  });

  it('ends with what a store that is away has not taken, counts it and says so', async () => {
    const { sender, lines, add } = setUp(() => FAILED);
    add('a', 3);
    add('b', 4);
    await sender.end(5000);
    expect(sender.counts).to.include({ sent: 0, ended: 7 });
    expect(sender.waitingBytes).to.equal(0);
    expect(lines.at(-1)).to.include('the store has not taken the last 2 batches: they are lost');
  });

  it('ends in time where the store does not answer', async () => {
    const { sender, add } = setUp(
      (_, signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(new Error('aborted')));
        }),
    );
    add('a', 3);
    await sender.end(50);
    expect(sender.counts.ended).to.equal(3);
  });
});

describe('the delay between tries', () => {
  it('doubles up to a minute, varies by half, and begins again', () => {
    let chance = 1;
    const delay = new RetryDelay(() => chance);
    const doubling = [1, 2, 4, 8, 16, 32, 60, 60].map((seconds) => seconds * 1000);
    expect(doubling.map(() => delay.next())).to.deep.equal(doubling);
    delay.reset();
    chance = 0;
    expect([delay.next(), delay.next()]).to.deep.equal([500, 1000]);
  });

  it('is what the store asks for, but a minute at most', () => {
    const delay = new RetryDelay(() => 1);
    expect(delay.next(30_000)).to.equal(30_000);
    expect(delay.next(3_600_000)).to.equal(60_000);
  });
});
