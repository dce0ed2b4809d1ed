import { type Decoded, decodeLines } from '@afstatsd/core';
import { series } from './series.js';
import { newTally, type Tally, tallyCount, tallyGauge, tallyMember, tallyTiming } from './tally.js';

/** Adds up what arrives, by name and tags. The collector's own metrics go by their name alone, because their sums matter. */
export class Arrivals {
  readonly tally: Tally = newTally();
  /** Parts of messages that could not be read. */
  bad = 0;

  add(message: Uint8Array | string): void {
    const { metrics, bad } = decodeLines(message);
    this.bad += bad.length;
    for (const metric of metrics) tallyDecoded(this.tally, metric);
  }
}

function tallyDecoded(tally: Tally, metric: Decoded): void {
  const { name, tags = [] } = metric;
  const key = name.startsWith('afstatsd.collector.') ? name : series(name, Object.fromEntries(tags));
  switch (metric.type) {
    case 'counter':
      return tallyCount(tally, key, metric.value / metric.rate);
    case 'gauge':
      return tallyGauge(tally, key, metric.value);
    case 'timer':
      return metric.values.forEach((ms) => tallyTiming(tally, key, ms, 1 / metric.rate));
    case 'set':
      return metric.members.forEach((member) => tallyMember(tally, key, member));
  }
}
