// What can befall a collector, while clients are at work: what they have recorded, what their ledgers say and what its console has
// shown are the same.
import { setTimeout as delay } from 'node:timers/promises';
import { LONG, itLong, until } from '@afstatsd/testing';
import { expect } from 'chai';
import { takeStock } from './stock.mjs';
import { expectAnswers, stopped, useCollectorStage } from './stage.mjs';

const RELOADS = 40;
/** How long a fault lasts, in ms. */
const FAULT_MS = LONG ? 3_000 : 500;

/** A second collector waits for up to 10 s, in case the first one is about to end. In ms. */
const REFUSED_MS = 30_000;
/** What two clients record in 2 s: the interval of the console is 50 ms, and a busy machine adds to it. */
const MOST_IN_HANDS = 2 * 20 * 2_000;

describe('faults: a collector', () => {
  const at = useCollectorStage();

  /** Has something come in before a fault, and after it. */
  async function flows(collector) {
    const before = collector.shown;
    await until('more has come in', () => collector.shown > before);
  }

  /** Asserts that these collectors have shown all that the clients have recorded, but for what is known to be lost. */
  async function expectExact(clients, collectors, lost = 0) {
    const calls = await Promise.all(clients.map(stopped));
    expect(await collectors.at(-1).kill('SIGTERM')).to.equal(0);
    const sum = (numbers) => numbers.reduce((sum, number) => sum + number, 0);
    const shown = sum(collectors.map((collector) => collector.shown));
    expect(Math.round(shown + lost)).to.equal(sum(calls));
  }

  it('that comes late has everything', async () => {
    const place = await at.place();
    const clients = [at.client(place), at.client(place)];
    await delay(FAULT_MS);
    const collector = await at.collector(place).ready();
    await flows(collector);
    await expectExact(clients, [collector]);
  });

  it('that is away for a while has everything', async () => {
    const place = await at.place();
    const clients = [at.client(place), at.client(place)];
    const first = await at.collector(place).ready();
    await flows(first);
    expect(await first.kill('SIGTERM')).to.equal(0);
    await delay(FAULT_MS);
    const second = await at.collector(place).ready();
    await flows(second);
    await expectExact(clients, [first, second]);
  });

  it('that stands still for a while has everything', async () => {
    const place = await at.place();
    const clients = [at.client(place), at.client(place)];
    const collector = await at.collector(place).ready();
    await flows(collector);
    await collector.freeze();
    await delay(FAULT_MS);
    collector.thaw();
    await flows(collector);
    await expectExact(clients, [collector]);
  });

  it('that is killed loses what it had in its hands, and no more', async () => {
    const place = await at.place();
    const clients = [at.client(place), at.client(place)];
    const first = await at.collector(place).ready();
    await flows(first);
    await first.freeze();
    const { sent, waiting } = await takeStock(place, clients);
    const inHands = sent - waiting - first.shown;
    await first.kill('SIGKILL');
    const second = await at.collector(place).ready();
    for (const client of clients) client.child.send('go on');
    await flows(second);
    expect(Math.round(inHands)).to.be.within(0, MOST_IN_HANDS);
    await expectExact(clients, [first, second], waiting + inHands);
  });

  it('that is reloaded forty times has everything, and answers', async () => {
    const place = await at.place();
    const clients = [at.client(place), at.client(place)];
    const collector = await at.collector(place).ready();
    await flows(collector);
    for (let i = 0; i < RELOADS; i++) {
      collector.child.kill('SIGHUP');
      await delay(5 * (i % 3)); // some come before the one before is done
    }
    await collector.printed('the configuration was read again');
    await flows(collector);
    await expectAnswers(place);
    await expectExact(clients, [collector]);
  });

  // The second one waits for 10 s; the tests of the collector's lock have a short form.
  itLong('that finds another one at its queue leaves it alone, and names its process', async () => {
    const place = await at.place();
    const clients = [at.client(place)];
    const first = await at.collector(place).ready();
    await flows(first);
    const { queue } = place;
    const second = at.collector({ ...(await at.place()), queue });
    await until('the second one has ended', () => !second.isRunning, REFUSED_MS);
    expect(await second.exit(), second.stderr).to.equal(1);
    expect(second.stderr).to.include(String(first.child.pid));
    await expectExact(clients, [second, first]);
  });

  for (const [port, how] of [
    ['prometheus', 'TCP'],
    ['udp', 'UDP'],
  ]) {
    it(`whose ${how} port is taken says so, and ends with 1, and the queue keeps its messages`, async () => {
      const place = await at.place();
      const other = await at.place();
      await at.collector({ ...other, [port]: place[port] }).ready();
      const clients = [at.client(place)];
      const late = at.collector(place);
      expect(await late.exit(), late.stderr).to.equal(1);
      expect(late.stderr).to.include(String(place[port]));
      const collector = await at.collector({ ...place, [port]: (await at.place())[port] }).ready();
      await flows(collector);
      await expectExact(clients, [late, collector]);
    });
  }
});
