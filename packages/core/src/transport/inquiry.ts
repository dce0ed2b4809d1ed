import { now } from '../host/clock.js';
import { readProbeAnswer } from '../wire/client-interval.js';

/** Asks are at least so far apart, in ms: so each flush of one second has one. */
const ASK_MS = 900;
/** Asks in a row that may go unanswered, because a collector that is busy for a moment is no other kind of receiver. */
const PATIENCE = 2;

/** What is known of who listens at the other end of a UDP socket, by the answers to empty datagrams. */
export class Inquiry {
  #askedAt = -Infinity;
  #firstAskedAt = -Infinity;
  #unanswered = 0;
  #every: number | undefined;

  /** Whether it is time to ask again. */
  get isDue(): boolean {
    return now() - this.#askedAt >= ASK_MS;
  }

  /**
   * How often the receiver wants to hear from this process, in ms. undefined: it hasn't answered, or no longer does, so
   * it is to be taken for a StatsD server that nothing is known of.
   */
  get every(): number | undefined {
    return this.#unanswered > PATIENCE ? undefined : this.#every;
  }

  /** @param first - whether this is the first ask at this receiver, whose answer is worth waiting for. */
  asked({ first }: { first: boolean }): void {
    this.#askedAt = now();
    if (first) this.#firstAskedAt = this.#askedAt;
    this.#unanswered++;
  }

  /** Takes a datagram that came back. Anything but an answer is another's affair. */
  hear(datagram: Buffer): void {
    const every = readProbeAnswer(datagram);
    if (every === undefined) return;
    this.#every = every;
    this.#unanswered = 0;
  }

  /** How long it makes sense to wait for the first answer, if that may take so long (ms). 0: not any longer. */
  waitForAnswer(longest: number): number {
    return this.every === undefined ? Math.max(0, this.#firstAskedAt + longest - now()) : 0;
  }

  /** Nobody listens any more: whoever comes next may be of another kind. */
  forget(): void {
    this.#every = undefined;
    this.#firstAskedAt = -Infinity;
    this.#unanswered = 0;
  }
}
