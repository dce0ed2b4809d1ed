import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { freePort, need, until } from '@afstatsd/testing';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { AnswerLimit } from '../../src/input/answer-limit.js';
import { KernelDrops } from '../../src/input/kernel-drops.js';
import { isKnownLayout } from '../../src/input/libc.js';
import { Linger } from '../../src/input/linger.js';
import { DatagramPort } from '../../src/input/datagram-port.js';
import { PollSet } from '../../src/input/poll-set.js';
import { warmUp } from '../../src/lines/warm-up.js';
import { sendDatagrams } from '../support/send-datagrams.js';
import { useStage } from '../support/stage.js';

describe('a UDP port that is read with recvmmsg', () => {
  const ports: DatagramPort[] = [];
  afterEach(() => ports.splice(0).forEach((port) => port.close()));

  async function open(
    address = '127.0.0.1',
    receiveBufferBytes = 8 * 2 ** 20,
  ): Promise<[DatagramPort, number]> {
    const port = await freePort(address);
    const opened = new DatagramPort({
      address,
      family: address.includes(':') ? 6 : 4,
      port,
      receiveBufferBytes,
    });
    ports.push(opened);
    return [opened, port];
  }

  function textOf(port: DatagramPort, datagram: number): string {
    const start = port.startOf(datagram);
    return port.bytes.toString('utf8', start, start + port.lengthOf(datagram));
  }

  before(function () {
    if (!isKnownLayout()) this.skip();
  });

  for (const address of ['127.0.0.1', '::1']) {
    it(`takes many datagrams with a call, each whole and with its sender, over ${address}`, async function () {
      if (address === '::1') need(this, 'IPv6');
      const [port, number] = await open(address);
      const texts = [
        '',
        'a:1|c',
        'x'.repeat(address === '::1' ? 65_487 : 65_507),
        ...Array(200).fill('b:1|c'),
      ];
      await sendDatagrams(number, texts, address);
      const polled = new PollSet([port.descriptor]);
      const got: string[] = [];
      // This thread blocks, so nobody else ends it.
      for (let tries = 0; got.length < texts.length && tries < 100; tries++) {
        polled.wait(100);
        const count = port.receive();
        expect(count).to.be.at.most(DatagramPort.BATCH);
        for (let i = 0; i < count; i++) {
          got.push(textOf(port, i));
          expect(port.senderOf(i)).to.deep.include({ address }).and.to.have.property('port').above(0);
          expect(port.isAnswerable(i)).to.equal(true);
        }
      }
      expect(got).to.deep.equal(texts);
      expect(polled.wait(0)).to.equal(false);
      expect(port.receive()).to.equal(0);
    });
  }

  it('says by a code why it cannot be had', async () => {
    const [, number] = await open();
    expect(() => new DatagramPort({ address: '127.0.0.1', family: 4, port: number, receiveBufferBytes: 1 }))
      .to.throw()
      .with.property('code', 'EADDRINUSE');
    expect(() => new DatagramPort({ address: '203.0.113.1', family: 4, port: number, receiveBufferBytes: 1 }))
      .to.throw()
      .with.property('code', 'EADDRNOTAVAIL');
  });

  it('knows what the kernel has dropped, also when nothing comes any more', async () => {
    const [port, number] = await open('127.0.0.1', 4096);
    const told: number[] = [];
    const drops = new KernelDrops(port, (datagrams) => told.push(datagrams));
    drops.look(0);
    expect(told).to.deep.equal([]);
    await sendDatagrams(number, Array(200).fill('x'.repeat(1000)));
    let read = 0;
    for (let count = port.receive(); count > 0; count = port.receive()) read += count;
    drops.look(0);
    drops.look(0);
    expect(read).to.be.below(200);
    expect(told).to.deep.equal([200 - read]);
  });
});

