import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { useCleanup, until } from '@afstatsd/testing';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { lineWriter } from '../src/line-writer.js';

describe('lines to a stream', () => {
  const later = useCleanup();

  it('are dropped and counted while nobody reads, and go on when somebody does', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    later(() => server.close());
    await once(server, 'listening');
    const writing = connect((server.address() as AddressInfo).port, '127.0.0.1');
    later(() => writing.destroy());
    const [reading] = (await once(server, 'connection')) as [ReturnType<typeof connect>];
    reading.pause();
    const say = lineWriter(writing);
    const LINES = 200_000;
    for (let i = 0; i < LINES; i++) {
      say(`${i} ${'x'.repeat(100)}`);
      if (i % 1000 === 0) await new Promise(setImmediate);
    }
    expect(writing.writableLength).to.be.below(70_000);
    let text = '';
    reading.on('data', (data: Buffer) => (text += data.toString()));
    reading.resume();
    const drops = (): number[] =>
      [...text.matchAll(/warning: (\d+) lines were dropped, because nobody read them\n/g)].map(([, n]) =>
        Number(n),
      );
    const whole = (): number => text.split('\n').length - 1 - drops().length;
    await until('all are read or said to be dropped', () => {
      return whole() + drops().reduce((sum, n) => sum + n, 0) === LINES;
    });
    expect(drops()).not.to.be.empty;
    say('the end');
    await until('it goes on', () => text.endsWith('\nthe end\n'));
  });
});
