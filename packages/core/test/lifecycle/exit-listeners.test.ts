import { Totals, until, useReceivers } from '@afstatsd/testing';
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
});
