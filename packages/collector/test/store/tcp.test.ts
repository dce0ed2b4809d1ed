import { type Server, type Socket, createServer } from 'node:net';
import { useCleanup } from '@afstatsd/testing';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { Outcome } from '../../src/store/outcome.js';
import { sendOverTcp } from '../../src/store/tcp.js';
import { closed, listening } from '../support/listening.js';

const BIG = Buffer.alloc(8_000_000, 'x\n');

describe('a body over TCP', () => {
  const later = useCleanup();

  async function listen(serve: (socket: Socket) => void): Promise<URL> {
    const sockets = new Set<Socket>();
    const server: Server = createServer({ allowHalfOpen: true }, (socket) => {
      sockets.add(socket);
      socket.on('error', () => {});
      serve(socket);
    });
    later(async () => {
      for (const socket of sockets) socket.destroy();
      await closed(server);
    });
    return new URL(`tcp://127.0.0.1:${await listening(server)}`);
  }

  const send = (address: URL, body: Buffer, timeoutMs = 10_000): Promise<Outcome> =>
    sendOverTcp(address, body, AbortSignal.timeout(timeoutMs));

  it('is accepted once the server has read all of it and closed', async () => {
    let length = 0;
    const address = await listen((socket) => {
      socket.on('data', (chunk) => (length += chunk.length));
      socket.on('end', () => socket.end());
    });
    expect(await send(address, BIG)).to.deep.equal({ state: 'accepted' });
    expect(length).to.equal(BIG.length);
  });

  it('has failed if the server reads it and does not close', async () => {
    const address = await listen((socket) => socket.resume());
    const outcome = await send(address, Buffer.from('a 1 1\n'), 100);
    expect(outcome).to.include({ state: 'failed' });
    expect((outcome as { why: string }).why).to.include('did not close the connection in time');
  });

  it('has failed if the server does not read it', async () => {
    const address = await listen((socket) => socket.pause());
    expect(await send(address, BIG, 100)).to.include({ state: 'failed' });
  });

  it('has failed if the server closes in the middle', async () => {
    const address = await listen((socket) => socket.once('data', () => socket.destroy()));
    expect(await send(address, BIG)).to.include({ state: 'failed' });
  });

  it('has failed if the server resets the connection', async () => {
    const address = await listen((socket) => socket.once('data', () => socket.resetAndDestroy()));
    const outcome = await send(address, BIG);
    expect(outcome).to.include({ state: 'failed' });
    expect((outcome as { why: string }).why).to.match(/ECONNRESET|EPIPE/);
  });

  it('has failed if nobody listens', async () => {
    expect(await send(new URL('tcp://127.0.0.1:1'), BIG)).to.deep.equal({
      state: 'failed',
      why: 'connect ECONNREFUSED 127.0.0.1:1',
    });
  });

  it('has failed at once if there is no time left', async () => {
    expect(await sendOverTcp(new URL('tcp://127.0.0.1:1'), BIG, AbortSignal.abort())).to.include({
      state: 'failed',
    });
  });
});
