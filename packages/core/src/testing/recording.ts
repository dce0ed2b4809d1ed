import { Statsd, StatsdClient, type StatsdOptions } from '../index.js';
import { describe } from '../instrument.js';
import { RECORDING, type RecordedMetric, RecordingTransport } from './recorded.js';

/** What a client has recorded, for tests. */
export interface Recording {
  /** Every metric that was recorded since the last reset, gauge callbacks included, which are read now. */
  readonly metrics: () => readonly RecordedMetric[];
  /**
   * Forgets what was recorded, and brings the client back if it was shut down. Call it before each test. Gauge callbacks stay: the
   * functions that `gauge` has returned end them.
   */
  readonly reset: () => void;
}

/** By the object that a client and its children share. */
const recordings = new WeakMap<object, Recording>();

/**
 * Has a client record for tests: it sends nowhere, and keeps every value. Called again, it returns the same recording.
 *
 * @param client - Default: the shared `Statsd`.
 * @example
 * ```js
 * const { Statsd } = require('@afstatsd/core');
 * const { record } = require('@afstatsd/core/testing');
 * const recording = record();
 * Statsd.increment('orders', { tags: { method: 'card' } });
 * console.log(recording.metrics()[0].value); // 1
 * recording.reset();
 * ```
 */
export function record(client: StatsdClient = Statsd): Recording {
  const known = recordings.get(client.shared);
  if (known !== undefined) return known;
  const transport = new RecordingTransport();
  const options: StatsdOptions = {
    transport,
    interval: Infinity, // each look flushes by itself
    maxSamples: Infinity, // so that durations are exact
    enabled: true,
    handleSignals: false,
  };
  client.configure(options);
  const takeIn = (): void => void client.flush({ timeout: 0 });
  const recording: Recording = {
    metrics() {
      takeIn();
      const { recorded, transport: used } = client.stats();
      if (recorded > 0 && used.detail !== RECORDING) {
        throw new Error(
          `the client no longer records: another transport was set since ("${used.detail}"). Call record() after the app has configured it, or reset()`,
        );
      }
      return transport.metrics;
    },
    reset() {
      takeIn();
      client.configure(options);
      takeIn();
      client.forget(() => true);
      transport.clear();
    },
  };
  recordings.set(client.shared, recording);
  return recording;
}

/**
 * A client of a test's own that records: for code that takes its client as an argument.
 *
 * @param options - Those of the client, such as its prefix. Its transport is the recording.
 * @throws TypeError that names the option and the value, for an option that can't be used.
 * @example
 * ```js
 * const { createRecordingClient, recordingOf } = require('@afstatsd/core/testing');
 * const statsd = createRecordingClient({ prefix: 'shop' });
 * statsd.timing('checkout', 120);
 * console.log(recordingOf(statsd).metrics()[0].values); // [ 120 ]
 * ```
 */
export function createRecordingClient(options: Omit<StatsdOptions, 'transport'> = {}): StatsdClient {
  const client = new StatsdClient(options);
  record(client);
  return client;
}

/**
 * The recording of a client that records, or of one of its children.
 *
 * @throws TypeError if it is no client, or one that doesn't record.
 */
export function recordingOf(client: unknown): Recording {
  const shared: unknown = Object(client).shared;
  const recording = typeof shared === 'object' && shared !== null ? recordings.get(shared) : undefined;
  if (recording !== undefined) return recording;
  throw new TypeError(
    typeof shared === 'object' && shared !== null
      ? 'this client does not record: make it with createRecordingClient(), or call record(client) first'
      : `a StatsdClient is expected, not ${describe(client)}`,
  );
}
