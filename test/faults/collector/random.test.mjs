// Faults that strike a collector at random, for ten minutes in the long form: in the end what clients have recorded, and what
// collectors have shown and are known to have had in their hands when they were killed, are the same.
import { setTimeout as delay } from 'node:timers/promises';
import { LONG, until } from '@afstatsd/testing';
import { expect } from 'chai';
import { FLOODS } from './floods.cjs';
import { Random } from './random.mjs';
import { takeStock } from './stock.mjs';
import { expectAnswers, stopped, useCollectorStage } from './stage.mjs';

const MINUTES = Number(process.env.AFSTATSD_FAULTS_MINUTES ?? (LONG ? 10 : 0.1));
const SEED = Number(process.env.AFSTATSD_FAULTS_SEED ?? Date.now() % 1_000_000_000);
const RUN_MS = MINUTES * 60_000;
/** The last fault, and the end, on a busy machine. In ms. */
const END_MS = 170_000;
const CLIENTS = 3;
/** What clients record in 2 s, as in `life.test.mjs`. */
const MOST_IN_HANDS = CLIENTS * 20 * 2_000;

describe(`faults: ${MINUTES} minutes of faults at random, with the seed ${SEED}`, () => {
  const at = useCollectorStage({ longestMs: RUN_MS + 2 * END_MS });

  it('lose no more than was in the hands of collectors that were killed', async function () {
    this.timeout(RUN_MS + END_MS);
    const run = new Run(at, await at.place(), new Random(SEED));
    await run.begin();
    for (const end = performance.now() + RUN_MS; performance.now() < end;) await run.strike();
    await run.end();
  });
});

/** One run: a collector after the other at one place, and clients that come and go. */
class Run {
  #at;
  #place;
  #random;
  #collector;
  #clients = [];
  #struck = {};
  /** Samples that clients which have ended had recorded. */
  #recorded = 0;
  /** Samples that collectors which have ended had shown, or that were read in their place. */
  #arrived = 0;
  /** Samples in the hands of collectors when they were killed. */
  #lost = 0;

  constructor(at, place, random) {
    this.#at = at;
    this.#place = place;
    this.#random = random;
  }

  async begin() {
    await this.#start();
    for (let i = 0; i < CLIENTS; i++) this.#clients.push(this.#at.client(this.#place));
    await this.#flows();
  }

  /** One fault, after which the collector works as before. */
  async strike() {
    const fault = this.#random.oneOf(Object.keys(this.#faults));
    this.#struck[fault] = (this.#struck[fault] ?? 0) + 1;
    await this.#faults[fault]();
    await this.#flows();
    await expectAnswers(this.#place);
  }

  async end() {
    for (const client of this.#clients) this.#recorded += await stopped(client);
    await this.#stop();
    console.log(
      `      ${this.#recorded} samples, ${Math.round(this.#lost)} of them lost with collectors that were killed`,
    );
    console.log(`      ${JSON.stringify(this.#struck)}`);
    expect(Math.round(this.#arrived + this.#lost)).to.equal(this.#recorded);
  }

  #faults = {
    'is killed': async () => {
      await this.#collector.freeze();
      const { sent, waiting } = await takeStock(this.#place, this.#clients);
      this.#arrived += waiting;
      const inHands = this.#recorded + sent - this.#lost - this.#arrived - this.#collector.shown;
      expect(Math.round(inHands), 'in its hands').to.be.within(0, MOST_IN_HANDS);
      this.#lost += inHands;
      await this.#collector.kill('SIGKILL');
      this.#arrived += this.#collector.shown;
      await this.#start();
      for (const client of this.#clients) client.child.send('go on');
    },
    'is started again': async () => {
      await this.#stop();
      await this.#start();
    },
    'is away': async () => {
      await this.#stop();
      await delay(this.#random.between(100, 3_000));
      await this.#start();
    },
    'stands still': async () => {
      await this.#collector.freeze();
      await delay(this.#random.between(100, 3_000));
      this.#collector.thaw();
    },
    'is reloaded': async () => {
      for (let left = this.#random.between(1, 40); left > 0; left--) {
        this.#collector.child.kill('SIGHUP');
        await delay(this.#random.between(0, 20));
      }
    },
    'is flooded': async () => {
      const flood = this.#at.flood(this.#place, this.#random.oneOf(Object.keys(FLOODS)));
      await flood.matched(/sent [1-9]/);
      await delay(this.#random.between(0, 1_000));
      await flood.remove();
    },
    'loses a client, and gets another': async () => {
      const at = this.#random.between(0, CLIENTS - 1);
      this.#recorded += await stopped(this.#clients[at]);
      this.#clients[at] = this.#at.client(this.#place);
    },
  };

  async #start() {
    this.#collector = await this.#at.collector(this.#place, { args: ['--max-metrics', '2000'] }).ready();
  }

  async #stop() {
    expect(await this.#collector.kill('SIGTERM'), this.#collector.stderr).to.equal(0);
    this.#arrived += this.#collector.shown;
  }

  async #flows() {
    const before = this.#collector.shown;
    await until('more has come in', () => this.#collector.shown > before);
  }
}
