import { freePort, until } from '@afstatsd/testing';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { MAIN } from '../support/collector-program.js';
import { useStage } from '../support/stage.js';

describe('tags from a program without a queue, by the fallback,', function () {
  this.retries(4); // the answer has 20 ms at the end of a process, in which a loaded machine may not come to it
  const at = useStage();

  for (const how of ['at once', 'after its first flush']) {
    it(`are tags at the collector and labels at Prometheus, if the program ends ${how}`, async () => {
      const [udp, page] = [await freePort(), `127.0.0.1:${await freePort()}`];
      const inputs = ['--queue', 'off', '--udp', `127.0.0.1:${udp}`];
      const collector = at.bare([MAIN, ...inputs, '--json', '--interval', '50ms', '--prometheus', page]);
      await collector.ready();
      const url = `mq://${at.queueName()}?fallback=udp://127.0.0.1:${udp}`;
      const program = at.program('tagged', [how], { AFSTATSD_URL: url });
      expect(await program.ended()).to.include({ code: 0, stderr: '' });
      const orders = (): [string, number][] =>
        Object.entries(collector.arrived.counters).filter(([name]) => name.startsWith('orders'));
      await until('all have arrived', () => orders().reduce((sum, [, count]) => sum + count, 0) === 300);
      expect(Object.fromEntries(orders())).to.deep.equal({
        'orders{method=card,path=/a::b}': 200,
        'orders{method=cash,path=/a::b}': 100,
      });
      const text = await (await fetch(`http://${page}/metrics`)).text();
      expect(text.split('\n').filter((line) => line.startsWith('orders_total'))).to.have.members([
        'orders_total{method="card",path="/a::b"} 200',
        'orders_total{method="cash",path="/a::b"} 100',
      ]);
    });
  }
});
