import type { Batch, Channel, MetricView, Offer, Transport, TransportStats, ValueKind } from '../index.js';

/** A metric, and all that was recorded of it since the recording was reset. */
export interface RecordedMetric {
  /** What kind of metric it is. */
  readonly kind: MetricView['kind'];
  /** With the prefixes of client and child. */
  readonly name: string;
  /** With those of client and child, but without `service` and `instance`. */
  readonly tags: Readonly<Record<string, string>>;
  /** Of a counter the sum, of a gauge the last value; 0 of others. */
  readonly value: number;
  /** Of a timer its durations in ms, in order; empty of others. */
  readonly values: readonly number[];
  /** Of a set its distinct members, in order; empty of others. */
  readonly members: readonly string[];
}

/** A metric that still adds up. */
interface Adding extends RecordedMetric {
  value: number;
  readonly values: number[];
  readonly members: string[];
}

/** A metric as calls have it: under a name without the client's prefix, and without the client's tags. */
interface AsCalled {
  readonly kind: MetricView['kind'] | ValueKind;
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
}

const calls = new WeakMap<RecordedMetric, AsCalled>();

/** How calls name what was recorded. A child's prefix and tags are in it. */
export function asCalled(metric: RecordedMetric): AsCalled {
  return calls.get(metric) ?? metric;
}

/** What `stats().transport.detail` says as long as nobody has set another transport. */
export const RECORDING = 'recorded for tests';

/**
 * Keeps what it is sent, as values: no wire format, which might round them. It takes everything at once, so a flush to it is over
 * before `flush` returns its promise.
 */
export class RecordingTransport implements Transport, Channel {
  readonly #metrics = new Map<string, Adding>();

  get metrics(): readonly RecordedMetric[] {
    return [...this.#metrics.values()];
  }

  clear(): void {
    this.#metrics.clear();
  }

  open(): Channel {
    return this;
  }

  close(): void {}

  keepsFraction(): boolean {
    return true;
  }

  stats(): TransportStats {
    return { state: 'open', detail: RECORDING, messages: 0, bytes: 0, full: 0 };
  }

  offer({ metrics, naming }: Batch, from: number): Offer {
    for (const view of metrics.slice(from)) {
      // The tags of a call, and of children, win over those of the client.
      const tags = Object.fromEntries([...naming.tags, ...view.tags]);
      this.#add(view, naming.prefix + view.name, tags);
    }
    return { taken: metrics.length - from, values: 0, state: 'ok' };
  }

  #add(view: MetricView, name: string, tags: Readonly<Record<string, string>>): void {
    const { kind } = view;
    const as = view.kind === 'timer' ? view.as : undefined;
    const key = JSON.stringify([as ?? kind, name, Object.entries(tags).sort(([a], [b]) => (a < b ? -1 : 1))]);
    const known = this.#metrics.get(key);
    const metric = known ?? { kind, name, tags, value: 0, values: [], members: [] };
    if (known === undefined) {
      this.#metrics.set(key, metric);
      calls.set(metric, { kind: as ?? kind, name: view.name, tags: Object.fromEntries(view.tags) });
    }
    switch (view.kind) {
      case 'counter':
        metric.value += view.value;
        break;
      case 'gauge':
        metric.value = view.value;
        break;
      case 'timer':
        for (let at = view.from; at < view.samples.length; at++) metric.values.push(view.samples.values[at]!);
        break;
      case 'set':
        for (const member of view.members.slice(view.from)) {
          if (!metric.members.includes(member)) metric.members.push(member);
        }
        break;
    }
  }
}
