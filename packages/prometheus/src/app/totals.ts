import type { IncomingMessage, ServerResponse } from 'node:http';
import { clearInterval, setInterval } from 'node:timers';
import { type Decoded, Statsd } from '@afstatsd/core';
import { PrometheusNaming } from '../names/prometheus-naming.js';
import { describedBy } from '../names/well-known.js';
import type { Describe } from '../record/describe.js';
import { partsOf } from '../record/identities.js';
import { Recording } from '../record/recording.js';
import { scalesOf } from '../record/scales.js';
import { MetricsPage, type RenderedPage } from '../scrape/metrics-page.js';
import { PageFamilies } from '../scrape/page-families.js';
import { type Asking, Scrapers } from '../scrape/scrapers.js';
import type { PageSettings } from './options.js';
import type { Taken } from './page-transport.js';

/** The tag that tells gauges of a cluster's processes apart. */
const WORKER_TAG = 'worker';

const SET_WINDOW_MS = 60_000;

/** The totals of all metrics since the start of the process, and their page. */
export class Totals {
  readonly #recording: Recording;
  readonly #families: PageFamilies;
  readonly #page: MetricsPage;
  readonly #scrapers = new Scrapers();
  readonly #windows: NodeJS.Timeout;
  /** The client's prefix, with its dot. */
  #prefix = '';

  /**
   * @param warn - gets a line about the length of pages.
   * @throws TypeError for bounds that can't be used.
   */
  constructor(settings: PageSettings, warn: (text: string) => void) {
    const { statsd = Statsd, maxMetrics } = settings;
    const builtIn = describedBy();
    // The client's rules are for names without its prefix, so the prefix is taken off here.
    const describe: Describe = (kind, name) => ({
      ...builtIn(kind, name),
      ...statsd.rules?.describe(kind, name.startsWith(this.#prefix) ? name.slice(this.#prefix.length) : name),
    });
    this.#recording = new Recording(scalesOf(settings), { maxMetrics, describe });
    this.#families = new PageFamilies(new PrometheusNaming(settings.prefix, describe), describe);
    this.#page = new MetricsPage(this.#families, this.#scrapers, () => performance.now(), warn);
    this.#recording.start(() => this.#families.compact());
    this.#windows = setInterval(() => {
      for (const set of this.#recording.sets()) set.roll();
    }, settings.setWindow ?? SET_WINDOW_MS).unref();
  }

  /**
   * Adds metrics.
   *
   * @param worker - the process of a cluster that the metrics are from. A gauge gets it as a tag, because no single rule is right
   *   for adding up the gauges of several processes. All other metrics are added up.
   */
  add({ metrics, prefix }: Taken, worker?: string): void {
    this.#prefix = prefix;
    for (const metric of metrics) {
      const named = worker !== undefined && metric.type === 'gauge' ? ofWorker(metric, worker) : metric;
      const record = this.#recording.ingest(named);
      if (record !== undefined) this.#page.add(record);
    }
  }

  /** Removes the gauges of a process that has ended. Its counters stay, so that no total falls. */
  forgetGauges(worker: string): void {
    const isOfWorker = (key: string): boolean =>
      partsOf(key).tags.some(([tag, value]) => tag === WORKER_TAG && value === worker);
    const hasGone = this.#recording.forget((record) => record.kind === 'gauge' && isOfWorker(record.key));
    if (hasGone) this.#families.compact();
  }

  /** Answers a request with the page. @throws an error of the page. The head may have been sent before. */
  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    await this.#page.answer(request, response, this.#scrapers.asking(request, performance.now()));
  }

  /** The whole page for a request that came to another process, or to a server of another kind. */
  async render(asking: Asking): Promise<RenderedPage> {
    return this.#page.render(asking.headers, this.#scrapers.asking(asking, performance.now()));
  }

  /** Ends the page. */
  close(): void {
    clearInterval(this.#windows);
    this.#recording.close();
  }
}

function ofWorker(gauge: Extract<Decoded, { type: 'gauge' }>, worker: string): Decoded {
  const { tags = [] } = gauge;
  if (tags.some(([key]) => key === WORKER_TAG)) return gauge;
  return { ...gauge, tags: [...tags, [WORKER_TAG, worker]] };
}
