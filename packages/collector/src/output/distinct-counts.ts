import { type Channel, type SetView, type StatsdClient, type Transport } from '@afstatsd/core';

/** A way out that is open only when it is asked to be, and hands over what comes. */
export class Handover implements Transport {
  #take: ((set: SetView) => void) | undefined;

  readonly #channel: Channel = {
    offer: ({ metrics }, from) => {
      for (let at = from; at < metrics.length; at++) {
        const metric = metrics[at]!;
        if (metric.kind === 'set') this.#take?.(metric);
      }
      return { taken: metrics.length - from, values: 0, state: 'ok' };
    },
  };

  open(): Channel | undefined {
    return this.#take && this.#channel;
  }

  close(): void {}

  stats(): ReturnType<Transport['stats']> {
    return { state: 'closed', detail: 'kept until it is asked for', messages: 0, bytes: 0, full: 0 };
  }

  /** Flushes a client whose transport this is, and hands over its sets. */
  async run(client: StatsdClient, take: (set: SetView) => void): Promise<void> {
    this.#take = take;
    try {
      await client.flush();
    } finally {
      this.#take = undefined;
    }
  }
}

/** How many distinct members sets have seen, in windows of time. */
export class DistinctCounts {
  readonly #client: StatsdClient;
  readonly #handover: Handover;
  #window = new Map<SetView, readonly string[]>();
  #restored = 0;

  /** @param handover - the client's transport. The client is for sets only. */
  constructor(client: StatsdClient, handover: Handover) {
    this.#client = client;
    this.#handover = handover;
  }

  /** Members that were taken back; the client has recorded them twice. */
  get restored(): number {
    return this.#restored;
  }

  /** Ends a window, and begins the next one. */
  async roll(): Promise<void> {
    const window = new Map<SetView, readonly string[]>();
    await this.#handover.run(this.#client, (set) => window.set(set, set.members));
    this.#window = window;
  }

  /** Takes the members of the window that has ended back into the one that is under way: nobody has heard of them. */
  restore(): void {
    for (const [{ name, tags }, members] of this.#window) {
      this.#client.ingest({ type: 'set', name, tags, members });
      this.#restored += members.length;
    }
    this.#window.clear();
  }

  /** Distinct members in the window that has ended last; or in the one under way, if these are more. */
  count(set: SetView): number {
    return Math.max(this.#window.get(set)?.length ?? 0, set.members.length);
  }
}
