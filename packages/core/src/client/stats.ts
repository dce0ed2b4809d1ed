import type { Balance } from '../account/ledger.js';
import type { LineCounts } from '../send/single-lines.js';
import type { TransportStats } from '../transport/transport.js';

/** Counts of samples. At any moment `recorded` is the sum of `sent`, `pending` and the reasons in `dropped`. */
export interface Stats extends Balance {
  /** Calls that a sample rate left out. They were not recorded. */
  readonly sampledOut: number;
  /**
   * Sum by which counters were rounded up or down at the end of the client. Only formats without decimals round, such as
   * AppFirst's without tags. Before the end this is 0, because each remainder is carried into the next message.
   */
  readonly roundedOff: number;
  /** Distinct metrics that the client holds now. */
  readonly metrics: number;
  /** Events and service checks, which don't count as samples. */
  readonly events: LineCounts;
  /** The state of the transport, and what it has taken. */
  readonly transport: TransportStats;
}
