import { type ClientReport, readClientReport } from '@afstatsd/core/instrument';

/** The most clients that are remembered. One more makes the collector forget the client with the oldest report. */
const MAX_CLIENTS = 1_000;
/** A client whose last report is younger than this counts as active, in ms. */
const RECENT_MS = 600_000;

/** A client with its latest report. */
export interface Client extends ClientReport {
  /** The times of its first and its last report, in ms since 1970. */
  readonly first: number;
  readonly last: number;
}

/** The reports of our clients about themselves. A client sends a report after each of its flushes. */
export class Clients {
  readonly #known = new Map<string, Client>();
  readonly #now: () => number;

  /** @param now - milliseconds since 1970. */
  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** Takes a line if it is a client's report. Returns whether it was. */
  note(line: string): boolean {
    const report = readClientReport(line);
    if (report === undefined) return false;
    const last = this.#now();
    const first = this.#known.get(report.id)?.first ?? last;
    this.#known.delete(report.id);
    this.#known.set(report.id, { ...report, first, last });
    if (this.#known.size > MAX_CLIENTS) this.#known.delete(this.#known.keys().next().value!);
    return true;
  }

  /** All clients. The client with the newest report is the first. */
  all(): Client[] {
    return [...this.#known.values()].reverse();
  }

  /**
   * The number of active clients, and the share of their samples since their start that they didn't drop, in per cent. Without
   * active clients, the share is that of all remembered clients.
   */
  get completeness(): { readonly percent: number | undefined; readonly clients: number } {
    const since = this.#now() - RECENT_MS;
    const all = [...this.#known.values()];
    const recent = all.filter(({ last }) => last >= since);
    let [recorded, dropped] = [0, 0];
    for (const client of recent.length > 0 ? recent : all) {
      recorded += client.recorded;
      dropped += client.dropped;
    }
    const percent = recorded > 0 ? 100 * Math.max(0, 1 - dropped / recorded) : undefined;
    return { percent, clients: recent.length };
  }
}
