/** Why samples will never be sent. */
export interface Dropped {
  /** A new name past `maxMetrics`, or a new member of a set past `maxSamples`. */
  cardinality: number;
  /** Still unsent when the process ended or the client was shut down. */
  ended: number;
  /** The transport's messages are too small for the metric. */
  oversize: number;
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
}
