import { ETSY, describeServer, freePort, until } from '@afstatsd/testing';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { sendDatagrams } from '../support/send-datagrams.js';
import { useStage } from '../support/stage.js';

describeServer(ETSY, 'a relative gauge by way of a collector that is started again', (start) => {
  const at = useStage();

  it('has the value that it would have without the collector', async () => {
    const [etsy, port] = [await start(), await freePort()];
    const forward = `udp://127.0.0.1:${etsy.port}`;
    const args = ['--udp', `127.0.0.1:${port}`, '--forward', forward, '--forward-interval', '20ms'];
    const level = async (): Promise<number | undefined> => (await etsy.read()).gauges.get('level');
    for (const [lines, expected] of [
      [['level:100|g', 'level:+5|g'], 105],
      [['level:+1|g', 'level:-3|g'], 103],
      [['level:-0.5|g', 'level:+2|g', 'level:+2|g'], 106.5],
      // From here on the collector knows the value, too.
      [['level:+1|g', 'level:50|g', 'level:+4|g', 'level:-1|g'], 53],
    ] as const) {
      const collector = await at.collector(args).ready();
      for (const line of lines) await sendDatagrams(port, [line]);
      await until(`it is ${expected}`, async () => (await level()) === expected);
      expect(await collector.kill('SIGTERM')).to.equal(0);
      expect(await level()).to.equal(expected);
    }
  });
});

describe('a relative gauge whose value nobody has said', () => {
  const at = useStage();

  it('begins at 0 where the collector shows it, and goes on as the sum of its changes', async () => {
    const port = await freePort();
    const collector = await at.collector(['--udp', `127.0.0.1:${port}`]).ready();
    await sendDatagrams(port, ['level:+7|g', 'level:-3|g']);
    await until('both have arrived', () => collector.arrived.gauges['level'] === 4);
  });
});
