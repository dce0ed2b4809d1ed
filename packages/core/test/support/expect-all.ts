import { type Totals } from '@afstatsd/testing';
import { expect } from 'chai';

/** Asserts that what the programs' `recordAll` records has arrived, `times` times over. */
export function expectAll({ counters, gauges, timers, sets }: Totals, times = 1): void {
  expect(counters.get('hits')).to.equal(3 * times);
  expect(gauges.get('level')).to.equal(7);
  expect(gauges.get('read')).to.equal(9);
  expect(timers.get('wait')?.count).to.equal(2 * times);
  expect(timers.get('wait')?.values.slice(0, 2)).to.deep.equal([12, 30]);
  expect(sets.get('users')).to.deep.equal(new Set(['ann', 'bob']));
}
