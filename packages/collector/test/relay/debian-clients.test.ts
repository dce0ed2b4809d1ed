import { mkdirSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { type Socket, connect } from 'node:net';
import path from 'node:path';
import { type Program, freePort, need, until } from '@afstatsd/testing';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { CollectorProgram } from '../support/collector-program.js';
import { useStage } from '../support/stage.js';

const RUBY = `
require 'statsd'
port = ARGV[0].to_i
c = Statsd.new('localhost', port)
c.namespace = 'rb'
200.times { c.increment 'hits' }
c.decrement 'hits'
c.count 'hits', 5
100.times { |i| c.timing 'took', i + 1 }
c.gauge 'level', 5
c.gauge 'level', -2
%w[ann bob ann].each { |name| c.set 'users', name }
c.batch { |b| 100.times { b.increment 'batched' } }
Statsd.new('localhost', port, :tcp).tap { |t| t.increment 'overtcp' } if ARGV[1]
c.increment 'end'
`;

const PERL = `
use Net::Statsd;
$Net::Statsd::HOST = 'localhost';
$Net::Statsd::PORT = $ARGV[0];
Net::Statsd::increment('pl.hits') for 1 .. 200;
Net::Statsd::decrement('pl.hits');
Net::Statsd::update_stats(['pl.hits', 'pl.more'], 5);
Net::Statsd::timing('pl.took', $_) for 1 .. 100;
Net::Statsd::gauge('pl.level' => 5, 'pl.other' => 1.5);
Net::Statsd::gauge('pl.level' => '-2');
Net::Statsd::increment('pl.end');
`;

const WSGI = `
def app(environ, start_response):
    start_response('404 Not Found' if environ['PATH_INFO'] == '/no' else '200 OK', [('Content-Length', '0')])
    return [b'']
`;

describe("a client of Debian's", function () {
  this.timeout(120_000);
  const at = useStage();

  async function listening(...more: string[]): Promise<{ port: number; collector: CollectorProgram }> {
    const port = await freePort();
    const over = ['--udp', ...more].flatMap((flag) => [flag, `localhost:${port}`]);
    return { port, collector: await at.collector(over).ready() };
  }

  const counter = (collector: CollectorProgram, name: string): number =>
    collector.arrived.counters[name] ?? 0;

  async function ended(client: Program, collector: CollectorProgram, ...last: string[]): Promise<void> {
    expect(await client.exit(), client.stderr).to.equal(0);
    await until('all has arrived', () => last.every((name) => counter(collector, name) === 1));
    expect(await collector.kill('SIGTERM')).to.equal(0);
    const bad = Object.entries(collector.arrived.counters).filter(([name]) => name.includes('bad_lines'));
    expect(bad.map(([, lines]) => lines)).to.satisfy((all: number[]) => all.every((lines) => lines === 0));
  }

  it('ruby-statsd: all that it sends to localhost is counted, over TCP, too', async function () {
    need(this, 'ruby-statsd');
    const { port, collector } = await listening('--tcp');
    await ended(at.command('ruby', ['-e', RUBY, String(port), 'tcp']), collector, 'rb.end', 'overtcp');
    const { counters, gauges, timers } = collector.arrived;
    expect(counters).to.include({ 'rb.hits': 204, 'rb.batched': 100, overtcp: 1 });
    expect(gauges).to.include({ 'rb.level': 3 });
    expect(timers['rb.took']).to.include({ count: 100, min: 1, max: 100 });
  });

  it('libnet-statsd-perl: all that it sends to localhost is counted', async function () {
    need(this, 'perl-statsd');
    const { port, collector } = await listening();
    await ended(at.command('perl', ['-e', PERL, String(port)]), collector, 'pl.end');
    const { counters, gauges, timers } = collector.arrived;
    expect(counters).to.include({ 'pl.hits': 204, 'pl.more': 5 });
    expect(gauges).to.include({ 'pl.level': 3, 'pl.other': 1.5 });
    expect(timers['pl.took']).to.include({ count: 100, min: 1, max: 100 });
  });

  it('gunicorn --statsd-host: its requests, their times and states are counted, with its tags', async function () {
    need(this, 'gunicorn');
    const { port, collector } = await listening();
    const directory = at.directory();
    writeFileSync(path.join(directory, 'hello.py'), WSGI);
    const web = `127.0.0.1:${await freePort()}`;
    const server = at.command('gunicorn', [
      `--chdir=${directory}`,
      `--worker-tmp-dir=${directory}`,
      `--bind=${web}`,
      `--statsd-host=localhost:${port}`,
      '--statsd-prefix=web',
      '--dogstatsd-tags=app:x',
      'hello:app',
    ]);
    const get = (url: string): Promise<number> =>
      fetch(url).then(
        ({ status }) => status,
        () => 0,
      );
    let isUp = 0;
    await until('it serves', async () => (isUp += Number((await get(`http://${web}/no`)) === 404)) > 0);
    for (let i = 0; i < 20; i++) expect(await get(`http://${web}/`)).to.equal(200);
    const of = (name: string): string => `web.gunicorn.${name}{app=x}`;
    await until('all have arrived', () => counter(collector, of('request.status.200')) === 20);
    expect(await server.kill('SIGTERM')).to.equal(0);
    expect(await collector.kill('SIGTERM')).to.equal(0);
    const { counters, gauges, timers } = collector.arrived;
    expect(counters).to.include({ [of('requests')]: 20 + isUp, [of('request.status.404')]: isUp });
    expect(counters['afstatsd.collector.bad_lines{input=udp}']).to.equal(0);
    expect(timers[of('request.duration')]).to.include({ count: 20 + isUp });
    expect(gauges[of('workers')]).to.be.a('number');
  });

  for (const over of ['udp', 'tcp'] as const) {
    it(`ProFTPD's mod_statsd over ${over}: its commands, their times and open connections are counted`, async function () {
      need(this, 'proftpd');
      need(this, 'root');
      const { port, collector } = await listening(over === 'tcp' ? '--tcp' : '--udp');
      const ftp = await freePort();
      startProftpd(ftp, `${over}://127.0.0.1:${port}`);
      const session = await login(ftp);
      for (let i = 0; i < 5; i++) await ask(session, 'NOOP', '200');
      await until('its commands have arrived', () => counter(collector, 'command.NOOP.200') === 5);
      await until('it is a connection', () => collector.arrived.gauges['connection'] === 1);
      await ask(session, 'QUIT', '221');
      await until('it is gone', () => collector.arrived.gauges['connection'] === 0);
      expect(await collector.kill('SIGTERM')).to.equal(0);
      expect(collector.arrived.timers['command.NOOP.200']).to.include({ count: 5 });
      expect(counter(collector, `afstatsd.collector.bad_lines{input=${over}}`)).to.equal(0);
    });
  }

  function startProftpd(port: number, statsd: string): void {
    const directory = at.directory();
    mkdirSync(path.join(directory, 'run'));
    const file = path.join(directory, 'proftpd.conf');
    writeFileSync(
      file,
      `ServerType standalone
DefaultServer on
DefaultAddress 127.0.0.1
UseIPv6 off
Port ${port}
User nobody
Group nogroup
PidFile ${directory}/run/pid
ScoreboardFile ${directory}/run/scoreboard
SystemLog none
TransferLog none
WtmpLog off
ModulePath /usr/lib/proftpd
LoadModule mod_statsd.c
StatsdEngine on
StatsdServer ${statsd}
`,
    );
    at.command('/usr/sbin/proftpd', ['--nodaemon', '--quiet', '--config', file]);
  }

  async function login(port: number): Promise<Socket> {
    let session: Socket | undefined;
    await until('it listens', async () => {
      const socket = connect(port, '127.0.0.1');
      at.later(() => void socket.destroy());
      session = await once(socket, 'data').then(
        () => socket,
        () => undefined,
      );
      return session !== undefined;
    });
    return session!;
  }

  async function ask(session: Socket, command: string, code: string): Promise<void> {
    session.write(`${command}\r\n`);
    const [answer] = (await once(session, 'data')) as [Buffer];
    expect(String(answer).slice(0, 3)).to.equal(code);
  }
});
