import type { Ledger } from '../account/ledger.js';
import type { Counter } from '../metric/counter.js';
import { identify } from '../text/identity.js';
import type { Registry } from './registry.js';

/**
 * Records the ledger as metrics: the counters `afstatsd.client.recorded`, `.sent` and `.dropped`, and the gauge `.pending`. These
 * are samples themselves, so the next flush counts them.
 */
export class Telemetry {
  readonly #registry: Registry;
  readonly #ledger: Ledger;
  readonly #reported = { recorded: 0, sent: 0, dropped: 0 };

  constructor(registry: Registry, ledger: Ledger) {
    this.#registry = registry;
    this.#ledger = ledger;
  }

  /** Records what has changed since the last time. */
  record(pending: number): void {
    const { sent, allDropped: dropped } = this.#ledger;
    const now = { sent, dropped, recorded: sent + dropped + pending };
    for (const name of ['recorded', 'sent', 'dropped'] as const) {
      const delta = now[name] - this.#reported[name];
      const counter = this.#counter(name);
      if (delta === 0 || counter === undefined) continue;
      this.#reported[name] = now[name];
      counter.add(delta);
    }
    this.#registry.get(this.#registry.gauges, identify('afstatsd.client.pending', []))?.set(pending);
  }

  #counter(name: string): Counter | undefined {
    return this.#registry.get(this.#registry.counters, identify(`afstatsd.client.${name}`, []));
  }
}
