import { mkdirSync, rmSync } from 'node:fs';
import { Totals, until, useClients, usePrograms, useReceivers } from '@afstatsd/testing';
import { expect } from 'chai';
import { StatsdClient, UDSTransport, type UDSTransportOptions } from '../../src/index.js';
import { expectAll } from '../support/expect-all.js';
import { parseDogstatsd } from '../support/strict-parsers.js';
import { openDescriptors } from '../support/open-descriptors.js';
import { programFile } from '../support/program-file.js';

describe('UDSTransport', () => {
  const makeClient = useClients();
  const programs = usePrograms();
  const { socketPath, unix: receive } = useReceivers();

  it('sends every kind of metric, in the dogstatsd format, with tags', async () => {
    const server = receive();
    const { statsd } = makeClient({ transport: new UDSTransport({ path: server.path }) });
    const options = { tags: { a: 'b' } };
    statsd.updateStats('c', -3, options);
    statsd.gauge('g', -1.5, options);
    statsd.timing('t', 1, options);
    statsd.timing('t', 2.5, options);
    statsd.set('s', 'größe', options);
    expect(await statsd.flush()).to.deep.equal({ sent: 5, pending: 0 });
    const message = 'c:-3|c|#a:b\ng:0|g|#a:b\ng:-1.5|g|#a:b\nt:1:2.5|ms|#a:b\ns:größe|s|#a:b';
    expect(server.readAll()).to.deep.equal([message]);
    const { state, messages, bytes } = statsd.stats().transport;
    expect({ state, messages, bytes }).to.deep.equal({
      state: 'open',
      messages: 1,
      bytes: Buffer.byteLength(message),
    });
  });

  it('sends each call at once when not aggregating', () => {
    const server = receive();
    const { statsd } = makeClient({
      transport: new UDSTransport({ path: server.path, format: 'etsy' }),
      interval: 0,
    });
    statsd.increment('a');
    statsd.gauge('b', -2);
    expect(server.readAll()).to.deep.equal(['a:1|c', 'b:0|g\nb:-2|g']);
  });

  it('fits datagrams to maxMessageBytes, by default 8192', async () => {
    for (const [options, longest] of [
      [{}, 8192],
      [{ maxMessageBytes: 100 }, 100],
    ] as [UDSTransportOptions, number][]) {
      const server = receive();
      const { statsd } = makeClient({ transport: new UDSTransport({ path: server.path, ...options }) });
      for (let i = 0; i < 100; i++) statsd.increment(`${'long.'.repeat(16)}${i}`);
      const messages: string[] = [];
      const flushed = statsd.flush({ timeout: 60_000 });
      await until(
        'all has arrived',
        () => (messages.push(...server.readAll()), statsd.stats().pending === 0),
      );
      await flushed;
      messages.push(...server.readAll());
      for (const message of messages) expect(Buffer.byteLength(message)).to.be.at.most(longest);
      expect(messages.flatMap(parseDogstatsd)).to.have.length(100);
      if (longest === 8192) expect(messages).to.have.length(2);
    }
  });

  it('keeps everything pending while the server does not read, and loses nothing', async () => {
    const server = receive();
    const { statsd, log } = makeClient({
      transport: new UDSTransport({ path: server.path, maxMessageBytes: 200 }),
    });
    const record = (): void => {
      for (let i = 0; i < 2000; i++) statsd.increment(`counter.number.${i}`);
      for (let i = 0; i < 500; i++) statsd.timing('t', i);
      statsd.gauge('g', 5);
    };
    record();
    const { sent, pending } = await statsd.flush({ timeout: 60 });
    expect(sent).to.be.within(1, 2000);
    expect(sent + pending).to.equal(2501);
    await until('the socket is full', () => statsd.stats().transport.full > 0);
    expect(statsd.stats().transport.state).to.equal('open');
    record();
    const totals = new Totals();
    const flushed = statsd.flush({ timeout: 60_000 });
    await until('all has arrived', () => {
      for (const message of server.readAll()) totals.add(message);
      return statsd.stats().pending === 0;
    });
    await flushed;
    for (const message of server.readAll()) totals.add(message);
    expect(totals.counters.size).to.equal(2000);
    expect(new Set(totals.counters.values())).to.deep.equal(new Set([2]));
    expect(totals.timers.get('t')!.count).to.equal(1000);
    expect([...totals.timers.get('t')!.values].sort((a, b) => a - b)[999]).to.equal(499);
    expect(totals.gauges.get('g')).to.equal(5);
    expect(log.warnings).to.deep.equal([]);
  });

  it('goes on with the server that takes the place of one that is gone, at the next flush', async () => {
    const server = receive();
    const { statsd, log } = makeClient({ transport: new UDSTransport({ path: server.path }) });
    statsd.increment('a');
    await statsd.flush();
    expect(server.readAll()).to.deep.equal(['a:1|c']);
    server.close(); // killed: its path stays
    statsd.increment('a');
    expect(await statsd.flush()).to.deep.equal({ sent: 0, pending: 1 });
    server.remove();
    statsd.increment('a');
    expect(await statsd.flush()).to.deep.equal({ sent: 0, pending: 2 });
    const next = receive(server.path);
    expect(await statsd.flush()).to.deep.equal({ sent: 2, pending: 0 });
    expect(next.readAll()).to.deep.equal(['a:2|c']);
    // One line a change of state: that it was refused, that it was absent, that it is back.
    expect(log.warnings.map((line) => /: (E[A-Z]+)\b/.exec(line)?.[1])).to.deep.equal([
      'ECONNREFUSED',
      'ENOENT',
    ]);
    expect(log.infos.at(-1)).to.contain(server.path);
  });

  it('keeps everything pending while nothing is there, and says so once', async () => {
    const { statsd, log } = makeClient({ transport: new UDSTransport({ path: '/nowhere/dsd.socket' }) });
    for (let i = 0; i < 3; i++) {
      statsd.increment('a');
      expect(await statsd.flush()).to.deep.equal({ sent: 0, pending: i + 1 });
    }
    expect(log.warnings).to.have.length(1);
    expect(log.warnings[0]).to.contain('/nowhere/dsd.socket').and.contain('ENOENT');
    expect(statsd.stats().transport.state).to.equal('unavailable');
  });

  it('says that what is there is no datagram socket, or may not be written to', async () => {
    const at = socketPath();
    mkdirSync(at);
    const { statsd, log } = makeClient({ transport: new UDSTransport({ path: at }) });
    statsd.increment('a');
    expect(await statsd.flush()).to.deep.equal({ sent: 0, pending: 1 });
    expect(log.warnings.join()).to.match(/ECONNREFUSED|EACCES|ENOTSOCK/);
  });

  it('leaks no file descriptor, however often it connects', async () => {
    const at = socketPath();
    const { statsd } = makeClient({ transport: new UDSTransport({ path: at }) });
    statsd.increment('a');
    await statsd.flush();
    const before = openDescriptors();
    for (let i = 0; i < 200; i++) {
      const server = receive(at);
      statsd.increment('a');
      await statsd.flush();
      expect(statsd.stats().pending).to.equal(0);
      if (i % 2 === 0) server.readAll();
      server.close();
      statsd.increment('a');
      await statsd.flush(); // refused
      await statsd.flush(); // refused when it connects
      rmSync(at);
      await statsd.flush(); // absent
    }
    const transport = new UDSTransport({ path: at });
    const server = receive(at);
    for (let i = 0; i < 100; i++) {
      expect(transport.open()).to.not.equal(undefined);
      expect(transport.open()).to.not.equal(undefined);
      transport.close();
      transport.close();
    }
    server.close();
    await statsd.shutdown({ timeout: 0 });
    expect(openDescriptors()).to.be.at.most(before);
  });

  it('can be opened again after it was closed', async () => {
    const server = receive();
    const transport = new UDSTransport({ path: server.path });
    const first = makeClient({ transport });
    first.statsd.increment('a');
    await first.statsd.shutdown();
    expect(transport.stats().state).to.equal('closed');
    const second = makeClient({ transport });
    second.statsd.increment('b');
    await second.statsd.flush();
    expect(server.readAll()).to.deep.equal(['a:1|c', 'b:1|c']);
  });

  it('is what a URL stands for, with its options', async () => {
    const server = receive();
    const { statsd } = makeClient({
      transport: `unix://${server.path}?format=etsy&maxMessageBytes=20&timerRate=false`,
    });
    statsd.increment('größe', { tags: { a: 'b' } });
    statsd.increment('another.one');
    await statsd.flush();
    expect(server.readAll()).to.deep.equal(['gr__e.b:1|c', 'another.one:1|c']);
    const dogstatsd = makeClient({ transport: `unix://${server.path}?format=dogstatsd&timer=distribution` });
    dogstatsd.statsd.timing('t', 1);
    await dogstatsd.statsd.flush();
    expect(server.readAll()).to.deep.equal(['t:1|d']);
  });

  it('takes a path that has blanks and letters of other scripts, also from a URL', async () => {
    const at = `${socketPath()} größe%41`;
    const server = receive(at);
    const { statsd } = makeClient({ transport: new UDSTransport({ path: at }) });
    statsd.increment('a');
    await statsd.flush();
    const fromUrl = makeClient({ transport: `unix://${encodeURI(at)}` });
    fromUrl.statsd.increment('b');
    await fromUrl.statsd.flush();
    expect(server.readAll()).to.deep.equal(['a:1|c', 'b:1|c']);
  });

  it('refuses a path or an option that can not be used, with a TypeError', () => {
    const paths = [
      '',
      'dsd.socket',
      './dsd.socket',
      '/',
      '/a\0b',
      `/${'x'.repeat(107)}`,
      `/${'é'.repeat(54)}`,
      5,
      null,
    ];
    for (const at of paths)
      expect(() => new UDSTransport({ path: at as never }), String(at)).to.throw(TypeError, /path/);
    expect(() => new UDSTransport({ path: `/${'x'.repeat(106)}` })).to.not.throw();
    for (const options of [
      { format: 'af' },
      { maxMessageBytes: 0 },
      { maxMessageBytes: 65_508 },
      { timer: 'x' },
      { colour: 'blue' },
    ])
      expect(() => new UDSTransport(options as never)).to.throw(TypeError);
    for (const url of [
      'unix:',
      'unix://',
      'unix:///',
      'unix:///a?format=af',
      'unix:///a?colour=blue',
      `unix:///${'x'.repeat(107)}`,
      'unix:///%',
    ])
      expect(() => new StatsdClient({ transport: url }), url).to.throw(TypeError);
  });

  for (const where of ['falls off the end', 'exits', 'worker']) {
    it(`sends everything when the process ends: ${where}`, async () => {
      const server = receive();
      const program = programs.node([programFile('uds'), where], {
        env: { AFSTATSD_URL: `unix://${server.path}` },
      });
      const { code, stderr } = await program.ended();
      expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
      expectAll(Totals.of(server.readAll()));
    });
  }

  it('waits for room when the process ends, and everything arrives', async () => {
    const server = receive();
    const program = programs.node([programFile('uds'), 'fills it'], {
      env: { AFSTATSD_URL: `unix://${server.path}` },
    });
    const totals = new Totals();
    let ended = false;
    void program.ended().then(() => (ended = true));
    await until('the program has ended', () => {
      for (const message of server.readAll()) totals.add(message);
      return ended;
    });
    for (const message of server.readAll()) totals.add(message);
    expect(program.stderr).to.equal('');
    expectAll(totals);
    expect(totals.counters.size).to.equal(9_001);
  });
});
