import { createSocket } from 'node:dgram';
import { freePort, need, until } from '@afstatsd/testing';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { UDPInput } from '../../src/input/udp.js';
import { Log } from '../../src/log.js';
import { Receiver } from '../../src/receiver.js';
import { KeptOutput } from '../support/kept-output.js';
import { sendDatagrams } from '../support/send-datagrams.js';

describe("the collector's UDP input", () => {
  const inputs: UDPInput[] = [];
  afterEach(() => Promise.all(inputs.splice(0).map((input) => input.stop(1000))));

  async function listen(host = '127.0.0.1'): Promise<{
    port: number;
    receiver: Receiver;
    output: KeptOutput;
    input: UDPInput;
    log: string[];
  }> {
    const log: string[] = [];
    const receiver = new Receiver(100, () => {});
    const output = new KeptOutput();
    receiver.outputs = [output];
    const port = await freePort(host);
    const input = new UDPInput([{ host, port }], receiver, new Log((line) => log.push(line)));
    inputs.push(input);
    await input.start();
    return { port, receiver, output, input, log };
  }

  it('reads etsy lines, several a datagram', async () => {
    const { port, receiver, output } = await listen();
    await sendDatagrams(port, [
      'hits:1|c\nhits:-2|c|@0.5\r\nsize:7|g\nsize:+3|g\nsize:-4|g\nwait:320|ms|@0.1\nusers:ann|s\n',
    ]);
    await until('all have arrived', () => receiver.udp.samples === 7);
    expect(output.metrics).to.deep.equal([
      { type: 'counter', name: 'hits', value: 1, rate: 1 },
      { type: 'counter', name: 'hits', value: -2, rate: 0.5 },
      { type: 'gauge', name: 'size', value: 7 },
      { type: 'gauge', name: 'size', value: 10 },
      { type: 'gauge', name: 'size', value: 6 },
      { type: 'timer', name: 'wait', values: [320], rate: 0.1 },
      { type: 'set', name: 'users', members: ['ann'] },
    ]);
    expect(receiver.udp).to.include({ messages: 1, badLines: 0 });
  });

  it('reads DogStatsD lines: packed values, rates, tags, histograms, container ids and times', async () => {
    const { port, receiver, output } = await listen();
    await sendDatagrams(port, [
      'hits:1:2:3|c|@0.5|#host:a,flag\nwait:10:5:7|ms|@0.5|#host:a|c:ci-1\nsize:1:2|h\nload:4|d|#b:c\nlevel:-5|g|#host:a|T1795354531',
    ]);
    await until('all have arrived', () => output.metrics.length === 5);
    expect(output.metrics).to.deep.equal([
      {
        type: 'counter',
        name: 'hits',
        tags: [
          ['host', 'a'],
          ['flag', ''],
        ],
        value: 6,
        rate: 0.5,
      },
      { type: 'timer', name: 'wait', tags: [['host', 'a']], values: [10, 5, 7], rate: 0.5 },
      { type: 'timer', as: 'histogram', name: 'size', values: [1, 2], rate: 1 },
      { type: 'timer', as: 'distribution', name: 'load', tags: [['b', 'c']], values: [4], rate: 1 },
      { type: 'gauge', name: 'level', tags: [['host', 'a']], value: -5, timestamp: 1_795_354_531 },
    ]);
    expect(receiver.udp.badLines).to.equal(0);
  });

  it('takes datagrams up to the largest that there are, 65,507 bytes', async () => {
    const { port, receiver, output } = await listen();
    const lines = Array.from({ length: 5000 }, (_, i) => `hits.${i % 10}:1|c`).join('\n');
    const last = '\nlast:1|c';
    const datagram = lines + `\n${'x'.repeat(65_507 - lines.length - last.length - 1)}` + last;
    expect(datagram).to.have.length(65_507);
    await sendDatagrams(port, [datagram]);
    await until('it has arrived', () => receiver.udp.messages === 1);
    expect(receiver.udp).to.include({ messages: 1, samples: 5001, badLines: 1 });
    expect(output.metrics.at(-1)).to.include({ name: 'last' });
  });

  it('listens on IPv6', async function () {
    need(this, 'IPv6');
    const { port, receiver } = await listen('::1');
    await sendDatagrams(port, ['hits:1|c'], '::1');
    await until('it has arrived', () => receiver.udp.samples === 1);
  });

  it('listens on a host by name', async () => {
    const { port, receiver } = await listen('localhost');
    await sendDatagrams(port, ['hits:1|c']);
    await until('it has arrived', () => receiver.udp.samples === 1);
  });

  it('is both loopbacks on localhost, of which it says so', async function () {
    need(this, 'IPv6');
    const { port, receiver, log } = await listen('localhost');
    await sendDatagrams(port, ['hits:1|c']);
    await sendDatagrams(port, ['hits:1|c'], '::1');
    await until('both have arrived', () => receiver.udp.samples === 2);
    expect(log.map((line) => line.replace('afstatsd-collector: ', ''))).to.deep.equal([
      `listening on UDP 127.0.0.1:${port}`,
      `listening on UDP [::1]:${port}`,
    ]);
  });

  it('does not count a probe', async () => {
    const { port, receiver } = await listen();
    await sendDatagrams(port, ['', '', 'hits:1|c']);
    await until('it has arrived', () => receiver.udp.samples === 1);
    expect(receiver.udp.messages).to.equal(1);
  });

  it('takes what has arrived already when it is stopped', async () => {
    const { port, receiver, input } = await listen();
    const socket = createSocket('udp4');
    // Connected and sent to in one turn: nothing of it has been read when stop is called.
    await new Promise<void>((resolve) => socket.connect(port, '127.0.0.1', resolve));
    for (let i = 0; i < 100; i++) socket.send('hits:1|c');
    await input.stop(1000);
    socket.close();
    expect(receiver.udp.samples).to.equal(100);
  });

  it('ends a stop in time while datagrams go on coming', async () => {
    const { port, receiver, input } = await listen();
    const socket = createSocket('udp4');
    await new Promise<void>((resolve) => socket.connect(port, '127.0.0.1', resolve));
    socket.on('error', () => {}); // once nobody listens any more
    const flood = setInterval(() => {
      for (let i = 0; i < 50; i++) socket.send('hits:1|c');
    }, 0);
    await until('some have arrived', () => receiver.udp.samples > 100);
    const began = performance.now();
    await input.stop(100);
    expect(performance.now() - began).to.be.below(30_000);
    clearInterval(flood);
    socket.close();
  });
});
