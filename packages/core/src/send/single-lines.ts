import type { Report } from '../account/report.js';
import type { Channel, OfferState } from '../transport/transport.js';

/** Limits of the waiting lines: their number, and their characters. Beyond either limit the oldest lines are dropped. */
const MAX_LINES = 1000;
const MAX_LENGTH = 1_000_000;

/** Counts of lines, such as events. */
export interface LineCounts {
  /** Lines that the transport has taken. */
  readonly sent: number;
  /** Lines that wait to be sent. */
  readonly pending: number;
  /** Lines that were dropped: too many waited, one was too long, the receiver reads none, or the client has ended. */
  readonly dropped: number;
}

/**
 * Finished lines that are sent unchanged, each in its own message: events, service checks, and samples with their own time. They
 * can't be added up, so only a bounded number waits while nobody takes them.
 */
export class SingleLines {
  readonly #report: Report;
  #waiting: string[] = [];
  #length = 0;
  #sent = 0;
  #dropped = 0;

  constructor(report: Report) {
    this.#report = report;
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  get counts(): LineCounts {
    return { sent: this.#sent, pending: this.#waiting.length, dropped: this.#dropped };
  }

  add(line: string): void {
    this.#waiting.push(line);
    this.#length += line.length;
    while (this.#waiting.length > MAX_LINES || this.#length > MAX_LENGTH) {
      this.#drop(`more than ${MAX_LINES} wait`);
    }
  }

  /**
   * Sends waiting lines until the channel takes no more.
   *
   * @param waitFor - Returns how long to wait before the next message, in ms.
   */
  send(channel: Channel, waitFor: (channel: Channel) => number): { state: OfferState; wait?: number } {
    while (!this.isEmpty) {
      const wait = waitFor(channel);
      if (wait > 0) return { state: 'full', wait };
      const state = this.#offer(channel, this.#waiting[0]!);
      if (state === 'full' || state === 'unavailable') return { state };
      if (state === 'unread') this.#drop('the receiver reads no DogStatsD');
      else if (state === 'oversize') this.#drop('one is longer than 8192 bytes');
      else {
        this.#shift();
        this.#sent++;
      }
    }
    return { state: 'ok' };
  }

  /** Drops all waiting lines, because the process or the client ends. */
  abandon(): void {
    this.#dropped += this.#waiting.length;
    this.#waiting = [];
    this.#length = 0;
  }

  #offer(channel: Channel, line: string): OfferState | 'unread' {
    try {
      return channel.readsEvents?.() === true ? (channel.sendEvent?.(line) ?? 'unread') : 'unread';
    } catch (error) {
      this.#report.transportFailed(error);
      return 'unavailable';
    }
  }

  #drop(why: string): void {
    const line = this.#shift();
    this.#dropped++;
    this.#report.once(
      `events: ${why}`,
      () => `event ${JSON.stringify(line.slice(0, 80))} is dropped: ${why}`,
    );
  }

  #shift(): string {
    const line = this.#waiting.shift()!;
    this.#length -= line.length;
    return line;
  }
}
