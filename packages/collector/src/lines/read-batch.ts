import type { Sender } from '../receiver.js';

/** In a batch's `ids`: the next one of its lines stands here. */
export const LINE = -1;

/** Lines as they came, which the main thread has the plain decoder read. */
export interface Lines {
  /** All of them, with a newline behind each. */
  readonly text: Uint8Array<ArrayBuffer>;
  /** Where each one ends in `text`, its newline not included; the complement (`~`) of that for one that is the rest of a line, behind a `::`. */
  readonly ends: Int32Array<ArrayBuffer>;
  /** Who sent them, where the input knows: the number of the first line of each sender. */
  readonly senders: readonly (readonly [line: number, from: Sender | undefined])[];
}

/** What was read from messages, added up by metric. It goes from an input's thread to the main thread. */
export interface ReadBatch {
  readonly messages: number;
  /** Samples of known metrics. */
  readonly samples: number;
  /** Metrics in the order of their first sample: the number of a known one, or `LINE`. Gauges may come more than once. */
  readonly ids: Int32Array<ArrayBuffer>;
  /** How many samples each of them had; of `LINE` nothing. */
  readonly counts: Float64Array<ArrayBuffer>;
  /** One after the other: a counter's sum, a gauge's last value, each value of a timer; of sets and `LINE` nothing. */
  readonly numbers: Float64Array<ArrayBuffer>;
  /** One after the other, the members of each set. */
  readonly members: readonly string[];
  readonly lines: Lines;
  /** Numbers that the metrics of these lines are known by from then on. */
  readonly learned: readonly (readonly [id: number, line: number])[];
}
