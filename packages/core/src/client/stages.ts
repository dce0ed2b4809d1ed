/**
 * A stage in the life of a client.
 *
 * - `new`: nothing was recorded yet.
 * - `keeping`: samples wait for the interval.
 * - `sending`: each sample is sent at once.
 * - `ending`: the process is about to end, so each sample is sent before the call returns.
 * - `disabled`: nothing is recorded and nothing is sent.
 * - `ended`: the client was shut down.
 */
export type Stage = 'disabled' | 'ended' | 'ending' | 'keeping' | 'new' | 'sending';

/** The rules of a stage. */
interface Rules {
  /** The fate of a metric with its first sample since it was sent. */
  readonly touched: 'clear' | 'drain' | 'keep' | 'refuse' | 'send' | 'start';
  /** Whether a sample rate decides on a call. */
  readonly samples: boolean;
  /** Whether a flush has work to do. */
  readonly flushes: boolean;
}

/** The stages, and the rules of each. */
export const STAGES: Readonly<Record<Stage, Rules>> = {
  new: { touched: 'start', samples: false, flushes: false },
  keeping: { touched: 'keep', samples: false, flushes: true },
  sending: { touched: 'send', samples: true, flushes: true },
  ending: { touched: 'drain', samples: false, flushes: true },
  disabled: { touched: 'clear', samples: false, flushes: false },
  ended: { touched: 'refuse', samples: false, flushes: false },
};
