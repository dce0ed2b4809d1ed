import type { Channel, Decoded, MetricView, Transport, TransportStats } from '@afstatsd/core';
import { MAX_NAME_BYTES, ownText } from '@afstatsd/core/instrument';
import { ClientOutput } from '../client-output.js';
import { ConsoleView, type ConsoleViewOptions } from './view.js';
import type { Screen } from './screen.js';
import { shortName } from '../short-name.js';
import { summarise } from './summary.js';

export interface ConsoleOptions extends ConsoleViewOptions {
  /** The time between two flushes, in ms. */
  readonly interval: number;
  readonly maxMetrics: number;
  /** Whether each flush writes one JSON object instead of a table. */
  readonly json: boolean;
}

/** Shows the metrics since the last flush. */
export class ConsoleOutput extends ClientOutput {
  readonly #view: ConsoleView | undefined;
  readonly #screen: Screen | undefined;
  /** The names of DogStatsD's histograms and distributions. The unit of their values isn't known. */
  readonly #unitless: Set<string>;
  readonly #maxMetrics: number;
  #stopListening: () => void = () => {};

  constructor(options: ConsoleOptions) {
    const { interval, maxMetrics, log, busy, json, write, screen } = options;
    const unitless = new Set<string>();
    const view = json ? undefined : new ConsoleView(options);
    const show = (metrics: readonly MetricView[]): void => {
      const rows = metrics.map((metric) => summarise(metric, unitless));
      if (view === undefined) write(`${JSON.stringify({ time: new Date().toISOString(), metrics: rows })}\n`);
      else
        view.show(
          rows.map((row, at) => ({ ...row, short: shortName(metrics[at]!.name, metrics[at]!.tags) })),
        );
    };
    const transport = new RowsTransport(show, busy);
    super({ name: 'console', transport, interval, maxMetrics, log });
    this.#view = view;
    this.#screen = screen;
    this.#unitless = unitless;
    this.#maxMetrics = maxMetrics;
  }

  override start(): Promise<void> {
    const view = this.#view;
    if (view !== undefined && this.#screen !== undefined)
      this.#stopListening = this.#screen.onResize(() => view.redraw());
    return super.start();
  }

  override ingest(metric: Decoded): void {
    if (metric.type === 'timer' && metric.as !== undefined) this.#noteUnitless(metric.name);
    super.ingest(metric);
  }

  /** Keeps a name. Too long a name isn't kept, because its metric is refused. */
  #noteUnitless(name: string): void {
    if (this.#unitless.has(name) || name.length > MAX_NAME_BYTES) return;
    if (this.#unitless.size < this.#maxMetrics) this.#unitless.add(ownText(name));
  }

  override close(timeout: number): Promise<void> {
    this.#stopListening();
    return super.close(timeout);
  }
}

/** Takes all metrics, unless standard output is busy. */
class RowsTransport implements Transport, Channel {
  readonly #show: (metrics: readonly MetricView[]) => void;
  readonly #busy: () => boolean;

  constructor(show: (metrics: readonly MetricView[]) => void, busy: () => boolean) {
    this.#show = show;
    this.#busy = busy;
  }

  open(): Channel {
    return this;
  }

  keepsFraction(): boolean {
    return true;
  }

  offer({ metrics }: Parameters<Channel['offer']>[0], from: number): ReturnType<Channel['offer']> {
    if (this.#busy()) return { taken: 0, values: 0, state: 'full' };
    this.#show(metrics.slice(from));
    return { taken: metrics.length - from, values: 0, state: 'ok' };
  }

  close(): void {}

  stats(): TransportStats {
    return { state: 'open', detail: 'the console', messages: 0, bytes: 0, full: 0 };
  }
}
