import type { Combine } from '../record/gauge-callbacks.js';
import type { CallOptions } from '../record/intake.js';
import type { Tags } from '../text/tags.js';
import type { OutcomeTags } from './outcome-tags.js';

/** One metric's name, or several that get the same sample. */
export type Names = string | readonly string[];

/** The tags of a metric that app code holds. */
export interface BoundOptions {
  /** Default: none. */
  readonly tags?: Tags;
}

/** How a gauge callback is read. */
export interface GaugeCallbackOptions extends BoundOptions {
  /** What several callbacks under one name and tags make together. Default `sum`. */
  readonly combine?: Combine;
}

/** What `child` adds to names and tags. */
export interface ChildOptions extends BoundOptions {
  /** Stands before every name, with a dot between, after the parent's own. Default: none. */
  readonly prefix?: string;
}

/** How `flush` and `shutdown` go about it. */
export interface FlushOptions {
  /** How long they wait at most, in ms. Default 1,000. */
  readonly timeout?: number;
}

/**
 * The signature of `time`, which gives back a function like `fn`.
 *
 * @param name - The metric's name, or several.
 * @param fn - The function that is called inside.
 * @param options - How its calls are recorded.
 */
export type TimeMethod = <F extends (...args: never) => unknown>(
  name: Names,
  fn: F,
  options?: TimeOptions,
) => F;

/** How calls that are timed are recorded. A number is a sample rate. */
export type TimeOptions =
  | number
  | {
      /** A number above 0 and up to 1. It counts only while samples aren't aggregated. Default 1. */
      readonly sampleRate?: number;
      /** Tags of the timer. Default: none. */
      readonly tags?: Tags;
      /** Tags by how the call ended, called when it is over. They win over `tags`. When it throws, that is said once. Default: none. */
      readonly outcomeTags?: OutcomeTags;
      /**
       * Whether to record, as timer `<name>.blocked` with the same tags, how long the code of each call held the event loop, in ms.
       * It needs Node.js: elsewhere that timer is left out, which is said once. Default false.
       */
      readonly blocking?: boolean;
    };

/**
 * The signature of `count`, which gives back a function like `fn`.
 *
 * @param name - The metric's name, or several.
 * @param fn - The function that is called inside.
 * @param options - How its calls are recorded.
 */
export type WrapMethod = <F extends (...args: never) => unknown>(
  name: Names,
  fn: F,
  options?: CallOptions,
) => F;

/** The two ways of `gauge`. */
export interface GaugeMethod {
  /** Sets a gauge: the last finite number before a flush is what is sent, with the time at which it was set. */
  (name: Names, value: number, options?: CallOptions): void;
  /**
   * Has a gauge read before a flush, at most every 10 s, until the function that this returns is called. `flush` always reads
   * it. A callback that throws, or returns what isn't a finite number, is reported once, and leaves the gauge alone.
   */
  (name: string, read: () => number, options?: GaugeCallbackOptions): () => void;
}
