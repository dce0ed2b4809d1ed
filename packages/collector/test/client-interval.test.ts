import { createSocket } from 'node:dgram';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Queue, openQueue, unlinkQueue } from '@afstatsd/mqueue';
import { freePort, need, until } from '@afstatsd/testing';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { clientInterval } from '../src/client-interval.js';
import type { Output } from '../src/output/output.js';
import { HttpScraper } from './support/http-scraper.js';
import { KeptOutput } from './support/kept-output.js';
import { type CollectorProgram, MAIN } from './support/collector-program.js';
import { useStage } from './support/stage.js';

const output = (wants?: number): Output =>
  Object.assign(new KeptOutput(), wants === undefined ? {} : { wants: () => wants });

describe('how often clients are asked to send', () => {
  for (const [what, configured, wanted, expected] of [
    ['is the longest time without any output', undefined, [], 20_000],
    ['is the longest time where no output knows', undefined, [undefined], 20_000],
    ['is twice as often as the output', undefined, [10_000], 5_000],
    ['is twice as often as the quickest output', undefined, [60_000, 15_000, undefined, 30_000], 7_500],
    ['is a whole number of ms', undefined, [2_501], 1_251],
    ['is at least a second', undefined, [20], 1_000],
    ['is at most 20 seconds', undefined, [3_600_000], 20_000],
    ['is what was configured, whatever outputs want', 3_000, [2_000], 3_000],
  ] as const) {
    it(what, () => {
      expect(clientInterval(configured, wanted.map(output))).to.equal(expected);
    });
  }

  it('follows what an output wants', () => {
    let gap: number | undefined;
    const scraped: Output = Object.assign(new KeptOutput(), { wants: () => gap });
    expect(clientInterval(undefined, [scraped])).to.equal(20_000);
    gap = 4_000;
    expect(clientInterval(undefined, [scraped])).to.equal(2_000);
  });
});

