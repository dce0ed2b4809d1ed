import { type Decoded, decode } from '@afstatsd/core';
import { newTally, type Tally, tallyCount, tallyGauge, tallyMember, tallyTiming } from './tally.js';

/** Adds up what arrives. Tags are left out: the shop has none, and of the collector's own counters the sums matter. */
export class Arrivals {
  readonly tally: Tally = newTally();
  /** Parts of messages that could not be read. */
  bad = 0;

  add(message: Uint8Array | string): void {
    const { metrics, bad } = decode(message);
    this.bad += bad.length;
    for (const metric of metrics) tallyDecoded(this.tally, metric);
  }
}

function tallyDecoded(tally: Tally, metric: Decoded): void {
  switch (metric.type) {
    case 'counter':
      return tallyCount(tally, metric.name, metric.value / metric.rate);
    case 'gauge':
      return tallyGauge(tally, metric.name, metric.value);
    case 'timer':
      return metric.values.forEach((ms) => tallyTiming(tally, metric.name, ms, 1 / metric.rate));
    case 'set':
      return metric.members.forEach((member) => tallyMember(tally, metric.name, member));
  }
}
