import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { openQueue, unlinkQueue } from '@afstatsd/mqueue';
import { freePort } from '@afstatsd/testing';
import { expect } from 'chai';
import { MAIN } from './support/collector-program.js';
import { useStage } from './support/stage.js';

describe('--check-config', () => {
  const at = useStage();

  async function check(
    args: readonly string[],
    env: Record<string, string> = {},
  ): Promise<{ code: number | string; lines: string[] }> {
    const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
    const command = [...variables, process.execPath, MAIN, '--check-config', ...args];
    const program = at.command('env', command);
    const code = await program.exit();
    expect(program.stderr).to.equal('');
    return { code, lines: program.stdout.split('\n') };
  }

  it('shows the settings that hold, and where each comes from, without any secret', async () => {
    const file = join(at.directory(), 'collector.json');
    writeFileSync(file, JSON.stringify({ interval: '5s', expire: ['gauge=5m'], maxMetrics: 1000, udp: 9 }));
    const { lines } = await check(
      [
        '--config',
        file,
        '--queue',
        'off',
        '--udp',
        'off',
        '--udp',
        String(await freePort()),
        '--otlp',
        'http://ann:secret@127.0.0.1:9/?token=secret',
        '--influx',
        'http://ann:secret@127.0.0.1:9/write?db=shop&p=secret',
      ],
      { AFSTATSD_COLLECTOR_MAX_METRICS: '2000' },
    );
    const settings = Object.fromEntries(
      lines.slice(0, lines.indexOf('')).map((line) => {
        const [option, value, from] = line.split(/ {2,}/);
        return [option, [value, from]];
      }),
    );
    expect(settings).to.deep.include({
      queue: ['off', '--queue'],
      interval: ['5s', file],
      'console-interval': ['5s', 'default'],
      expire: ['gauge=5m', file],
      'max-metrics': ['2000', 'AFSTATSD_COLLECTOR_MAX_METRICS'],
      otlp: ['http://127.0.0.1:9/', '--otlp'],
      influx: ['http://127.0.0.1:9/write?db=shop', '--influx'],
      percentiles: ['90,95,99', 'default'],
    });
    expect(lines.join('\n')).not.to.match(/ann|secret/);
  });

  it('tries the queue, ports and outputs, and leaves nothing behind', async () => {
    const queue = at.queueName();
    const store = createServer().listen(0, '127.0.0.1');
    at.later(() => store.close());
    await once(store, 'listening');
    const [udp, page, nobody] = [await freePort(), await freePort(), await freePort()];
    const { code, lines } = await check([
      '--queue',
      queue,
      '--udp',
      `127.0.0.1:${udp}`,
      '--prometheus',
      `:${page}`,
      '--graphite',
      `tcp://127.0.0.1:${(store.address() as AddressInfo).port}`,
      '--otlp',
      `http://127.0.0.1:${nobody}`,
      '--forward',
      'unix:///absent.socket',
    ]);
    expect(code).to.equal(0);
    const attempts = lines.slice(lines.indexOf('') + 1);
    expect(attempts[0]).to.match(
      new RegExp(`^ok {6}queue ${queue}: can be made, \\d+ messages of \\d+ bytes$`),
    );
    expect(attempts.slice(1)).to.deep.equal([
      `ok      UDP 127.0.0.1:${udp}`,
      `ok      prometheus 127.0.0.1:${page}`,
      "away    forward unix:///absent.socket: ENOENT: no such file or directory, stat '/absent.socket'; it is tried again while the collector runs",
      `away    otlp http://127.0.0.1:${nobody}/: ECONNREFUSED; it is tried again while the collector runs`,
      `ok      graphite tcp://127.0.0.1:${(store.address() as AddressInfo).port}: something listens there`,
      '',
      'the configuration can be used',
      '',
    ]);
    expect(() => openQueue(queue, { access: 'write' }))
      .to.throw()
      .with.property('code', 'ENOENT');
  });

  it('tries TCP and UNIX sockets, too', async function () {
    if (process.platform !== 'linux') this.skip();
    const [tcp, directory] = [await freePort(), at.directory()];
    const [file, plain] = [join(directory, 'socket'), join(directory, 'plain')];
    writeFileSync(plain, '');
    const inputs = ['--tcp', `127.0.0.1:${tcp}`, '--unix', file];
    const base = ['--queue', 'off', '--udp', 'off', '--prometheus', String(await freePort())];
    const free = await check([...base, ...inputs, '--unix-mode', '660', '--unix-owner', ':1234']);
    expect(free.code).to.equal(0);
    expect(free.lines).to.include.members([
      `ok      TCP 127.0.0.1:${tcp}`,
      `ok      UNIX socket ${file}: can be made`,
    ]);
    expect(free.lines.join('\n'))
      .to.match(/^unix-mode +660 /m)
      .and.to.match(/^unix-owner +:1234 /m);
    await at.collector(inputs).ready();
    const taken = await check([...base, ...inputs, '--unix', plain]);
    expect(taken.code).to.equal(1);
    const tried = taken.lines.join('\n');
    expect(tried).to.match(new RegExp(`^failed {2}TCP 127.0.0.1:${tcp}: .*EADDRINUSE`, 'm'));
    expect(tried).to.match(new RegExp(`^in use {2}UNIX socket ${file}: `, 'm'));
    expect(tried).to.match(new RegExp(`^failed {2}UNIX socket ${plain}: .*ENOTSOCK`, 'm'));
  });

  it('ends with 1 and says why if a port is taken by another program', async () => {
    const socket = createSocket('udp4').bind(0, '127.0.0.1');
    at.later(() => socket.close());
    const server = createServer((other) => other.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nno'));
    server.listen(0, '127.0.0.1');
    at.later(() => server.close());
    await Promise.all([once(socket, 'listening'), once(server, 'listening')]);
    const [udp, page] = [socket.address().port, (server.address() as AddressInfo).port];
    const { code, lines } = await check([
      '--queue',
      'off',
      '--udp',
      `127.0.0.1:${udp}`,
      '--prometheus',
      String(page),
    ]);
    expect(code).to.equal(1);
    const attempts = lines.slice(lines.indexOf('') + 1);
    expect(attempts[0]).to.match(new RegExp(`^failed {2}UDP 127.0.0.1:${udp}: .*EADDRINUSE`));
    expect(attempts[1]).to.match(new RegExp(`^failed {2}prometheus 127.0.0.1:${page}: .*EADDRINUSE`));
    expect(attempts.at(-2)).to.equal('the collector would not start: 2 of 2 parts failed');
  });

  it('ends with 0 beside a collector that runs with the same configuration, as before a reload', async () => {
    const [queue, udp, page] = [at.queueName(), await freePort(), await freePort()];
    const args = ['--queue', queue, '--udp', `127.0.0.1:${udp}`, '--prometheus', String(page)];
    const collector = await at.collector(args).ready();
    const { code, lines } = await check(args);
    expect(lines.slice(lines.indexOf('') + 1, -3)).to.deep.equal([
      `in use  queue ${queue}: read by process ${collector.child.pid} of user ${process.getuid!()}`,
      `in use  UDP 127.0.0.1:${udp}: a collector that runs has this port`,
      `in use  prometheus 127.0.0.1:${page}: a collector that runs has this port`,
    ]);
    expect(code).to.equal(0);
  });

  it('says what waits in a queue that is there and nobody reads', async () => {
    const queue = at.queueName();
    const create = { depth: 5, messageBytes: 2048, mode: 0o622, exclusive: true };
    const made = openQueue(queue, { access: 'write', create });
    at.later(() => unlinkQueue(queue));
    made.send(Buffer.from('hits:1|c'), 3);
    made.close();
    const { code, lines } = await check(['--queue', queue, '--udp', 'off']);
    expect(lines).to.include(`ok      queue ${queue}: 5 messages of 2048 bytes, 1 waiting`);
    expect(code).to.equal(0);
  });

  it('tries both loopbacks', async () => {
    const udp = await freePort();
    const { lines } = await check(['--queue', 'off', '--udp', String(udp)]);
    const attempts = lines.slice(lines.indexOf('') + 1);
    expect(attempts[0]).to.equal(`ok      UDP 127.0.0.1:${udp}`);
    expect(attempts[1]).to.match(new RegExp(`^ok {6}UDP \\[::1\\]:${udp}(: left out, .*)?$`));
  });
});
