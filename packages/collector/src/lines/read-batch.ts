import type { Sender } from '../receiver.js';

/** A value in a batch's `ids`. It stands for the next of the batch's lines. */
export const LINE = -1;

/** Lines as they came. The plain decoder reads them in the main thread. */
export interface Lines {
  /** All lines, with a newline behind each. */
  readonly text: Uint8Array<ArrayBuffer>;
  /** The end of each line in `text`, without its newline. It is the complement (`~`) for the rest of a line, behind a `::`. */
  readonly ends: Int32Array<ArrayBuffer>;
  /** The senders, if the input knows them. Each has the number of its first line. */
  readonly senders: readonly (readonly [line: number, from: Sender | undefined])[];
}

/** The samples of some messages, added up by metric. An input's thread sends it to the main thread. */
export interface ReadBatch {
  readonly messages: number;
  /** Samples of known metrics. */
  readonly samples: number;
  /** Metrics in the order of their first sample: the number of a known metric, or `LINE`. A gauge may come more than once. */
  readonly ids: Int32Array<ArrayBuffer>;
  /** The number of samples for each entry of `ids`. 0 for `LINE`. */
  readonly counts: Float64Array<ArrayBuffer>;
  /** One after the other: a counter's sum, a gauge's last value, each value of a timer. Sets and `LINE` have no numbers. */
  readonly numbers: Float64Array<ArrayBuffer>;
  /** The members of the sets, one set after the other. */
  readonly members: readonly string[];
  readonly lines: Lines;
  /** The numbers by which the metrics of these lines are known from now on. */
  readonly learned: readonly (readonly [id: number, line: number])[];
}
