import { eventually, freePort } from '@afstatsd/testing';
import { expect } from 'chai';
import { MAIN } from './support/collector-program.js';
import { sendDatagrams } from './support/send-datagrams.js';
import { useStage } from './support/stage.js';
import type { Status } from '../src/live/api.js';

/** The kernel holds 16 MB of datagrams at most. */
const DATAGRAMS = 500;
const DATAGRAM_BYTES = 60_000;

describe('datagrams that the kernel has dropped', () => {
  const at = useStage();

  it("are in the status of the collector's page, and in top", async () => {
    const [udp, page] = [await freePort(), `127.0.0.1:${await freePort()}`];
    const collector = at.collector(['--udp', `127.0.0.1:${udp}`, '--page', page]);
    await collector.ready();
    const read = async (): Promise<Status> => {
      const response = await fetch(`http://${page}/api/v1/status`);
      return ((await response.json()) as { status: Status }).status;
    };
    expect((await read()).udpDrops).to.equal(0);
    collector.child.kill('SIGSTOP');
    const datagram = `hits:1|c|#a:${'x'.repeat(100)}\n`.repeat(DATAGRAM_BYTES).slice(0, DATAGRAM_BYTES);
    await sendDatagrams(
      udp,
      Array.from({ length: DATAGRAMS }, () => datagram),
    );
    collector.child.kill('SIGCONT');
    await eventually(async () => {
      const { udpDrops } = await read();
      expect(udpDrops).to.be.greaterThan(0).and.below(DATAGRAMS);
      const shown = at.bare([MAIN, 'top', '--once', '--url', `http://${page}/`]);
      expect(await shown.exit()).to.equal(0);
      expect(shown.stdout).to.include(` · ${udpDrops} UDP drops\n`);
    });
  });

  it('are unknown without a UDP port', async () => {
    const page = `127.0.0.1:${await freePort()}`;
    await at.collector(['--queue', at.queueName(), '--page', page]).ready();
    const response = await fetch(`http://${page}/api/v1/status`);
    const { status } = (await response.json()) as { status: Status };
    expect(status.udpDrops).to.equal(null);
    expect(status.inputs).to.have.keys('queue', 'udp');
  });
});
