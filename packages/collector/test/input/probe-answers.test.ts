import { type Socket, createSocket } from 'node:dgram';
import { once } from 'node:events';
import { freePort, need, until } from '@afstatsd/testing';
import { expect } from 'chai';
import { afterEach, describe, it } from 'mocha';
import { ProbeAnswers } from '../../src/input/probe-answers.js';
import { UDPInput } from '../../src/input/udp.js';
import { Log } from '../../src/log.js';
import { Receiver } from '../../src/receiver.js';

describe('the answer to a probe', () => {
  const inputs: UDPInput[] = [];
  const sockets: Socket[] = [];
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.close();
    await Promise.all(inputs.splice(0).map((input) => input.stop(1000)));
  });

  async function listen(host = '127.0.0.1') {
    const receiver = new Receiver(100, () => {});
    const port = await freePort(host);
    const input = new UDPInput([{ host, port }], receiver, new Log(() => {}));
    inputs.push(input);
    await input.start();
    return { port, receiver, input };
  }

  /** A client's socket, and what it hears. */
  async function client(port: number, host = '127.0.0.1') {
    const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
    sockets.push(socket);
    const heard: string[] = [];
    socket.on('message', (message) => heard.push(String(message)));
    socket.connect(port, host);
    await once(socket, 'connect');
    return { heard, send: (text: string): void => socket.send(text) };
  }

  for (const host of ['127.0.0.1', '::1']) {
    it(`is one line that says how often to send, over ${host}`, async function () {
      if (host === '::1') need(this, 'IPv6');
      const { port, input } = await listen(host);
      const { heard, send } = await client(port, host);
      send('');
      await until('it answers', () => heard.length === 1);
      input.clientInterval = 2_500;
      send('');
      await until('it answers', () => heard.length === 2);
      expect(heard).to.deep.equal(['afstatsd 1 every=20000\n', 'afstatsd 1 every=2500\n']);
    });
  }

  it('comes for an empty datagram only', async () => {
    const { port, receiver } = await listen();
    const { heard, send } = await client(port);
    for (const text of ['hits:1|c', '\n', ' ', '\0', 'afstatsd 1 every=1000\n', '']) send(text);
    await until('the last one is answered', () => heard.length > 0);
    await until('the others are counted', () => receiver.udp.messages === 5);
    expect(heard).to.have.lengthOf(1);
  });

  it('is no question to another collector, so that the two never talk in circles', async () => {
    const [one, other] = [await listen(), await listen()];
    const answers = new ProbeAnswers();
    const socket = createSocket('udp4').bind(0, '127.0.0.1');
    sockets.push(socket);
    await once(socket, 'listening');
    const heard: string[] = [];
    socket.on('message', (message) => heard.push(String(message)));
    // As if each of the two had asked.
    for (const { port } of [one, other]) answers.answer(socket, { address: '127.0.0.1', port });
    await until('both have read it', () => one.receiver.udp.messages + other.receiver.udp.messages === 2);
    const { heard: after, send } = await client(one.port);
    send('');
    await until('a later question is answered', () => after.length === 1);
    expect(heard).to.deep.equal([]);
    expect(one.receiver.udp).to.include({ messages: 1, samples: 0, badLines: 1 });
  });

  it('is not tried where a forged sender has no port', async () => {
    const socket = createSocket('udp4').bind(0, '127.0.0.1');
    sockets.push(socket);
    await once(socket, 'listening');
    new ProbeAnswers().answer(socket, { address: '127.0.0.1', port: 0 });
  });

  it('comes 5,000 times a second at most, and the rest of the questions costs nothing more', async () => {
    const sent: unknown[] = [];
    const socket = { getSendQueueCount: () => 0, send: (line: unknown) => sent.push(line) };
    const answers = new ProbeAnswers();
    const began = performance.now();
    for (let i = 0; i < 50_000; i++)
      answers.answer(socket as unknown as Socket, { address: '127.0.0.1', port: 9 });
    const seconds = Math.floor((performance.now() - began) / 1000) + 2; // those that it may have touched
    expect(sent).to.have.lengthOf.within(5_000, 5_000 * seconds);
  });

  it('has at most 50 bytes with its headers, where the question has 28', async () => {
    const { port, input } = await listen();
    const { heard, send } = await client(port);
    input.clientInterval = 20_000;
    send('');
    await until('it answers', () => heard.length === 1);
    expect(heard[0]!.length + 28).to.be.at.most(51);
  });
});
