import { type ClientReport, readClientReport } from '@afstatsd/core/instrument';

/** Clients that are remembered. Past that, the one that was heard of longest ago is forgotten. */
const MAX_CLIENTS = 1_000;
/** A client that was heard of within this time counts as one of those that send, in ms. */
const RECENT_MS = 600_000;

/** A client with its latest report. */
export interface Client extends ClientReport {
  /** When it was heard of first and last, in ms since 1970. */
  readonly first: number;
  readonly last: number;
}

/** The reports of our clients on themselves. A client sends one after each of its flushes. */
export class Clients {
  readonly #known = new Map<string, Client>();
  readonly #now: () => number;

  /** @param now - milliseconds since 1970. */
  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** Takes a line if it is a report. Returns whether it is one. */
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

  /** All of them, the one that was heard of last first. */
  all(): Client[] {
    return [...this.#known.values()].reverse();
  }

  /**
   * How many clients have reported lately, and the share of their samples that they didn't have to drop since they began, in per
   * cent. While none has reported lately, it is the share of all that are remembered.
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
