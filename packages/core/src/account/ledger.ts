/** Why samples will never be sent. */
export interface Dropped {
  /** A new name past `maxMetrics`, or a new member of a set past `maxSamples`. */
  cardinality: number;
  /** Still unsent when the process ended or the client was shut down. */
  ended: number;
  /** The transport's messages are too small for the metric. */
  oversize: number;
}

/** Counts of samples. At any moment `recorded` is the sum of `sent`, `pending` and the reasons in `dropped`. */
export interface Balance {
  /** Samples that were accepted. A call with three names is three samples. */
  readonly recorded: number;
  /** Samples in messages that the transport took. A gauge's overwritten values count with the value that left. */
  readonly sent: number;
  /** Samples that wait to be sent. */
  readonly pending: number;
  /** Samples that will never be sent, by reason. */
  readonly dropped: Readonly<Dropped>;
  /** Calls that were refused: bad input, or after `shutdown`. They were not recorded. */
  readonly rejected: number;
}

/** What became of samples. What is pending isn't counted here: the metrics themselves know. */
export class Ledger {
  sent = 0;
  readonly dropped: Dropped = { cardinality: 0, ended: 0, oversize: 0 };
  rejected = 0;
  sampledOut = 0;
  /** How much rounding took off counters, or gave them, that couldn't be carried into a later message. */
  roundedOff = 0;

  /** Samples that were dropped, for whatever reason. */
  get allDropped(): number {
    const { cardinality, ended, oversize } = this.dropped;
    return cardinality + ended + oversize;
  }

  /** The account of all samples, with those that are pending. */
  balance(pending: number): Balance {
    const { sent, dropped, rejected, allDropped } = this;
    return { recorded: sent + pending + allDropped, sent, pending, dropped: { ...dropped }, rejected };
  }
}
