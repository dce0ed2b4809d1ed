import { MemberRoom } from './member-counts.js';
import { Rows, SINGLES } from './rows.js';
import { THREE_DIGITS } from './three-digits.js';

/** What all series share to keep their values in. */
export class LiveMemory {
  /** Sums, counts, sizes, and what gauges differ from their first value. */
  readonly numbers: Rows<Float32Array>;
  readonly percentiles: Rows<Uint16Array>;
  readonly members: MemberRoom = new MemberRoom();

  constructor(points: number) {
    this.numbers = new Rows(points, SINGLES);
    this.percentiles = new Rows(points, THREE_DIGITS);
  }
}