describe("the pause of a UDP port's reader", () => {
  /** Has so many pauses bring what comes in their time. */
  function pass(linger: Linger, pauses: number, comeIn: (ms: number) => number): void {
    for (let i = 0; i < pauses; i++) linger.had(comeIn(linger.ms));
  }

  it('grows while few come, and is short when many do', () => {
    const linger = new Linger(16 * 2 ** 20);
    expect(linger.ms).to.equal(2);
    pass(linger, 100, () => 1);
    expect(linger.ms).to.equal(20);
    expect(linger.isFlowing).to.equal(false);
    pass(linger, 100, (ms) => 5 * ms);
    expect(linger.ms).to.equal(20);
    expect(linger.isFlowing).to.equal(true);
    linger.had(0);
    expect(linger.ms).to.equal(20);
    expect(linger.isFlowing).to.equal(false);
    pass(linger, 100, (ms) => 50 * ms);
    expect(linger.ms).to.equal(5);
    linger.had(2000);
    expect(linger.ms).to.equal(2);
  });

  it('grows to what brings enough, and stays there', () => {
    const linger = new Linger(16 * 2 ** 20);
    for (let i = 0; i < 10; i++) {
      pass(linger, 100, (ms) => 10 * ms);
      expect(linger.ms).to.equal(16);
    }
  });

  it('stays short for senders that wait until they are read', () => {
    const linger = new Linger(16 * 2 ** 20);
    let long = 0;
    for (let i = 0; i < 1000; i++) {
      linger.had(100);
      if (linger.ms > 2) long++;
    }
    // Longer ones are tried now and then.
    expect(long).to.be.within(8, 100);
  });

  it('is no longer than a small socket has room for', () => {
    const linger = new Linger(425_984);
    pass(linger, 100, () => 1);
    expect(linger.ms).to.equal(5);
  });
});

describe('answers to probes', () => {
  it('are at most 5,000 a second', () => {
    const answers = new AnswerLimit();
    let given = 0;
    for (let i = 0; i < 30_000; i++) if (answers.next(1000) !== undefined) given++;
    expect(given).to.be.within(5_000, 25_000);
  });
});

describe('the UDP input of the program', function () {
  this.timeout(60_000);
  const at = useStage();

  before(() => warmUp('queue'));

  async function start(env: Record<string, string> = {}): Promise<{
    port: number;
    program: Awaited<ReturnType<ReturnType<typeof at.collector>['ready']>>;
  }> {
    const port = await freePort();
    const program = await at
      .collector(['--queue', 'off', '--udp', `127.0.0.1:${port}`, '--interval', '50ms'], { env })
      .ready();
    return { port, program };
  }

  it('goes on when signals interrupt its thread', async function () {
    if (!isKnownLayout() || spawnSync('python3', ['--version']).error) this.skip();
    const { port, program } = await start();
    const pid = program.child.pid!;
    // SIGWINCH is ignored by default, but for calls that it interrupts: SIGHUP has a handler here.
    const tgkill = `import ctypes,os,time
libc = ctypes.CDLL(None)
for i in range(20):
  for thread in os.listdir("/proc/${pid}/task"): libc.tgkill(${pid}, int(thread), 1)
  time.sleep(0.002)`;
    expect(spawnSync('python3', ['-c', tgkill]).status).to.equal(0);
    await sendDatagrams(port, ['hits:1|c']);
    await until('it was counted', () => program.arrived.counters['hits'] === 1);
    expect(await program.kill('SIGTERM')).to.equal(0);
  });

  it('counts all that the kernel had when it is ended', async () => {
    const { port, program } = await start();
    await sendDatagrams(port, Array(500).fill('hits:1|c\nlevel:2.5|g'));
    expect(await program.kill('SIGTERM')).to.equal(0);
    expect(program.arrived.counters['hits']).to.equal(500);
  });

  it('is read in the main thread where no koffi can be loaded', async () => {
    const { port, program } = await start({ NODE_OPTIONS: '--no-addons' });
    expect(program.stderr).to.match(/UDP is read in the main thread, which takes more CPU time: /);
    await sendDatagrams(port, ['hits:1|c']);
    await until('it was counted', () => program.arrived.counters['hits'] === 1);
    expect(await program.kill('SIGTERM')).to.equal(0);
  });

  it('leaves no socket behind when it is ended', async () => {
    const { port, program } = await start();
    expect(await program.kill('SIGTERM')).to.equal(0);
    const hex = `:${port.toString(16).toUpperCase().padStart(4, '0')} `;
    expect(readFileSync('/proc/net/udp', 'utf8')).to.not.include(hex);
  });
});
