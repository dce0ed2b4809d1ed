import { MemberRoom } from './member-counts.js';
import { Rows, SINGLES } from './rows.js';
import { THREE_DIGITS } from './three-digits.js';

/** The memory that all series share for their values. */
export class LiveMemory {
  /** Sums, counts, sizes of sets, and the differences of gauges from their first value. */
  readonly numbers: Rows<Float32Array>;
  readonly percentiles: Rows<Uint16Array>;
  readonly members: MemberRoom = new MemberRoom();

  constructor(points: number) {
    this.numbers = new Rows(points, SINGLES);
    this.percentiles = new Rows(points, THREE_DIGITS);
  }
}
