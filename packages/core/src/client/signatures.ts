import type { Combine } from '../record/gauge-callbacks.js';
import type { CallOptions } from '../record/intake.js';
import type { Tags } from '../text/tags.js';
import type { OutcomeTags } from './outcome-tags.js';

/** The name of a metric, or several names that get the same sample. */
export type Names = string | readonly string[];

/** The tags of a metric that app code holds. */
export interface BoundOptions {
  /** Tags of the metric. Default: none. */
  readonly tags?: Tags;
}

/** How a gauge callback is read. */
export interface GaugeCallbackOptions extends BoundOptions {
  /** How values of several callbacks with the same name and tags are combined. Default: `sum`. */
  readonly combine?: Combine;
}

/** The prefix and tags that a child client adds. */
export interface ChildOptions extends BoundOptions {
  /** Prefix of every name, followed by a dot. It comes after the parent's prefix. Default: none. */
  readonly prefix?: string;
}

/** How long `flush` and `shutdown` wait. */
export interface FlushOptions {
  /** The longest wait, in ms. Default: 1,000 ms. */
  readonly timeout?: number;
}

/**
 * The signature of `time`, which returns a function of the type of `fn`.
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

/** How timed calls are recorded. A number is a sample rate. */
export type TimeOptions =
  | number
  | {
      /** A number above 0 and up to 1. It counts only while samples aren't aggregated. Default 1. */
      readonly sampleRate?: number;
      /** Tags of the timer. Default: none. */
      readonly tags?: Tags;
      /** Returns tags by the end of a call. They win over `tags`. If it throws, there is one warning. Default: none. */
      readonly outcomeTags?: OutcomeTags;
      /**
       * Whether to record how long the code of each call held the event loop, in ms. The timer is `<name>.blocked`, with the same
       * tags. On other runtimes than Node.js it is left out, with one warning. Default: false.
       */
      readonly blocking?: boolean;
    };

/**
 * The signature of `count`, which returns a function of the type of `fn`.
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

/** The two forms of `gauge`. */
export interface GaugeMethod {
  /** Sets a gauge. A flush sends the last finite number, with the time at which it was set. */
  (name: Names, value: number, options?: CallOptions): void;
  /**
   * Adds a callback that reads a gauge before a flush, at most every 10 s. `flush` always reads it. Returns a function that
   * removes the callback. A callback that throws, or doesn't return a finite number, gives one warning and doesn't change the
   * gauge.
   */
  (name: string, read: () => number, options?: GaugeCallbackOptions): () => void;
}
