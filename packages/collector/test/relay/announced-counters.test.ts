import { freePort, until } from '@afstatsd/testing';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { MAIN } from '../support/collector-program.js';
import { useStage } from '../support/stage.js';

describe('a counter that an app holds', () => {
  const at = useStage();

  for (const [way, inputs] of [
    ['the queue', (queue: string) => ['--queue', queue, '--udp', 'off']],
    ['the fallback', (_: string, port: number) => ['--queue', 'off', '--udp', `127.0.0.1:${port}`]],
  ] as const) {
    it(`is 0 on the page before its first event, by ${way}`, async () => {
      const [queue, port, page] = [at.queueName(), await freePort(), `127.0.0.1:${await freePort()}`];
      const collector = at.bare([
        MAIN,
        ...inputs(queue, port),
        '--json',
        '--interval',
        '50ms',
        '--prometheus',
        page,
      ]);
      await collector.ready();
      at.program('announces', [], { AFSTATSD_URL: `mq://${queue}?fallback=udp://127.0.0.1:${port}` });
      const lines = async (): Promise<string[]> => {
        const text = await (await fetch(`http://${page}/metrics`)).text();
        return text.split('\n').filter((line) => /^(requests|payment)/.test(line));
      };
      await until('the request is there', async () => (await lines()).length === 2);
      expect(await lines()).to.have.members(['requests_total 1', 'payment_failed_total{provider="acme"} 0']);
    });
  }
});
