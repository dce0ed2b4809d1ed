import type { Exemplar } from '../metric/view.js';
import type { Tag } from '../text/tags.js';

/** The part that every metric of a message has. */
export interface DecodedName {
  /** The name as it was written, without tags that stood in it. */
  readonly name: string;
  /** Tags, in the order of the message. A tag without a value has an empty one. Absent when there are none. */
  readonly tags?: readonly Tag[];
}

/** One metric of a message, as it was read. Each has a `name` and, if it has any, `tags`: a list of keys and values. */
export type Decoded =
  | (DecodedName & {
      /** What kind of metric it is. */
      readonly type: 'counter';
      /** The change of the counter by the calls that were sent. */
      readonly value: number;
      /** Its sample rate: the change stands for `value / rate`. 1 without one. */
      readonly rate: number;
      /** How many samples are added up in `value`. Default 1. `decode` never gives it; it is for programs that add up before they pass on. */
      readonly samples?: number;
    })
  | (DecodedName & {
      /** What kind of metric it is. */
      readonly type: 'gauge';
      /** The value; if it is `signed`, the number that the value changes by. */
      readonly value: number;
      /** When it was set, in seconds since 1970, where the message says so. */
      readonly timestamp?: number;
      /**
       * The number is a change of the value that the receiver has: it was written with `+`, or with `-` in a line that only
       * the original StatsD would write so. A time, several values, or any field that only DogStatsD's clients write make
       * `-5` a value like others.
       */
      readonly signed?: true;
      /**
       * The change of the value, where only changes are known. `value` is their sum so far then. `decode` never gives it;
       * it is for programs that add changes up, and pass them on.
       */
      readonly change?: number;
      /** Seconds after which the sender repeats it while it holds, where it does: our own clients, to our collector. */
      readonly every?: number;
      /** How often it was set, where only its last value is passed on. Default 1. `decode` never gives it. */
      readonly samples?: number;
    })
  | (DecodedName & {
      /** What kind of metric it is. */
      readonly type: 'timer';
      /** The type on the wire if that isn't a timer: DogStatsD's `|h` and `|d`, whose values need not be durations. */
      readonly as?: 'histogram' | 'distribution';
      /** Durations in ms. */
      readonly values: readonly number[];
      /** Their sample rate: each one stands for `1 / rate`. 1 without one. */
      readonly rate: number;
      /** One of the values, or of those that came before, with its trace. `decode` never gives it: clients tell the collector apart from their values. */
      readonly exemplar?: Exemplar;
    })
  | (DecodedName & {
      /** What kind of metric it is. */
      readonly type: 'set';
      /** Members, as they were written. */
      readonly members: readonly string[];
    });

/** The content of a message. */
export interface DecodeResult {
  /** In the order of the message. */
  readonly metrics: readonly Decoded[];
  /** The parts of the message that could not be read, as they stood. */
  readonly bad: readonly string[];
  /** DogStatsD's events (`_e{…`), as they stood. */
  readonly events: readonly string[];
  /** DogStatsD's service checks (`_sc|…`), as they stood. */
  readonly serviceChecks: readonly string[];
}

/** A result that is being made. */
export interface Reading extends DecodeResult {
  readonly metrics: Decoded[];
  readonly bad: string[];
  readonly events: string[];
  readonly serviceChecks: string[];
}

export function newReading(): Reading {
  return { metrics: [], bad: [], events: [], serviceChecks: [] };
}
