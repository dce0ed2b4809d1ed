import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { openQueue } from '@afstatsd/mqueue';
import { freePort, until } from '@afstatsd/testing';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { helpText } from '../src/config/help.js';
import { version } from '../src/version.js';
import { arrivedIn } from './support/arrived.js';
import { MAIN } from './support/collector-program.js';
import { sendDatagrams } from './support/send-datagrams.js';
import { useStage } from './support/stage.js';

/** The lines of a log without the time at which each was said. */
const withoutTime = (text: string): string => text.replaceAll(/^\d{4}-\d\d-\d\dT[\d:.]+Z /gm, '');

describe('the collector program', () => {
  const at = useStage();

  it('prints its help and its version, and ends with 0', async () => {
    const help = at.collector(['--help']);
    expect(await help.exit()).to.equal(0);
    expect(help.stdout).to.equal(helpText());
    const version = at.collector(['--version']);
    expect(await version.exit()).to.equal(0);
    expect(version.stdout).to.match(/^\d+\.\d+\.\d+\S*\n$/);
  });

  it('says its version and process, and each input and output with its address, in lines with a time', async () => {
    const [queue, udp, page] = [at.queueName(), await freePort(), await freePort()];
    const args = ['--queue', queue, '--udp', String(udp), '--prometheus', `:${page}`];
    const collector = await at.collector(args).ready();
    const lines = collector.stderr.split('\n').filter((line) => line !== '');
    for (const line of lines)
      expect(line).to.match(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z afstatsd-collector: /);
    const said = withoutTime(lines.join('\n')).replaceAll('afstatsd-collector: ', '').split('\n');
    expect(said[0]).to.equal(
      `version ${version}, process ${collector.child.pid}, Node.js ${process.versions.node}`,
    );
    expect(said.at(-1)).to.equal('ready');
    expect(said).to.include.members([
      `listening on UDP 127.0.0.1:${udp}`,
      `output prometheus http://127.0.0.1:${page}/metrics`,
      'output console',
    ]);
    expect(said.some((line) => line.startsWith(`reading queue ${queue}, `))).to.be.true;
    const answer = await fetch(`http://127.0.0.1:${page}/healthz`);
    expect(await answer.text()).to.equal('ok\n');
  });

  it('says which option is misspelt', async () => {
    for (const [given, meant] of [
      ['--promtheus', ' (did you mean --prometheus?)'],
      ['--chek-config', ' (did you mean --check-config?)'],
      ['--something-else', ''],
    ]) {
      const program = at.bare([MAIN, given!]);
      expect(await program.exit()).to.equal(2);
      expect(withoutTime(program.stderr)).to.equal(
        `afstatsd-collector: error: there is no option ${given}${meant} (--help lists the options)\n`,
      );
    }
  });

  it('checks a configuration without using it', async () => {
    const queue = at.queueName();
    const program = at.collector(['--check-config', '--queue', queue]);
    expect(await program.exit()).to.equal(0);
    expect(program.stdout).to.include('can be used');
    expect(() => openQueue(queue, { access: 'write' }))
      .to.throw()
      .with.property('code', 'ENOENT');
  });

  for (const args of [
    ['--udp', '99999'],
    ['--nope'],
    ['--forward', 'http://x'],
    ['--config', '/absent.json'],
  ]) {
    it(`ends with 2 and one line that says why for ${args.join(' ')}`, async () => {
      for (const more of [[], ['--check-config']]) {
        const program = at.collector([...args, ...more]);
        expect(await program.exit()).to.equal(2);
        expect(program.stderr).to.match(/^\S+Z afstatsd-collector: error: [^\n]+\n$/);
        expect(program.stderr).to.include(args[0]!.replace('--config', '/absent.json'));
      }
    });
  }

  it('refuses a configuration by which nothing could come in', async () => {
    const program = at.collector(['--queue', 'off', '--udp', 'off']);
    expect(await program.exit()).to.equal(2);
    expect(withoutTime(program.stderr)).to.equal(
      'afstatsd-collector: error: nothing could come in: queue and udp are both off\n',
    );
  });

  it('says which variable is misspelt, and not those that Kubernetes sets', async () => {
    const env = {
      AFSTATSD_COLLECTOR_PROMETEUS: '127.0.0.1:1',
      AFSTATSD_COLLECTOR_FOO: 'bar',
      AFSTATSD_COLLECTOR_INTERVAL: '50ms',
      AFSTATSD_COLLECTOR_SERVICE_HOST: '10.0.0.1',
      AFSTATSD_COLLECTOR_SERVICE_PORT: '8125',
      AFSTATSD_COLLECTOR_SERVICE_PORT_STATSD: '8125',
      AFSTATSD_COLLECTOR_PORT: 'udp://10.0.0.1:8125',
      AFSTATSD_COLLECTOR_PORT_8125_UDP_ADDR: '10.0.0.1',
    };
    const program = at.collector(['--check-config', '--queue', at.queueName()], { env });
    expect(await program.exit()).to.equal(0);
    expect(withoutTime(program.stderr).split('\n')).to.deep.equal([
      'afstatsd-collector: warning: there is no variable AFSTATSD_COLLECTOR_PROMETEUS (did you mean AFSTATSD_COLLECTOR_PROMETHEUS?); it is ignored',
      'afstatsd-collector: warning: there is no variable AFSTATSD_COLLECTOR_FOO; it is ignored',
      '',
    ]);
  });

  it('shows no name, password or token of a URL, whatever fails', async () => {
    const port = await freePort();
    const collector = await at
      .collector([
        '--queue',
        at.queueName(),
        '--interval',
        '50ms',
        '--forward',
        `udp://ann:secret@127.0.0.1:${port}?format=etsy`,
        '--otlp',
        `http://ann:secret@127.0.0.1:${port}/otel?token=secret`,
      ])
      .ready();
    await collector.printed('otlp http://127.0.0.1');
    await collector.printed('forward udp://127.0.0.1');
    await collector.kill('SIGTERM');
    expect(collector.stderr).to.match(/otlp http:\/\/127\.0\.0\.1:\d+\/otel\/v1\/metrics \(\S+\) fails/);
    expect(collector.stdout).to.include(`forward udp://127.0.0.1:${port}?format=etsy`);
    expect(collector.stdout + collector.stderr).not.to.match(/ann|secret/);
  });

  it('ends with 1 when its UDP port is taken, and says so', async () => {
    const socket = createSocket('udp4').bind(0, '127.0.0.1');
    at.later(() => socket.close());
    await once(socket, 'listening');
    const address = `127.0.0.1:${socket.address().port}`;
    const queue = at.queueName();
    const program = at.collector(['--udp', address, '--queue', queue]);
    expect(await program.exit()).to.equal(1);
    expect(program.stderr).to.include(`can't listen on UDP ${address} (EADDRINUSE)`);
    expect(program.stderr).to.include('--udp');
    expect(program.stdout, 'a table would drive the reason off the screen').to.equal('');
  });

  it('ends with 1 for a UDP address that is not of this machine, or whose host there is none', async () => {
    const program = at.collector(['--udp', '192.0.2.1:9125']);
    expect(await program.exit()).to.equal(1);
    expect(program.stderr).to.include('no such address');
  });

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    it(`passes everything on and ends with 0 on ${signal}, long before the next interval`, async () => {
      const [queue, port] = [at.queueName(), await freePort()];
      const args = ['--queue', queue, '--udp', `127.0.0.1:${port}`, '--interval', '1h'];
      const collector = await at.collector(args).ready();
      const sender = at.sender(queue);
      await sendDatagrams(
        port,
        Array.from({ length: 200 }, () => 'hits:1|c'),
      );
      for (let i = 0; i < 200;) if (sender.send(Buffer.from('hits:1|c'), 3)) i++;
      const began = performance.now();
      expect(await collector.kill(signal)).to.equal(0);
      expect(performance.now() - began).to.be.below(60_000);
      expect(collector.arrived.counters['hits']).to.equal(400);
    });
  }

  it('ends within a bounded time under a flood that never lets its queue run empty, and loses nothing of what it took', async () => {
    const queue = at.queueName();
    const collector = await at.collector(['--queue', queue, '--interval', '1h']).ready();
    const sender = at.sender(queue);
    const message = Buffer.from('hits:1|c');
    let sent = 0;
    const flood = setInterval(() => {
      for (let i = 0; i < 2000; i++) if (sender.send(message, 3)) sent++;
    }, 0);
    at.later(() => clearInterval(flood));
    await until('much was sent', () => sent > 5000);
    const began = performance.now();
    expect(await collector.kill('SIGTERM')).to.equal(0);
    expect(performance.now() - began).to.be.below(60_000);
    clearInterval(flood);
    const left = openQueue(queue, { access: 'read' });
    at.later(() => left.close());
    expect(collector.arrived.counters['hits']).to.equal(sent - left.attributes().messages);
  });

  it('writes all of its last output to a pipe before it ends', async () => {
    const port = await freePort();
    const args = ['--udp', `127.0.0.1:${port}`, '--queue', 'off', '--json', '--interval', '1h'];
    const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    at.later(() => child.kill('SIGKILL'));
    let [stderr, text] = ['', ''];
    child.stderr.on('data', (chunk) => (stderr += String(chunk)));
    await until('it is ready', () => stderr.includes('ready'));
    await sendDatagrams(
      port,
      Array.from({ length: 400 }, (_, i) =>
        Array.from({ length: 50 }, (_, j) => `long.name.${i}.${j}:1|c`).join('\n'),
      ),
    );
    child.kill('SIGTERM');
    setTimeout(() => child.stdout.on('data', (chunk) => (text += String(chunk))), 200);
    const [code] = (await once(child, 'close')) as [number];
    expect(code).to.equal(0);
    const names = Object.keys(arrivedIn(text).counters).filter((name) => name.startsWith('long.name.'));
    expect(names).to.have.length(20_000);
  });

  it('goes on when nobody reads its stderr any more', async () => {
    const port = await freePort();
    const collector = await at.collector(['--udp', `127.0.0.1:${port}`]).ready();
    collector.child.stderr!.destroy();
    collector.child.kill('SIGHUP');
    await sendDatagrams(port, ['hits:1|c', 'x'.repeat(600) + ':1|c']);
    await until('a metric arrives', () => collector.arrived.counters['hits'] === 1);
    expect(await collector.kill('SIGTERM')).to.equal(0);
  });

  describe('on SIGHUP', () => {
    /** A collector with a configuration file, and what writes another one and has it read. */
    async function withFile(content: object): Promise<{
      collector: ReturnType<typeof at.collector>;
      reload: (content: object | string, answer: string) => Promise<void>;
    }> {
      const file = path.join(at.directory(), 'config.json');
      writeFileSync(
        file,
        JSON.stringify({ interval: '20ms', json: true, udp: false, queue: false, ...content }),
      );
      const collector = at.bare([MAIN, '--config', file]);
      await collector.ready();
      const reload = async (content: object | string, answer: string): Promise<void> => {
        collector.stderr = '';
        const text = typeof content === 'string' ? content : JSON.stringify(content);
        writeFileSync(file, text);
        collector.child.kill('SIGHUP');
        await collector.printed(answer);
      };
      return { collector, reload };
    }

    const base = { interval: '20ms', json: true, udp: false, queue: false };
    const READ = 'the configuration was read again';

    it('listens and reads where the file says now', async () => {
      const [one, two, queue] = [await freePort(), await freePort(), at.queueName()];
      const { collector, reload } = await withFile({ udp: `127.0.0.1:${one}` });
      await sendDatagrams(one, ['hits:1|c']);
      await until('it has arrived', () => collector.arrived.counters['hits'] === 1);
      await reload({ ...base, udp: `127.0.0.1:${two}`, queue }, READ);
      await sendDatagrams(two, ['hits:1|c']);
      at.sender(queue).send(Buffer.from('hits:1|c'), 3);
      await until('all have arrived', () => collector.arrived.counters['hits'] === 3);
      expect(await collector.kill('SIGTERM')).to.equal(0);
    });

    it('loses nothing that comes in meanwhile, though an output changes', async () => {
      const queue = at.queueName();
      const { collector, reload } = await withFile({ queue });
      const sender = at.sender(queue);
      let sent = 0;
      const sending = setInterval(() => {
        if (sender.send(Buffer.from('hits:1|c'), 3)) sent++;
      }, 1);
      at.later(() => clearInterval(sending));
      for (let i = 1; i <= 10; i++) {
        const before = sent;
        await reload({ ...base, queue, consoleInterval: `${20 + i}ms`, maxMetrics: 1000 + i }, READ);
        await until('more was sent', () => sent > before + 20);
      }
      clearInterval(sending);
      expect(await collector.kill('SIGTERM')).to.equal(0);
      expect(collector.arrived.counters['hits']).to.equal(sent);
    });

    it('stays as it is when the file is bad, and says why', async () => {
      const port = await freePort();
      const { collector, reload } = await withFile({ udp: `127.0.0.1:${port}` });
      await reload('{', 'the configuration stays as it was');
      await reload({ ...base, interval: 'bad' }, 'the configuration stays as it was: interval in');
      await sendDatagrams(port, ['hits:1|c']);
      await until('it has arrived', () => collector.arrived.counters['hits'] === 1);
    });

    it('leaves out what cannot start, says so, and starts the rest', async () => {
      const socket = createSocket('udp4').bind(0, '127.0.0.1');
      at.later(() => socket.close());
      await once(socket, 'listening');
      const { collector, reload } = await withFile({ udp: `127.0.0.1:${await freePort()}` });
      const queue = at.queueName();
      await reload({ ...base, queue, udp: `127.0.0.1:${socket.address().port}` }, READ);
      expect(collector.stderr).to.match(/error: can't listen on UDP .* the rest goes on without it/);
      at.sender(queue).send(Buffer.from('hits:1|c'), 3);
      await until('it has arrived', () => collector.arrived.counters['hits'] === 1);
    });

    it('takes any number of signals at once', async () => {
      const queue = at.queueName();
      const { collector } = await withFile({ queue });
      for (let i = 0; i < 20; i++) collector.child.kill('SIGHUP');
      await collector.printed(READ);
      at.sender(queue).send(Buffer.from('hits:1|c'), 3);
      collector.child.kill('SIGHUP');
      expect(await collector.kill('SIGTERM')).to.equal(0);
      expect(collector.arrived.counters['hits']).to.equal(1);
    });
  });
});
