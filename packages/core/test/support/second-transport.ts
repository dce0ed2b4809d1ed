import { MemoryTransport } from '../../src/index.js';
import type { Batch, Channel, Offer, OpenOptions, Transport, TransportStats } from '../../src/index.js';

export type Trouble =
  | 'open throws'
  | 'is not there'
  | 'offer throws'
  | 'takes nothing for good'
  | 'is full'
  | 'is unavailable'
  | 'fits nothing'
  | 'says NaN'
  | 'takes more than there is'
  | 'takes less than nothing'
  | 'wait throws'
  | 'close throws'
  | 'stats throws';

const fail = (): never => {
  throw new Error('on purpose');
};

/** A transport that fails in one way or another, as no real one can be made to. Without trouble it keeps everything. */
export class SecondTransport extends MemoryTransport implements Transport, Channel {
  trouble: Trouble | undefined;

  constructor(trouble: Trouble | undefined, maxMessageBytes = 65_536) {
    super({ maxMessageBytes });
    this.trouble = trouble;
  }

  override open(_options?: OpenOptions): Channel {
    if (this.trouble === 'open throws') fail();
    return this.trouble === 'is not there' ? (undefined as never) : super.open();
  }

  wait(): number {
    return this.trouble === 'wait throws' ? fail() : 0;
  }

  override offer(batch: Batch, from: number): Offer {
    const { length } = batch.metrics;
    switch (this.trouble) {
      case 'offer throws':
        return fail();
      case 'takes nothing for good':
        return { taken: 0, values: 0, state: 'ok' };
      case 'is full':
        return { taken: 0, values: 0, state: 'full' };
      case 'is unavailable':
        return { taken: 0, values: 0, state: 'unavailable' };
      case 'fits nothing':
        return { taken: 0, values: 0, state: 'oversize' };
      case 'says NaN':
        return { taken: NaN, values: 0, state: 'ok' };
      case 'takes more than there is':
        return { taken: length + 1, values: 5, state: 'ok' };
      case 'takes less than nothing':
        return { taken: -1, values: 2, state: 'ok' };
      case undefined:
      case 'open throws':
      case 'is not there':
      case 'wait throws':
      case 'close throws':
      case 'stats throws':
        return super.offer(batch, from);
      default:
        return this.trouble satisfies never;
    }
  }

  override close(): void {
    if (this.trouble === 'close throws') fail();
    super.close();
  }

  override stats(): TransportStats {
    return this.trouble === 'stats throws' ? fail() : super.stats();
  }
}
