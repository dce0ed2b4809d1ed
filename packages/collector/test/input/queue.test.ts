import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { openQueue, unlinkQueue } from '@afstatsd/mqueue';
import { becomeOther, freePort, need, until } from '@afstatsd/testing';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { QueueInput } from '../../src/input/queue.js';
import { Log } from '../../src/log.js';
import { Receiver } from '../../src/receiver.js';
import { arrivedIn } from '../support/arrived.js';
import { asNobody } from '../support/as-nobody.js';
import { MAIN } from '../support/collector-program.js';
import { inNamespace } from '../support/namespace.js';
import { sendDatagrams } from '../support/send-datagrams.js';
import { type Stage, useStage } from '../support/stage.js';

const hit = Buffer.from('hits:1|c');
const MSG_MAX = Number(readFileSync('/proc/sys/fs/mqueue/msg_max', 'utf8'));

/** The flag of Node.js's permission model, which Node.js 20 has as an experiment. */
const PERMISSION = process.allowedNodeEnvironmentFlags.has('--permission')
  ? '--permission'
  : '--experimental-permission';

/** Makes a queue as somebody else might have, with messages in it. */
function make(at: Stage, { mode = 0o622, messages = 0 } = {}): string {
  const name = at.queueName();
  const queue = openQueue(name, { access: 'readwrite', create: { depth: 8, messageBytes: 2112, mode } });
  for (let i = 0; i < messages; i++) queue.send(hit, 3);
  queue.close();
  return name;
}

const exists = (name: string): boolean => {
  try {
    openQueue(name, { access: 'write' }).close();
    return true;
  } catch {
    return false;
  }
};

