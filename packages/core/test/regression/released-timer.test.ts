import { expect } from 'chai';
import { describe, it } from 'mocha';
import { SURROUNDINGS } from '../../src/host/surroundings.js';
import { identify } from '../../src/text/identity.js';
import { Ledger } from '../../src/account/ledger.js';
import { Registry } from '../../src/record/registry.js';
import { Report } from '../../src/account/report.js';

/** Look-ups remember metrics that the registry has let go, and timers among them kept lists of up to 8 KB each. */
describe('a timer that was let go because it was idle', () => {
  it('keeps no list of values, though a look-up keeps the timer', () => {
    const registry = new Registry(new Ledger(), new Report(), SURROUNDINGS, () => {});
    registry.apply({ maxMetrics: 10, maxSamples: 1024, rules: undefined, exemplars: false });
    const timer = registry.get(registry.timers, identify('wait', []))!;
    for (let ms = 0; ms < 600; ms++) timer.record(ms);
    timer.clear();
    expect(timer.samples.values).to.have.lengthOf.above(0);
    for (let round = 0; registry.size > 0 && round < 100; round++) registry.sweep();
    expect(timer.released).to.equal(true);
    expect(timer.samples.values).to.have.lengthOf(0);
    timer.record(7);
    expect(registry.size).to.equal(1);
    expect(timer.samples.values[0]).to.equal(7);
  });
});
