import { once } from 'node:events';
import { type Server, type Socket, connect, createServer } from 'node:net';
import { freePort, need, until, useCleanup } from '@afstatsd/testing';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { TCPInput } from '../../src/input/tcp.js';
import { Log } from '../../src/log.js';
import { Receiver } from '../../src/receiver.js';
import { KeptOutput } from '../support/kept-output.js';
import { useStage } from '../support/stage.js';

interface Listening {
  readonly port: number;
  readonly receiver: Receiver;
  readonly output: KeptOutput;
  readonly input: TCPInput;
  readonly log: string[];
  readonly bad: string[];
  readonly client: (host?: string) => Promise<Socket>;
}

describe("the collector's TCP input", function () {
  this.timeout(60_000);
  const later = useCleanup();
  const at = useStage();

  async function listen(host = '127.0.0.1'): Promise<Listening> {
    const bad: string[] = [];
    const log: string[] = [];
    const receiver = new Receiver(
      100,
      () => {},
      (input, line, from) => bad.push(`${input} ${from?.address} ${line}`),
    );
    const output = new KeptOutput();
    receiver.outputs = [output];
    const port = await freePort();
    const input = new TCPInput([{ host, port }], receiver, new Log((line) => log.push(line)), () => {});
    later(() => input.stop(1000));
    await input.start();
    const client = async (to = '127.0.0.1'): Promise<Socket> => {
      const socket = connect(port, to);
      later(() => void socket.destroy());
      socket.on('error', () => {});
      await once(socket, 'connect');
      return socket;
    };
    return { port, receiver, output, input, log, bad, client };
  }

  it('reads lines wherever the stream is cut, and a last one without an end', async () => {
    const { receiver, output, client } = await listen();
    const socket = await client();
    for (const part of ['orders:1|c\nord', 'ers:2|c|#a:b\r\n\norders', ':', '4|c\nlast:1|c']) {
      socket.write(part);
      await new Promise((resolve) => setImmediate(resolve));
    }
    socket.end();
    await until('all have arrived', () => receiver.tcp.samples === 4);
    const sums = new Map<string, number>();
    for (const metric of output.metrics) {
      if (metric.type !== 'counter') throw new Error(`a ${metric.type}`);
      const key = [metric.name, ...(metric.tags ?? []).flat()].join();
      sums.set(key, (sums.get(key) ?? 0) + metric.value);
    }
    expect(Object.fromEntries(sums)).to.deep.equal({ orders: 5, 'orders,a,b': 2, last: 1 });
    expect(receiver.tcp).to.include({ messages: 4, badLines: 0 });
  });

  it('keeps the lines of several connections apart', async () => {
    const { receiver, output, client } = await listen();
    const sockets = await Promise.all(Array.from({ length: 20 }, () => client()));
    for (const [i, socket] of sockets.entries()) socket.write(`from${i}.hi`);
    for (const socket of sockets) socket.write('ts:1|c\n');
    await until('all have arrived', () => receiver.tcp.samples === 20);
    const names = output.metrics.map(({ name }) => name).sort();
    expect(names).to.deep.equal(sockets.map((_, i) => `from${i}.hits`).sort());
  });

  it('counts what it cannot read, a line that is too long, and one that is cut off, with the sender', async () => {
    const { receiver, bad, client } = await listen();
    const socket = await client();
    socket.write(`hits:1|x\nhits:1|c\n${'x'.repeat(100_000)}:1|c\nhits:1|c\n`);
    await until('the lines have arrived', () => receiver.tcp.samples === 2 && receiver.tcp.badLines === 2);
    socket.write('hits:1|c|#region:e');
    await until('it is connected', () => receiver.tcpConnections === 1);
    socket.resetAndDestroy();
    await until('the cut line is counted', () => receiver.tcp.badLines === 3);
    expect(receiver.tcp.samples).to.equal(2);
    expect(bad[0]).to.equal('tcp 127.0.0.1 hits:1|x');
  });

  it('answers nothing, and closes a connection that speaks HTTP before it reads any line of it', async () => {
    const { receiver, log, port, client } = await listen();
    const response = fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: 'hits:1|c\nhits:1|c\n' });
    expect(await response.then(String, () => 'refused')).to.equal('refused');
    const socket = await client();
    let answered = 0;
    socket.on('data', ({ length }) => (answered += length));
    socket.end('\nhits:2|c\n');
    await until('the line has arrived', () => receiver.tcp.samples === 1);
    await until('it is said', () => log.some((line) => line.includes('it speaks HTTP')));
    expect([answered, receiver.tcp.badLines]).to.deep.equal([0, 0]);
  });

  it('holds 1024 connections, refuses more, and says so', async () => {
    const { receiver, log, client } = await listen();
    const sockets = await Promise.all(Array.from({ length: 1024 }, () => client()));
    const one = await client();
    await once(one, 'close');
    await until('it is said', () => log.some((line) => line.includes('TCP: 1 connections were refused')));
    expect([receiver.tcpConnections, receiver.tcpRefused]).to.deep.equal([1024, 1]);
    sockets[0]!.destroy();
    await until('one is gone', () => receiver.tcpConnections === 1023);
    (await client()).write('hits:1|c\n');
    await until('another one is served', () => receiver.tcp.samples === 1);
  });

  it('takes what has arrived already when it is stopped, and closes connections', async () => {
    const { receiver, input, client } = await listen();
    const socket = await client();
    socket.write('first:1|c\n');
    await until('it is served', () => receiver.tcp.samples === 1);
    const closed = once(socket, 'close');
    await new Promise((resolve) => socket.write('hits:1|c\n'.repeat(20_000), resolve));
    await input.stop(10_000);
    expect(receiver.tcp.samples).to.equal(20_001);
    socket.destroy();
    await closed;
  });

  it('ends a stop in time while lines go on coming', async () => {
    const { receiver, input, client } = await listen();
    const socket = await client();
    const flood = setInterval(() => socket.write('hits:1|c\n'.repeat(1000)), 0);
    later(() => clearInterval(flood));
    await until('some have arrived', () => receiver.tcp.samples > 1000);
    await input.stop(100);
    expect(receiver.tcp.badLines).to.be.at.most(1);
  });

  it('is both loopbacks on localhost', async function () {
    need(this, 'IPv6');
    const { receiver, log, port, client } = await listen('localhost');
    (await client('127.0.0.1')).end('four:1|c');
    (await client('::1')).end('six:1|c');
    await until('both have arrived', () => receiver.tcp.samples === 2);
    const said = log.filter((line) => line.includes('listening on TCP'));
    expect(said.map((line) => line.split('TCP ')[1])).to.deep.equal([`127.0.0.1:${port}`, `[::1]:${port}`]);
  });

  it('says what to do when the port is taken', async () => {
    const port = await freePort();
    const other: Server = createServer().listen(port, '127.0.0.1');
    later(() => void other.close());
    await once(other, 'listening');
    const input = new TCPInput(
      [{ host: '127.0.0.1', port }],
      new Receiver(1, () => {}),
      new Log(() => {}),
      () => {},
    );
    const error = await input.start().then(String, ({ message }: Error) => message);
    expect(error).to.equal(
      `can't listen on TCP 127.0.0.1:${port} (EADDRINUSE): another program has this port; end it, or give --tcp another one, or --tcp off`,
    );
  });

  it('is counted among the own metrics of the program, and shown at the head of its table', async () => {
    const port = await freePort();
    const program = await at.collector(['--tcp', `127.0.0.1:${port}`]).ready();
    const socket = connect(port, '127.0.0.1').on('error', () => {});
    later(() => void socket.destroy());
    socket.write('hits:1|c\nhits:1|x\n');
    await until('it is counted', () => {
      const { counters, gauges } = program.arrived;
      return (
        counters['afstatsd.collector.messages{input=tcp}'] === 2 &&
        counters['afstatsd.collector.bad_lines{input=tcp}'] === 1 &&
        gauges['afstatsd.collector.connections{input=tcp}'] === 1
      );
    });
    await program.printed(`TCP from 127.0.0.1:${socket.localPort}: a line can't be read`);
    const table = await at.collector(['--tcp', `127.0.0.1:${await freePort()}`], { table: true }).ready();
    await until('the head is shown', () =>
      /^TCP {6}0 lines\/s, 0 samples\/s, 0 in all, 0 bad$/m.test(table.stdout),
    );
    expect(table.stdout).to.not.include('UNIX');
  });
});