describe("the collector's queue", () => {
  const at = useStage();

  it('is made as deep as is allowed, up to 200, with 2112-byte messages, and mode 622 whatever the umask', async () => {
    const name = at.queueName();
    const args = ['--queue', name, '--udp', 'off', '--json'];
    await at.bare(['-c', 'umask 077 && exec "$@"', 'sh', process.execPath, MAIN, ...args], 'sh').ready();
    const queue = openQueue(name, { access: 'read' });
    at.later(() => queue.close());
    expect(queue.attributes()).to.include({ depth: Math.min(200, MSG_MAX), messageBytes: 2112 });
    expect(queue.mode).to.equal(0o622);
  });

  it('lets another user send, and not read', async function () {
    need(this, 'root');
    const name = at.queueName();
    const collector = await at.collector(['--queue', name]).ready();
    const printed = await asNobody(
      at,
      `const queue = mqueue.openQueue(name, { access: 'write' });
       console.log(queue.send(Buffer.from('hits:7|c'), 3), codeOf(() => mqueue.openQueue(name, { access: 'read' })));`,
      name,
    );
    expect(printed).to.equal('true EACCES');
    await until('it has arrived', () => collector.arrived.counters['hits'] === 7);
  });

  it('stays when the collector ends, with what comes in afterwards, for the next one', async () => {
    const name = at.queueName();
    const first = await at.collector(['--queue', name]).ready();
    await first.kill('SIGTERM');
    for (let i = 0; i < 5; i++) expect(at.sender(name).send(hit, 3)).to.be.true;
    const second = await at.collector(['--queue', name]).ready();
    expect(second.stderr).to.include('5 messages waiting');
    await second.kill('SIGTERM');
    expect(second.arrived.counters['hits']).to.equal(5);
  });

  for (const [what, readable] of [
    ['every file can be read', '*'],
    ['the limits of queues, the locks and other users are hidden', path.join(__dirname, '../../../../..')],
  ] as const) {
    it(`is made, read and removed in the sandbox of Node.js where ${what}`, async () => {
      const name = at.queueName();
      const sandbox = [PERMISSION, `--allow-fs-read=${readable}`, '--allow-addons', '--allow-worker'];
      const args = ['--queue', name, '--udp', 'off', '--json', '--interval', '20ms', '--unlink'];
      const collector = await at.bare([...sandbox, MAIN, ...args]).ready();
      const sender = at.sender(name);
      expect(sender.mode).to.equal(0o622);
      sender.send(hit, 3);
      await until('it has arrived', () => collector.arrived.counters['hits'] === 1);
      expect(await collector.kill('SIGTERM'), collector.stderr).to.equal(0);
      expect(exists(name)).to.be.false;
    });
  }

  it('is removed at the end with --unlink', async () => {
    const name = at.queueName();
    const collector = await at.collector(['--queue', name, '--unlink']).ready();
    expect(exists(name)).to.be.true;
    expect(await collector.kill('SIGTERM')).to.equal(0);
    expect(exists(name)).to.be.false;
  });

  it('that is there already is taken with its size, and gets the mode that it should have', async () => {
    const [closed, open] = [make(at, { mode: 0o600, messages: 3 }), make(at, { mode: 0o666 })];
    const first = await at.collector(['--queue', closed]).ready();
    expect(first.stderr)
      .to.include('8 messages deep, 3 messages waiting')
      .and.include('had mode 600, and has 622 now: other users may send to it');
    expect(at.sender(closed).mode).to.equal(0o622);
    const second = await at.collector(['--queue', open]).ready();
    expect(second.stderr).to.include('had mode 666, and has 622 now: other users could read');
    expect(at.sender(open).mode).to.equal(0o622);
  });

  it('that belongs to a trusted user keeps its mode, and it is said who can change it', async function () {
    need(this, 'root');
    const name = at.queueName();
    const create = '{ depth: 8, messageBytes: 2112, mode: 0o600 }';
    await asNobody(at, `mqueue.openQueue(name, { access: 'write', create: ${create} })`, name);
    const collector = await at.collector(['--queue', name, '--trust-uid', '65534']).ready();
    expect(collector.stderr).to.include('has mode 600, not 622: other users may not send to it');
    expect(collector.stderr).to.include(`chmod 622 /dev/mqueue${name}`);
  });

  it('whose messages are too short for usual metrics is reported', async () => {
    const name = at.queueName();
    openQueue(name, { access: 'read', create: { depth: 8, messageBytes: 256, mode: 0o622 } }).close();
    const collector = await at.collector(['--queue', name]).ready();
    expect(collector.stderr).to.match(
      /warning: the queue takes messages of 256 bytes, and a metric with its name and tags can have 2048: .*The system allows more: remove the queue/,
    );
  });

  it('that another user owns is refused, unless that user is trusted', async function () {
    need(this, 'root');
    const name = at.queueName();
    await asNobody(
      at,
      `mqueue.openQueue(name, { access: 'write', create: { depth: 8, messageBytes: 2112, mode: 0o622 } }).send(Buffer.from('hits:1|c'), 3)`,
      name,
    );
    const refused = at.collector(['--queue', name]);
    expect(await refused.exit()).to.equal(1);
    expect(refused.stderr).to.include('belongs to user 65534').and.include('--trust-uid 65534');
    const trusted = await at.collector(['--queue', name, '--trust-uid', '65534']).ready();
    await until('it has arrived', () => trusted.arrived.counters['hits'] === 1);
  });

  it('that the user has no right to read ends the program with 1 and the reason', async function () {
    need(this, 'root');
    const name = make(at);
    const script = `
      ${becomeOther()}
      process.argv.splice(1, 0, ${JSON.stringify(MAIN)});
      require(${JSON.stringify(MAIN)});`;
    const collector = at.bare(['-e', script, '--', '--queue', name, '--udp', 'off']);
    expect(await collector.exit(), collector.stderr).to.equal(1);
    expect(collector.stderr).to.include('EACCES').and.include(name);
  });

  it('is made anew when somebody has removed it, and clients find it', async () => {
    const name = at.queueName();
    const collector = await at.collector(['--queue', name]).ready();
    const client = at.program('client', [name, '1']);
    for (let i = 1; i <= 3; i++) {
      const before = collector.arrived.counters['hits'] ?? 0;
      await until('clients’ samples arrive', () => (collector.arrived.counters['hits'] ?? 0) > before);
      collector.stderr = '';
      unlinkQueue(name);
      await collector.printed('was made anew');
    }
    const before = collector.arrived.counters['hits'] ?? 0;
    await until('they arrive again', () => (collector.arrived.counters['hits'] ?? 0) > before + 100);
    client.child.kill('SIGKILL');
    expect(await collector.kill('SIGTERM')).to.equal(0);
  });

  it('is shared by two collectors that are told so: each message comes in at one of them, and none is lost', async () => {
    const name = at.queueName();
    const args = ['--queue', name, '--shared-queue'];
    const collectors = [at.collector(args), at.collector(args)];
    for (const collector of collectors) await collector.ready();
    const sender = at.sender(name);
    for (let i = 0; i < 5000;) if (sender.send(hit, 3)) i++;
    for (const collector of collectors) expect(await collector.kill('SIGTERM')).to.equal(0);
    const counts = collectors.map(({ arrived }) => arrived.counters['hits'] ?? 0);
    expect(counts[0]! + counts[1]!).to.equal(5000);
  });

  it('is read though nobody reads the output, which adds up until somebody does', async () => {
    const [name, port, web] = [at.queueName(), await freePort(), await freePort()];
    const args = ['--queue', name, '--udp', `127.0.0.1:${port}`, '--json', '--interval', '20ms'];
    args.push('--prometheus', `127.0.0.1:${web}`);
    const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'ignore'] });
    at.later(() => child.kill('SIGKILL'));
    await until('the queue is there', () => exists(name));
    // More than a pipe holds: nothing more can be written as long as nobody reads.
    await sendDatagrams(
      port,
      Array.from({ length: 400 }, (_, i) =>
        Array.from({ length: 50 }, (_, j) => `long.name.${i}.${j}:1|c`).join('\n'),
      ),
    );
    await until('all of it came in', async () => {
      const page = await (await fetch(`http://127.0.0.1:${web}/metrics`)).text();
      return /^afstatsd_collector_samples_total\{input="udp"\} 20000$/m.test(page);
    });
    const sender = at.sender(name);
    for (let sent = 0; sent < 20_000;) {
      if (sender.send(hit, 3)) sent++;
      else sender.wait(10);
    }
    let text = '';
    child.stdout.on('data', (chunk) => (text += String(chunk)));
    await until('all has arrived', () => arrivedIn(text).counters['hits'] === 20_000);
    // Each of many flushes would have been written on its own, had they not added up.
    expect(text.match(/"hits"/g)!.length).to.be.below(10);
    child.kill('SIGTERM');
    await until('it has ended', () => child.exitCode === 0);
  });

  it('says five incident reports of a severity, and how many more there were', async () => {
    const name = at.queueName();
    const collector = await at.collector(['--queue', name]).ready();
    const sender = at.sender(name);
    const REPORTS = 5_000;
    for (let i = 0; i < REPORTS; i++)
      while (!sender.send(Buffer.from(`7:disk ${i} is full`), 2)) sender.wait(1000);
    await until(
      'all were read',
      () => collector.arrived.counters['afstatsd.collector.incidents{severity=critical}'] === REPORTS,
    );
    expect(await collector.kill('SIGTERM')).to.equal(0);
    const reports = collector.stderr.split('\n').filter((line) => line.includes('incident report'));
    const counted = reports.reduce((sum, line) => sum + Number(/and (\d+) more/.exec(line)?.[1] ?? 1), 0);
    expect(counted).to.equal(REPORTS);
    // Six lines every 10 s; a busy machine may take that long several times.
    expect(reports).to.have.length.below(60);
  });

  it('shows incident reports, and leaves them and other priorities out of the metrics', async () => {
    const name = at.queueName();
    const collector = await at.collector(['--queue', name]).ready();
    const sender = at.sender(name);
    for (const [text, priority] of [
      ['12:disk \u001B[31mfull\0rest', 2],
      ['12:a:1|c', 0],
      ['polled:1|c', 4],
      ['hits:1|c', 3],
    ] as const)
      sender.send(Buffer.from(text), priority);
    await until('all were read', () => collector.arrived.counters['hits'] === 1);
    await collector.printed('incident report (critical): 12:disk ?[31mfull\n');
    await collector.printed('incident report (information): 12:a:1|c\n');
    await collector.kill('SIGTERM');
    const { counters } = collector.arrived;
    expect(counters).to.include({
      'afstatsd.collector.incidents{severity=critical}': 1,
      'afstatsd.collector.incidents{severity=information}': 1,
      'afstatsd.collector.messages{input=queue}': 1,
    });
    expect(counters).not.to.have.any.keys('a', 'polled');
  });

  it('loses nothing that was taken from it, however soon its reader is told to end', async () => {
    for (let i = 0; i < 20; i++) {
      const name = at.queueName();
      const receiver = new Receiver(10, () => {});
      const options = { queue: name, unlink: false, trustedUids: [], isShared: false };
      const input = new QueueInput(options, receiver, new Log(() => {}), () => {});
      await input.start();
      const sender = at.sender(name);
      let sent = 0;
      const send = (): void => {
        while (sender.send(hit, 3)) sent++;
      };
      send();
      const flood = setInterval(send, 0);
      await input.stop(i);
      clearInterval(flood);
      expect(receiver.queue.samples + sender.attributes().messages).to.equal(sent);
      // Twenty at once would be half of what a user may have.
      sender.close();
      unlinkQueue(name);
    }
  });
});

