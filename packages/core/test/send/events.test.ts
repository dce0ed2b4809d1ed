import { usePrograms, useClients, useQueues, useReceivers, until } from '@afstatsd/testing';
import { expect } from 'chai';
import { AFTransport, UDPTransport, decode, teeTransports } from '../../src/index.js';

const INDEX = require.resolve('../../src/index.js');

describe('events and service checks', () => {
  const receivers = useReceivers();
  const makeClient = useClients();
  const queues = useQueues();
  const programs = usePrograms();

  it('leave at once, with the tags of the client, and are no samples', async () => {
    const receiver = await receivers.udp();
    const transport = new UDPTransport({ port: receiver.port, format: 'dogstatsd' });
    const { statsd } = makeClient({ transport, service: 'shop', tags: { region: 'eu' } });
    const child = statsd.child({ prefix: 'pay', tags: { team: 'a' } });
    child.event('deployed', 'a|b\nc', { alertType: 'success', date: 5, tags: { region: 'us' } });
    child.serviceCheck('db', 'critical', { hostname: 'h|1', message: 'm: no' });
    await until('both have come', () => receiver.messages.length >= 2);
    expect(receiver.messages).to.deep.equal([
      '_e{8,6}:deployed|a|b\\nc|d:5|t:success|#region:us,team:a,service:shop',
      '_sc|db|2|h:h_1|#team:a,region:eu,service:shop|m:m\\: no',
    ]);
    expect(statsd.stats()).to.deep.include({ recorded: 0, events: { sent: 2, pending: 0, dropped: 0 } });
  });

  it('do not have the metrics leave that wait', async () => {
    const receiver = await receivers.udp();
    const transport = new UDPTransport({ port: receiver.port, format: 'dogstatsd' });
    const { statsd } = makeClient({ transport, interval: 60_000 });
    statsd.event('first');
    await until('the first has come', () => receiver.messages.length === 1);
    statsd.increment('waits');
    statsd.event('second');
    await until('the second has come', () => receiver.messages.length === 2);
    expect(statsd.stats().pending).to.equal(1);
  });

  it('wait while nobody is there, a thousand at most', async () => {
    const { statsd, log } = makeClient({
      transport: new AFTransport({ queue: `/afstatsd-none-${process.pid}`, fallback: false }),
    });
    for (let at = 0; at < 1010; at++) statsd.event(`event ${at}`);
    expect(statsd.stats().events).to.deep.equal({ sent: 0, pending: 1000, dropped: 10 });
    expect(log.warnings.filter((line) => line.includes('more than 1000 wait'))).to.have.length(1);
    const receiver = await receivers.udp();
    statsd.setTransport(new UDPTransport({ port: receiver.port, format: 'dogstatsd' }));
    await until('they have left', async () => (await statsd.flush(), statsd.stats().events.pending === 0));
    await receiver.readAll();
    expect(receiver.messages[0]).to.contain('event 10|');
  });

  it('are dropped, which is said once, where the receiver reads none', async () => {
    const receiver = await receivers.udp();
    const { statsd, log } = makeClient({
      transport: new UDPTransport({ port: receiver.port, format: 'etsy' }),
    });
    statsd.event('a');
    statsd.serviceCheck('b', 'ok');
    await until('they are dropped', () => statsd.stats().events.dropped === 2);
    expect(log.warnings).to.have.length(1);
    expect(log.warnings[0]).to.contain('reads no DogStatsD');
    expect(receiver.messages).to.deep.equal([]);
  });

  it('go to our collector over the queue, and not to the original one', async () => {
    const queue = queues.make();
    const collector = queues.open(queue.name, { access: 'readwrite' });
    const { statsd } = makeClient({ transport: new AFTransport({ queue: queue.name, fallback: false }) });
    statsd.event('to nobody');
    expect(statsd.stats().events).to.deep.equal({ sent: 0, pending: 0, dropped: 1 });
    collector.setMark(1_000);
    statsd.event('deployed');
    await until('it has left', async () => (await statsd.flush(), statsd.stats().events.sent === 1));
    const messages = queue.readAll().map(({ text }) => text);
    expect(messages.flatMap((message) => decode(message).events).join()).to.contain(
      '_e{8,8}:deployed|deployed',
    );
  });

  it('go to both transports of a tee', async () => {
    const [first, second] = [await receivers.udp(), await receivers.udp()];
    const to = ({ port }: { port: number }): UDPTransport => new UDPTransport({ port, format: 'dogstatsd' });
    const { statsd } = makeClient({ transport: teeTransports(to(first), to(second)), service: false });
    statsd.event('a');
    await until('the first has it', () => first.messages.length > 0);
    await statsd.flush();
    statsd.event('b');
    await until('both have one', () => first.messages.length > 1 && second.messages.length > 0);
    expect(second.messages).to.include('_e{1,1}:b|b');
  });

  it('leave at the end of the process', async () => {
    const receiver = await receivers.udp();
    const program = programs.node([
      '-e',
      `const { StatsdClient, UDPTransport } = require(${JSON.stringify(INDEX)});
       const transport = new UDPTransport({ port: ${receiver.port}, format: 'dogstatsd' });
       const statsd = new StatsdClient({ transport, service: false });
       statsd.event('last words');
       process.exit();`,
    ]);
    await program.ended();
    await until('it has come', () => receiver.messages.length > 0);
    expect(receiver.messages).to.deep.equal(['_e{10,10}:last words|last words']);
  });

  it('never throw: what is no event is refused, and so is one after the shutdown', async () => {
    const receiver = await receivers.udp();
    const { statsd, log } = makeClient({
      transport: new UDPTransport({ port: receiver.port, format: 'dogstatsd' }),
    });
    const odd = [undefined, 7, '', Symbol('x'), {}] as never[];
    for (const one of odd) {
      statsd.event(one, one);
      statsd.serviceCheck(one, one);
    }
    statsd.event('a', 'b', { tags: 'x' as never });
    statsd.serviceCheck('a', 'toString' as never);
    expect(statsd.stats()).to.include({ rejected: 12 });
    await statsd.shutdown();
    statsd.event('late');
    expect(statsd.stats()).to.include({ rejected: 13 });
    expect(log.warnings.join('\n')).to.contain('event "late" came after shutdown');
  });

  it('one that is longer than a datagram that the Agent reads is dropped', async () => {
    const receiver = await receivers.udp();
    const { statsd } = makeClient({
      transport: new UDPTransport({ port: receiver.port, format: 'dogstatsd' }),
    });
    statsd.event('long', 'x'.repeat(9000));
    await until('it is dropped', async () => (await statsd.flush(), statsd.stats().events.dropped === 1));
  });
});
