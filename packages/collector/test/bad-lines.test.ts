import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { freePort, until } from '@afstatsd/testing';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { BadLines } from '../src/bad-lines.js';
import { Log } from '../src/log.js';
import { useStage } from './support/stage.js';

describe('lines that cannot be read', () => {
  const at = useStage();

  it('are shown once a minute for each input, printable and cut', () => {
    const lines: string[] = [];
    let now = 5_000_000;
    const { note } = new BadLines(new Log((line) => lines.push(line)), () => now);
    const from = { address: '10.0.0.7', port: 51234 };
    note('udp', 'hits:1|x\u001B[2J', from);
    note('udp', 'other', from);
    note('queue', 'y'.repeat(5000), undefined);
    now += 59_999;
    note('udp', 'other', from);
    now += 1;
    note('udp', 'later', { address: 'fe80::1', port: 9 });
    const of = (text: string): string => `afstatsd-collector: warning: ${text}`;
    expect(lines).to.deep.equal([
      of('UDP from 10.0.0.7:51234: a line can\'t be read as a metric: "hits:1|x?[2J"'),
      of(`queue: a line can't be read as a metric: "${'y'.repeat(200)}"… (5000 characters)`),
      of('UDP from [fe80::1]:9: a line can\'t be read as a metric: "later"'),
    ]);
  });

  it('are shown by the program with their sender; events and service checks are none of them', async () => {
    const [queue, port] = [at.queueName(), await freePort()];
    const collector = await at.collector(['--queue', queue, '--udp', `127.0.0.1:${port}`]).ready();
    const socket = createSocket('udp4').bind(0, '127.0.0.1');
    at.later(() => socket.close());
    await once(socket, 'listening');
    socket.send('_e{5,4}:title|text\n_sc|check|0', port, '127.0.0.1');
    socket.send('hits:1|x\nhits:2|x', port, '127.0.0.1');
    at.sender(queue).send(Buffer.from('hits:3|x::hits:1|c'), 3);
    await collector.printed(
      `UDP from 127.0.0.1:${socket.address().port}: a line can't be read as a metric: "hits:1|x"`,
    );
    await collector.printed(`queue: a line can't be read as a metric: "hits:3|x"`);
    await until('they are counted', () => {
      const { counters } = collector.arrived;
      const of = (name: string, input: string): number =>
        counters[`afstatsd.collector.${name}{input=${input}}`] ?? 0;
      return of('bad_lines', 'udp') === 2 && of('events', 'udp') === 1 && of('service_checks', 'udp') === 1;
    });
  });
});
