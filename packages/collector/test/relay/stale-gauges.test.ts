import { freePort, until, type Exposition, parseExposition } from '@afstatsd/testing';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { sendDatagrams } from '../support/send-datagrams.js';
import { useStage } from '../support/stage.js';

describe('gauges of processes that are gone', () => {
  const at = useStage();

  it('leave the page when their repeats stop, and others stay', async function () {
    this.timeout(30_000);
    const [udp, page] = [await freePort(), await freePort()];
    const args = ['--udp', `127.0.0.1:${udp}`, '--prometheus', `127.0.0.1:${page}`, '--expire', 'set=1s'];
    await at.collector(args).ready();
    const gauges = async (): Promise<Record<string, number>> => {
      const text = await (await fetch(`http://127.0.0.1:${page}/metrics`)).text();
      const { samples }: Exposition = parseExposition(text);
      const own = samples.filter(({ name }) => !name.startsWith('afstatsd_'));
      return Object.fromEntries(own.map(({ name, labels, value }) => [name + (labels['pod'] ?? ''), value]));
    };
    const set = Math.floor(Date.now() / 1000);
    await sendDatagrams(udp, [
      `pool:1|g|T${set}|every:1|#pod:a\npool:2|g|T${set}|every:1|#pod:b\ntheirs:3|g`,
    ]);
    await until('all are there', async () => Object.keys(await gauges()).length === 3);
    const repeats = setInterval(() => void sendDatagrams(udp, [`pool:2|g|T${set}|every:1|#pod:b`]), 500);
    at.later(() => clearInterval(repeats));
    await until('one has gone', async () => !('poola' in (await gauges())));
    expect(await gauges()).to.deep.equal({ poolb: 2, theirs: 3 });
    await sendDatagrams(udp, [`pool:5|g|T${set + 1}|every:1|#pod:a`]);
    await until('it has come back', async () => (await gauges())['poola'] === 5);
  });
});
