import { type IncomingMessage, type RequestListener, type ServerResponse, createServer } from 'node:http';
import { useCleanup } from '@afstatsd/testing';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { post } from '../../src/store/http.js';
import type { Outcome } from '../../src/store/outcome.js';
import { closed, listening } from '../support/listening.js';

describe('a post to a store', () => {
  const later = useCleanup();

  async function listen(listener: RequestListener): Promise<URL> {
    const server = createServer(listener);
    later(() => {
      server.closeAllConnections();
      return closed(server);
    });
    return new URL(`http://127.0.0.1:${await listening(server)}/write?db=a`);
  }

  const send = (address: URL, signal = new AbortController().signal): Promise<Outcome> =>
    post({ address, headers: { Authorization: 'Token abc' }, body: Buffer.from('a=1'), signal });

  const answering =
    (status: number, text = '', headers: Record<string, string> = {}) =>
    (_: IncomingMessage, response: ServerResponse): void =>
      void response.writeHead(status, headers).end(text);

  it('has the body, its length, the headers, and the query of the address', async () => {
    let seen: unknown;
    const address = await listen((request, response) => {
      const { method, url, headers } = request;
      request.on('data', (chunk) => {
        seen = {
          method,
          url,
          length: headers['content-length'],
          auth: headers.authorization,
          body: String(chunk),
        };
        response.end();
      });
    });
    expect(await send(address)).to.deep.equal({ state: 'accepted' });
    expect(seen).to.deep.equal({
      method: 'POST',
      url: '/write?db=a',
      length: '3',
      auth: 'Token abc',
      body: 'a=1',
    });
  });

  for (const status of [200, 204])
    it(`is accepted by ${status}`, async () => {
      expect((await send(await listen(answering(status)))).state).to.equal('accepted');
    });

  for (const status of [400, 413, 415, 422])
    it(`is refused by ${status}, for the reason that the store gives`, async () => {
      const text = `unable to parse\n 'x'\u001B[2J ${'y'.repeat(10_000)}`;
      const outcome = await send(await listen(answering(status, text)));
      expect(outcome.state).to.equal('refused');
      expect((outcome as { why: string }).why)
        .to.match(new RegExp(`^HTTP status ${status} \\(unable to parse 'x'\\?\\[2J y+\\)$`))
        .and.to.have.length.below(250);
    });

  for (const status of [301, 401, 403, 404, 408, 429, 500, 503])
    it(`is to be tried again after ${status}`, async () => {
      expect(await send(await listen(answering(status)))).to.deep.equal({
        state: 'failed',
        why: `HTTP status ${status}`,
      });
    });

  it('waits as long as the store says', async () => {
    const outcome = await send(await listen(answering(429, '', { 'Retry-After': '7' })));
    expect(outcome).to.deep.equal({ state: 'failed', why: 'HTTP status 429', after: 7000 });
  });

  it('ends with its signal, whether the store says nothing or half of its answer', async () => {
    const halves: RequestListener[] = [
      () => {},
      (_, response) => void response.writeHead(200, { 'Content-Length': 10 }).write('half'),
    ];
    for (const listener of halves) {
      const address = await listen(listener);
      const controller = new AbortController();
      setTimeout(() => controller.abort(), 30);
      const error = await send(address, controller.signal).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      expect(error).to.be.an('error');
    }
  });
});
