import { type Decoded, decode } from '@afstatsd/core';
import { newTally, type Tally, tallyCount, tallyGauge, tallyMember, tallyTiming } from './tally.js';

/** What has arrived at the other end, in all. */
export interface Arrived {
  readonly tally: Tally;
  readonly messages: number;
  readonly bytes: number;
  /** Parts of messages that could not be read. */
  readonly bad: number;
}

/** Adds up messages: in all, and since the last look. */
export class Arrivals implements Arrived {
  readonly tally: Tally = newTally();
  messages = 0;
  bytes = 0;
  bad = 0;
  #recent = newTally();

  add(message: Uint8Array | string): void {
    const { metrics, bad } = decode(message);
    this.messages++;
    this.bytes += Buffer.byteLength(message);
    this.bad += bad.length;
    for (const metric of metrics) {
      tallyDecoded(this.tally, metric);
      tallyDecoded(this.#recent, metric);
    }
  }

  /** What has arrived since the last call. */
  takeRecent(): Tally {
    const recent = this.#recent;
    this.#recent = newTally();
    return recent;
  }

  total(): Arrived {
    const { tally, messages, bytes, bad } = this;
    return { tally, messages, bytes, bad };
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
