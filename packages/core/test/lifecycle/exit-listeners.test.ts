import { Totals, freePort, until, useReceivers } from '@afstatsd/testing';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { useStage } from '../support/stage.js';

const WAYS: ReadonlyArray<readonly [way: string, code: number]> = [
  ['a listener from before the first sample calls process.exit', 4],
  ['a listener from before the first sample throws', 1],
  ['a listener that was prepended later calls process.exit', 5],
  ['a listener that was prepended later throws', 1],
  ['a listener records the first sample of all', 0],
  ['all listeners are removed, and a flush comes before the end', 0],
  ['the callback of a gauge calls process.exit', 6],
];

describe('the end of a process, whatever its listeners of exit do', () => {
  const at = useStage();
  const receivers = useReceivers();

  for (const [way, code] of WAYS) {
    it(`loses nothing over the queue when ${way}`, async () => {
      const url = `mq://${at.queue.name}?fallback=false`;
      expect(await at.start('listens-to-exit', { way }, { AFSTATSD_URL: url }).exit()).to.equal(code);
      expect(at.arrived().counters.get('hits')).to.equal(1);
    });

    it(`loses nothing over UDP when ${way}`, async () => {
      const receiver = await receivers.udp();
      const url = `udp://127.0.0.1:${receiver.port}`;
      expect(await at.start('listens-to-exit', { way }, { AFSTATSD_URL: url }).exit()).to.equal(code);
      await until('the sample has arrived', () => Totals.of(receiver.messages).counters.get('hits') === 1);
    });
  }

  const LATE = 'the process ends, and nobody takes what a listener of exit records';
  for (const { way, lines } of [
    { way: 'a listener records the first sample of all', lines: [LATE] },
    {
      way: 'a listener records two samples more',
      lines: ['the process ends with 1 sample that nobody took', LATE],
    },
  ]) {
    it(`says what is lost when ${way} and nobody is there`, async () => {
      const url = `udp://127.0.0.1:${await freePort()}`;
      const { code, stderr } = await at.start('listens-to-exit', { way }, { AFSTATSD_URL: url }).ended();
      expect(code).to.equal(0);
      const why = `${url.replace('://', ' ')} (etsy): nobody listens there (ECONNREFUSED)`;
      expect(stderr.split('\n').slice(0, -1)).to.deep.equal(
        lines.map((line) => `StatsdWarning: afstatsd: ${line}: ${why}`),
      );
    });
  }
});
