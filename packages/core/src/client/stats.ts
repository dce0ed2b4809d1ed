import type { Balance } from '../account/ledger.js';
import type { LineCounts } from '../send/single-lines.js';
import type { TransportStats } from '../transport/transport.js';

/** What became of every sample. At any moment `recorded` is the sum of `sent`, `pending` and the reasons in `dropped`. */
export interface Stats extends Balance {
  /** Calls that a sample rate left out. They were not recorded. */
  readonly sampledOut: number;
  /**
   * How much counters were rounded up or down at the end of the client, in sum. Only where the format has no decimals, as
   * AppFirst's without tags; until the end, the rest of each rounding is carried into the next message. 0 before the end.
   */
  readonly roundedOff: number;
  /** Distinct metrics that are alive. */
  readonly metrics: number;
  /** Events and service checks. They are no samples. */
  readonly events: LineCounts;
  /** The state of the transport, and what it has taken. */
  readonly transport: TransportStats;
}