describe("the collector's queue where the system allows 200 messages", () => {
  const at = useStage();

  it('is 200 deep, and is made anew as soon as its clients let go of the old one', async function () {
    need(this, 'namespace');
    const name = at.queueName();
    // A client that holds the old queue keeps its memory, of which a user may have little more than one queue's.
    const client = `
      const { openQueue, unlinkQueue } = require(${JSON.stringify(require.resolve('@afstatsd/mqueue'))});
      const name = ${JSON.stringify(name)};
      const look = setInterval(() => {
        try { var queue = openQueue(name, { access: 'write' }); } catch { return; }
        clearInterval(look);
        console.error('depth', queue.attributes().depth);
        unlinkQueue(name);
        setTimeout(() => {
          queue.close();
          setInterval(() => {
            try { openQueue(name, { access: 'write' }).send(Buffer.from('hits:3|c'), 3); } catch { return; }
            process.exit();
          }, 10);
        }, 500);
      }, 10);`;
    const script = '"$1" -e "$3" & exec "$1" "$2" --queue "$4" --udp off --json --interval 20ms';
    const args = inNamespace(200, script, process.execPath, MAIN, client, name);
    const collector = at.bare(args, 'unshare');
    await collector.printed('depth 200');
    await collector.printed('was made anew');
    await until('it has arrived', () => collector.arrived.counters['hits'] === 3);
    expect(collector.stderr).not.to.include('the queue is small');
    expect(collector.stderr).to.include("can't be made anew yet");
    expect(await collector.kill('SIGTERM')).to.equal(0);
  });

  it('is small where the system allows 10, and the file to raise is named', async function () {
    need(this, 'namespace');
    const script = 'exec "$1" "$2" --queue "$3" --udp off --json';
    const collector = at.bare(inNamespace(10, script, process.execPath, MAIN, at.queueName()), 'unshare');
    await collector.ready();
    expect(collector.stderr).to.match(
      /10 messages deep[^]*the queue is small.* Raise \/proc\/sys\/fs\/mqueue\/msg_max \(sysctl -w fs\.mqueue\.msg_max=200\), and remove the queue \(rm /,
    );
  });
});
