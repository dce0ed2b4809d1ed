import { writeFileSync } from 'node:fs';
import { openQueue, unlinkQueue } from '@afstatsd/mqueue';
import { type Program, becomeOther, need, until } from '@afstatsd/testing';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { type CollectorProgram, MAIN } from '../support/collector-program.js';
import { type Stage, useStage } from '../support/stage.js';

const hit = Buffer.from('hits:1|c');

/** A process that opens the queue as a client does, locks it, and stays. */
async function holder(at: Stage, name: string, { other = false } = {}): Promise<Program> {
  const script = `
    ${other ? becomeOther() : ''}
    const { openQueue } = require(${JSON.stringify(require.resolve('@afstatsd/mqueue'))});
    console.log(openQueue(process.argv[1], { access: 'write' }).lock('exclusive'));
    setInterval(() => {}, 1000);`;
  const program = at.command(process.execPath, ['-e', script, name]);
  await program.printed('locked');
  return program;
}

describe('a second collector on a queue', () => {
  const at = useStage();
  const start = (name: string, ...args: readonly string[]): CollectorProgram =>
    at.collector(['--queue', name, ...args]);
  const waits = (first: CollectorProgram): string =>
    `is read by another collector, process ${first.child.pid} of user ${process.getuid!()}: waiting for it to end`;

  it('waits, and then refuses with the id of the first one, which goes on', async function () {
    this.timeout(30_000);
    const name = at.queueName();
    const first = await start(name).ready();
    const second = start(name);
    await second.printed(waits(first));
    expect(await second.exit(), second.stderr).to.equal(1);
    expect(second.stderr).to.match(
      new RegExp(
        `error: queue ${name} is read by another collector, process ${first.child.pid} of user \\d+, .*--shared-queue`,
      ),
    );
    expect(second.stderr).not.to.include('ready');
    at.sender(name).send(hit, 3);
    await until('it has arrived', () => first.arrived.counters['hits'] === 1);
  });

  it('takes over as soon as the first one has ended, and nothing is lost between them', async () => {
    const name = at.queueName();
    const first = await start(name).ready();
    const second = start(name);
    await second.printed(waits(first));
    const sender = at.sender(name);
    let sent = 0;
    const flood = setInterval(() => {
      while (sender.send(hit, 3)) sent++;
    }, 1);
    at.later(() => clearInterval(flood));
    await until('some have arrived', () => (first.arrived.counters['hits'] ?? 0) > 0);
    expect(await first.kill('SIGTERM')).to.equal(0);
    await second.ready();
    await until('some have arrived there', () => (second.arrived.counters['hits'] ?? 0) > 0);
    clearInterval(flood);
    expect(await second.kill('SIGTERM')).to.equal(0);
    expect(first.arrived.counters['hits']! + second.arrived.counters['hits']!).to.equal(sent);
  });

  it('makes a queue of its own where the first one has removed it at its end', async () => {
    const name = at.queueName();
    const first = await start(name, '--unlink').ready();
    const second = start(name, '--unlink');
    await second.printed(waits(first));
    await first.kill('SIGTERM');
    await second.ready();
    expect(second.stderr).not.to.include('removed by somebody');
    at.sender(name).send(hit, 3);
    await until('it has arrived', () => second.arrived.counters['hits'] === 1);
  });

  it('starts at once after SIGKILL of the first one', async () => {
    const name = at.queueName();
    const first = await start(name).ready();
    await first.kill('SIGKILL');
    const second = await start(name).ready();
    expect(second.stderr).not.to.include('waiting for it to end');
  });

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    it(`ends with 0 and at once at ${signal} while it waits`, async () => {
      const name = at.queueName();
      const first = await start(name).ready();
      const second = start(name);
      await second.printed(waits(first));
      expect(await second.kill(signal), second.stderr).to.equal(0);
      expect(second.stderr).not.to.include('error');
    });
  }

  it('is allowed with --shared-queue, and a third one without it is not', async function () {
    this.timeout(30_000);
    const name = at.queueName();
    const first = await start(name).ready();
    const shared = await start(name, '--shared-queue').ready();
    await first.kill('SIGKILL');
    const lookers = openQueue(name, { access: 'read' });
    at.later(() => lookers.close());
    // It couldn't lock the queue at its start, and does so as soon as it can.
    await until('the second one has the lock', () => lookers.lockHolders.includes(shared.child.pid!));
    const third = start(name);
    await third.printed(waits(shared));
    await shared.kill('SIGKILL');
    await third.ready();
  });

  it('is noticed after the queue was made anew, too', async () => {
    const name = at.queueName();
    const first = await start(name).ready();
    unlinkQueue(name);
    await first.printed('was made anew');
    const second = start(name);
    await second.printed(waits(first));
    expect(await second.kill('SIGTERM')).to.equal(0);
  });

  it('is not the same one after a reload that changes how it reads the queue', async () => {
    const [name, directory] = [at.queueName(), at.directory()];
    const config = `${directory}/collector.json`;
    const write = (unlink: boolean): void => writeFileSync(config, JSON.stringify({ queue: name, unlink }));
    write(false);
    const collector = await at
      .bare([MAIN, '--config', config, '--udp', 'off', '--json', '--interval', '20ms'])
      .ready();
    for (const unlink of [true, false, true]) {
      write(unlink);
      collector.stderr = '';
      collector.child.kill('SIGHUP');
      await collector.printed('the configuration was read again');
      expect(collector.stderr).not.to.include('another collector');
    }
    at.sender(name).send(hit, 3);
    await until('it has arrived', () => collector.arrived.counters['hits'] === 1);
  });
});

