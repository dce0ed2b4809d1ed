// Where a collector puts things fails: clients' numbers stay exact, and it goes on, or says why it doesn't.
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { LONG, itLong, until, useReceivers } from '@afstatsd/testing';
import { expect } from 'chai';
import { expectAnswers, page, stopped, useCollectorStage } from './stage.mjs';

const SCRAPERS = LONG ? 60 : 20;
/** Of the collector's process, in bytes: 50 MB for a start, and what a minute of floods leaves in its limits. */
const MOST_RSS = 300_000_000;
/** How often something has come in while the outputs hang. */
const LOOKS = 50;
const DESCRIPTORS = 40;

describe('faults: outputs of a collector', () => {
  const at = useCollectorStage();
  const receivers = useReceivers();

  async function flows(collector) {
    const before = collector.shown;
    await until('more has come in', () => collector.shown > before);
  }

  async function expectExact(client, collector) {
    const calls = await stopped(client);
    expect(await collector.kill('SIGTERM')).to.equal(0);
    expect(Math.round(collector.shown)).to.equal(calls);
  }

  function hold(port, request = '') {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => {}); // it is let go of
    at.later(() => socket.destroy());
    if (request !== '') socket.write(request);
    socket.pause();
    return socket;
  }

  itLong('that take nothing: an OTLP receiver that never answers, a server that never reads', async () => {
    const silent = createServer(() => {}).listen(0, '127.0.0.1');
    at.later(() => silent.close());
    await once(silent, 'listening');
    const unix = receivers.unix();
    const args = ['--otlp', `http://127.0.0.1:${silent.address().port}`, '--forward', `unix://${unix.path}`];
    const place = await at.place();
    const client = at.client(place);
    const collector = await at.collector(place, { args }).ready();
    for (let i = 0; i < LOOKS; i++) await flows(collector);
    await expectAnswers(place);
    expect(collector.rss).to.be.below(MOST_RSS);
    await expectExact(client, collector);
  });

  it('that scrapers ask for, and never read', async () => {
    const place = await at.place();
    const client = at.client(place);
    const collector = await at.collector(place).ready();
    const flood = at.flood(place, 'many names');
    await flood.matched(/sent [1-9]/);
    await flood.remove();
    for (let i = 0; i < SCRAPERS; i++) {
      hold(place.prometheus, `GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`);
    }
    await flows(collector);
    const { status } = await page(place, '/healthz');
    expect(status).to.equal(200);
    expect(collector.rss).to.be.below(MOST_RSS);
    await expectExact(client, collector);
  });

  it('of which standard output is on a full disk: it says so, and goes on, or ends with 1', async () => {
    const place = await at.place();
    const client = at.client(place);
    const collector = await at.collector(place, { shell: 'exec "$@" > /dev/full' }).ready();
    await collector.printed('ENOSPC');
    if (collector.isRunning) await expectAnswers(place);
    else expect(await collector.exit()).to.equal(1);
    await stopped(client);
  });

  it('of which standard error is on a full disk: it goes on', async () => {
    const place = await at.place();
    const client = at.client(place);
    const collector = at.collector(place, { shell: 'exec "$@" 2> /dev/full' });
    await flows(collector);
    await expectAnswers(place);
    await expectExact(client, collector);
  });

  it('when its descriptors are used up: it goes on, and answers as soon as there are some', async () => {
    const place = await at.place();
    const client = at.client(place);
    const collector = await at.collector(place, { shell: `ulimit -n ${DESCRIPTORS} && exec "$@"` }).ready();
    const held = Array.from({ length: 2 * DESCRIPTORS }, () => hold(place.prometheus));
    await flows(collector);
    for (const socket of held) socket.destroy();
    await until('it answers', () =>
      expectAnswers(place).then(
        () => true,
        () => false,
      ),
    );
    await expectExact(client, collector);
  });
});
