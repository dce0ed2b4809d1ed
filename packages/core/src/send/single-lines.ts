import type { Report } from '../account/report.js';
import type { Channel, OfferState } from '../transport/transport.js';

/** Lines that wait. Past either bound the oldest are given up. */
const MAX_LINES = 1000;
const MAX_LENGTH = 1_000_000;

/** Numbers of lines, such as events. */
export interface LineCounts {
  /** Taken by the transport. */
  readonly sent: number;
  /** Waiting to be sent. */
  readonly pending: number;
  /** Given up: too many waited, one was too long, the receiver reads none, or the client has ended. */
  readonly dropped: number;
}

/**
 * Lines that leave as they stand, each in a message of its own: events, service checks, and samples with a time of their own.
 * Nothing can be added up in them, so a bounded number waits while nobody takes them.
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
   * Sends what waits, until the channel takes no more.
   *
   * @param waitFor - How long to wait before the next message, in ms.
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

  /** Gives up what waits: the process, or the client, ends. */
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