describe("a lock of another user's process", () => {
  const at = useStage();

  it('is said and ignored', async function () {
    need(this, 'root');
    const name = at.queueName();
    await (await at.collector(['--queue', name]).ready()).kill('SIGTERM');
    const nobody = await holder(at, name, { other: true });
    const collector = await at.collector(['--queue', name]).ready();
    expect(collector.stderr).to.match(
      new RegExp(
        `warning: the lock of queue ${name} is held by process ${nobody.child.pid} of user 65534, which isn't to be trusted`,
      ),
    );
    expect(collector.stderr).not.to.include('waiting');
    // And when it has gone, the collector has the lock.
    const looker = openQueue(name, { access: 'read' });
    at.later(() => looker.close());
    await nobody.kill('SIGKILL');
    await until('it has the lock', () => looker.lockHolders.includes(collector.child.pid!));
  });

  it('counts if the user is trusted', async function () {
    need(this, 'root');
    const name = at.queueName();
    await (await at.collector(['--queue', name]).ready()).kill('SIGTERM');
    const nobody = await holder(at, name, { other: true });
    const collector = at.collector(['--queue', name, '--trust-uid', '65534']);
    await collector.printed(`another collector, process ${nobody.child.pid} of user 65534: waiting`);
    await nobody.kill('SIGKILL');
    await collector.ready();
  });
});

describe('a lock whose holder is in another PID namespace', () => {
  const at = useStage();

  it('counts if that reads the queue, and is ignored if it may only send', async function () {
    need(this, 'namespace');
    const name = at.queueName();
    /** In a namespace of its own, from which processes out here can't be seen. */
    const inside = (): CollectorProgram =>
      at.bare(
        [
          '--pid',
          '--fork',
          '--kill-child',
          '--mount-proc',
          process.execPath,
          MAIN,
          '--queue',
          name,
          '--udp',
          'off',
        ],
        'unshare',
      );
    const first = await at.collector(['--queue', name]).ready();
    const second = inside();
    await second.printed("another collector, a process that can't be seen from here");
    expect(await second.exit()).to.equal(1);
    await first.kill('SIGTERM');

    await holder(at, name);
    const third = await inside().ready();
    expect(third.stderr).to.include("is held by a process that can't be seen from here");
  }).timeout(30_000);
});