describe('a client on the queue', () => {
  const at = useStage();
  const sees = (queue: Queue, mark: number | undefined): Promise<void> =>
    until(`the mark is ${mark}`, () => queue.mark === mark);

  for (const [args, mark] of [
    [['--json'], 1_000],
    [['--json', '--interval', '10s'], 5_000],
    [['--json', '--interval', '10s', '--client-interval', '1500ms'], 1_500],
    [
      ['--json', '--console-interval', '4s', '--forward', 'udp://127.0.0.1:9', '--forward-interval', '30s'],
      2_000,
    ],
    [
      ['--json', '--console-interval', '1h', '--otlp', 'http://127.0.0.1:9', '--otlp-interval', '24s'],
      12_000,
    ],
  ] as const) {
    it(`sees a mark of ${mark} with ${args.join(' ')}`, async () => {
      const name = at.queueName();
      await at.collector(['--queue', name, ...args]).ready();
      await sees(at.sender(name), mark);
    });
  }

  it('sees 1000 where a StatsD server gets everything, since that gets it each second by default', async () => {
    const name = at.queueName();
    await at.bare([MAIN, '--queue', name, '--udp', 'off', '--forward', 'udp://127.0.0.1:9']).ready();
    await sees(at.sender(name), 1_000);
  });

  it('sees 5000 with the console alone, and 20000 where Prometheus has yet to come', async () => {
    const [one, other] = [at.queueName(), at.queueName()];
    await at.bare([MAIN, '--queue', one, '--udp', 'off']).ready();
    await sees(at.sender(one), 5_000);
    const page = `127.0.0.1:${await freePort()}`;
    await at.bare([MAIN, '--queue', other, '--udp', 'off', '--prometheus', page]).ready();
    await sees(at.sender(other), 20_000);
  });

  it('sees half of the time between two scrapes once Prometheus has come twice, but for a second at least', async () => {
    const name = at.queueName();
    const page = `127.0.0.1:${await freePort()}`;
    await at.bare([MAIN, '--queue', name, '--udp', 'off', '--prometheus', page]).ready();
    const sender = at.sender(name);
    await sees(sender, 20_000);
    const curl = new HttpScraper(`http://${page}/metrics`, { 'User-Agent': 'curl/7.88.1' });
    const scraper = new HttpScraper(`http://${page}/metrics`);
    at.later(() => [curl, scraper].forEach((one) => one.close()));
    for (let looks = 0; looks < 3; looks++) await curl.scrape();
    await scraper.scrape();
    expect(sender.mark).to.equal(20_000);
    await scraper.scrape();
    await sees(sender, 1_000);
  });

  it('sees a change of the configuration, and no mark once the collector is killed', async () => {
    const name = at.queueName();
    const file = path.join(at.directory(), 'config.json');
    const configure = (clientInterval: string): void =>
      writeFileSync(file, JSON.stringify({ clientInterval }));
    configure('3s');
    const collector = await at.collector(['--queue', name, '--config', file]).ready();
    const sender = at.sender(name);
    await sees(sender, 3_000);
    configure('6s');
    collector.child.kill('SIGHUP');
    await sees(sender, 6_000);
    await collector.kill('SIGKILL');
    expect(sender.mark).to.equal(undefined);
  });

  it('sees none after the collector has ended, though the queue stays', async () => {
    const name = at.queueName();
    const collector = await at.collector(['--queue', name]).ready();
    const sender = at.sender(name);
    await sees(sender, 1_000);
    await collector.kill('SIGTERM');
    expect(sender.mark).to.equal(undefined);
  });

  it('sees it on the queue that was made anew, too', async () => {
    const name = at.queueName();
    const collector = await at.collector(['--queue', name, '--client-interval', '4s']).ready();
    await sees(at.sender(name), 4_000);
    unlinkQueue(name);
    await collector.printed('was made anew');
    await sees(at.sender(name), 4_000);
  });

  /** A process that holds a write lock on the whole queue, which it may only send to, until its stdin ends. */
  async function hider(name: string): Promise<CollectorProgram> {
    const mqueue = require.resolve('@afstatsd/mqueue');
    const script = `
      const { openQueue } = require(${JSON.stringify(mqueue)});
      const koffi = require(require.resolve('koffi', { paths: [${JSON.stringify(mqueue)}] }));
      const libc = koffi.load('libc.so.6');
      const fcntl = libc.func('int fcntl(int fd, int command, ...)');
      const open = libc.func('int mq_open(const char *name, int flags)');
      process.setgroups([]); process.setgid(65534); process.setuid(65534);
      const fd = open(${JSON.stringify(name)}, ${String(0o4001)}); // O_WRONLY | O_NONBLOCK
      const flock = Buffer.alloc(32);
      flock.writeInt16LE(1, 0);
      flock.writeInt32LE(1, 8);
      console.error('covered', fcntl(fd, 37, 'void *', flock));
      setInterval(() => {}, 1000);`;
    const program = at.bare(['-e', script]);
    await program.printed('covered 0');
    return program;
  }

  it('sees none while another sender hides it, which is said once and ends nothing, and sees it after that', async function () {
    need(this, 'root');
    const name = at.queueName();
    openQueue(name, { access: 'read', create: { depth: 8, messageBytes: 2112, mode: 0o622 } }).close();
    const other = await hider(name);
    const collector = await at.collector(['--queue', name, '--client-interval', '4s']).ready();
    await collector.printed("clients can't see how often to send");
    const sender = at.sender(name);
    expect(sender.mark).to.equal(undefined);
    sender.send(Buffer.from('hits:1|c'), 3);
    await until('it is read all the same', () => collector.arrived.counters['hits'] === 1);
    await other.kill('SIGKILL');
    await sees(sender, 4_000);
    expect(collector.stderr.match(/can't see how often/g)).to.have.lengthOf(1);
  });
});

describe('a client over UDP', () => {
  const at = useStage();

  it('hears the same as one on the queue', async () => {
    const port = await freePort();
    const name = at.queueName();
    const args = ['--queue', name, '--udp', `127.0.0.1:${port}`, '--client-interval', '2500ms'];
    await at.collector(args).ready();
    const heard: string[] = [];
    const socket = createSocket('udp4').on('message', (message) => heard.push(String(message)));
    at.later(() => socket.close());
    socket.send('', port, '127.0.0.1');
    await until('it answers', () => heard.length > 0);
    expect(heard).to.deep.equal(['afstatsd 1 every=2500\n']);
    await until('the queue says so, too', () => at.sender(name).mark === 2_500);
  });
});
