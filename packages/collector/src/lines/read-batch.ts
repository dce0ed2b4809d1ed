import type { Decoded } from '@afstatsd/core';

/** In a batch's `ids`: the next metric of `others` stands here. */
export const OTHER = -1;

/** A line that couldn't be read, and who sent it, where the input knows. */
export interface BadLine {
  readonly line: string;
  readonly address?: string;
  readonly port?: number;
}

/** What was read from messages, added up by metric. It goes from an input's thread to the main thread. */
export interface ReadBatch {
  readonly messages: number;
  readonly samples: number;
  readonly badLines: number;
  /** Of the lines that couldn't be read, the first one. */
  readonly bad: BadLine | undefined;
  readonly events: readonly string[];
  readonly serviceChecks: readonly string[];
  /** Metrics in the order of their first sample: the number of a known one, or `OTHER`. Gauges may come more than once. */
  readonly ids: Int32Array<ArrayBuffer>;
  /** How many samples each of them had; of `OTHER` nothing. */
  readonly counts: Float64Array<ArrayBuffer>;
  /** One after the other: a counter's sum, a gauge's last value, each value of a timer; of sets and `OTHER` nothing. */
  readonly numbers: Float64Array<ArrayBuffer>;
  /** One after the other, the members of each set. */
  readonly members: readonly string[];
  /** Metrics as the plain decoder read them. */
  readonly others: readonly Decoded[];
  /** Numbers that these metrics are known by from then on, and their places in `others`. */
  readonly learned: readonly (readonly [id: number, other: number])[];
}
