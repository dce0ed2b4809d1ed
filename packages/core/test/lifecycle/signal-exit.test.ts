import { type Ended, LONG } from '@afstatsd/testing';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { SignalScript } from '../programs/signals.js';
import { expectAll } from '../support/expect-all.js';
import { useStage } from '../support/stage.js';

const LIBRARIES: readonly (readonly (3 | 4)[])[] = LONG ? [[3], [4], [3, 4], [4, 3]] : [[3, 4]];
/** What the app does, and how many samples it records meanwhile. */
const APPS: ReadonlyArray<Pick<SignalScript, 'handler' | 'does'> & { name: string; records?: number }> = [
  { name: 'no handler of the app' },
  { name: 'an app handler that exits', handler: 'on', does: 'exits', records: 1 },
  { name: 'an app handler for once that exits', handler: 'once', does: 'exits', records: 1 },
  { name: 'an app handler that drains', handler: 'on', does: 'drains', records: 2 },
  { name: 'an app handler for once that drains', handler: 'once', does: 'drains', records: 2 },
  {
    name: 'an app handler for once that leaves the process running',
    handler: 'once',
    does: 'stays',
    records: 1,
  },
];

describe('beside signal-exit', () => {
  const { start, arrived } = useStage();

  async function run(script: SignalScript): Promise<Ended> {
    const program = start('signals', script);
    await program.printed('ready');
    program.child.kill(script.signal);
    if (script.does === 'drains' || script.does === 'stays') await program.printed('handled');
    if (script.does === 'drains') program.child.send('go on');
    if (script.does === 'stays') program.child.kill(script.signal);
    return program.ended();
  }

  const callbacks = ({ stdout }: Ended): string[] => stdout.match(/signal-exit .*/g) ?? [];

  for (const signalExit of LIBRARIES) {
    for (const loaded of ['before', 'after'] as const) {
      describe(`${signalExit.join(' and ')}, loaded ${loaded} the first sample, a process ends as without us, and loses nothing`, () => {
        const script: SignalScript = { signal: 'SIGTERM', signalExit, loaded };
        const both = async (script: SignalScript): Promise<[Ended, Ended]> =>
          Promise.all([run(script), run({ ...script, silent: true })]);

        for (const { name, handler, does, records } of APPS) {
          it(`with ${name}`, async () => {
            const app = handler && does && { handler, does, installed: loaded };
            const [recording, silent] = await both({ ...script, ...app });
            expect(recording).to.include({ code: silent.code, signal: silent.signal });
            expect(callbacks(recording)).to.deep.equal(callbacks(silent));
            expect(callbacks(recording)).to.have.lengthOf(signalExit.length);
            const totals = arrived();
            expectAll(totals);
            expect(totals.counters.get('draining')).to.equal(records);
          });
        }

        // signal-exit, which counts too late, kills it then: what the handler records still is lost.
        it('with an app handler for once, installed earlier than signal-exit, but for what that records', async () => {
          const app = { handler: 'once', does: 'exits in a while', installed: 'before signal-exit' } as const;
          const [recording, silent] = await both({ ...script, ...app });
          expect(silent).to.include({ code: null, signal: 'SIGTERM' });
          expect(recording).to.include({ code: null, signal: 'SIGTERM' });
          expectAll(arrived());
        });
      });
    }
  }
});
