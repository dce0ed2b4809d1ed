import { freePort, until } from '@afstatsd/testing';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { sendDatagrams } from '../support/send-datagrams.js';
import { useStage } from '../support/stage.js';

describe('a relative gauge that was idle for more than ten intervals', () => {
  const at = useStage();

  it('changes the value that it had: outputs have let go of it by then, and it began at 0 again', async () => {
    const port = await freePort();
    const collector = await at.collector(['--udp', `127.0.0.1:${port}`]).ready();
    await sendDatagrams(port, ['size:100|g']);
    await until('it has arrived', () => collector.arrived.gauges['size'] === 100);
    const flushes = (): number => collector.stdout.split('\n').length;
    const before = flushes();
    await until('it was idle for long', () => flushes() > before + 25);
    await sendDatagrams(port, ['size:+5|g']);
    await until('it has changed', () => collector.arrived.gauges['size'] !== 100);
    expect(collector.arrived.gauges['size']).to.equal(105);
  });
});
