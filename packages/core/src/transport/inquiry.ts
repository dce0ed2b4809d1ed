import { now } from '../host/clock.js';
import { readProbeAnswer } from '../wire/client-interval.js';

/** The minimum time between two probes, in ms. It is below 1 s, so that each flush of one second has a probe. */
const ASK_MS = 900;
/** How many probes in a row may get no answer, because a collector may be busy for a moment. */
const PATIENCE = 2;

/** Learns what kind of receiver listens at the other end of a UDP socket, from its answers to empty datagrams. */
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
   * The interval that the receiver asks for, in ms. Undefined if it hasn't answered, or no longer does. It then counts as an
   * unknown StatsD server.
   */
  get every(): number | undefined {
    return this.#unanswered > PATIENCE ? undefined : this.#every;
  }

  /**
   * Notes that a probe was sent.
   *
   * @param first - whether this is the first probe of this receiver. Only its answer is waited for.
   */
  asked({ first }: { first: boolean }): void {
    this.#askedAt = now();
    if (first) this.#firstAskedAt = this.#askedAt;
    this.#unanswered++;
  }

  /** Takes a datagram that came back. Ignores it if it isn't an answer to a probe. */
  hear(datagram: Buffer): void {
    const every = readProbeAnswer(datagram);
    if (every === undefined) return;
    this.#every = every;
    this.#unanswered = 0;
  }

  /** How long to wait for the first answer from now on, in ms, if it may take `longest` ms. 0: no more wait. */
  waitForAnswer(longest: number): number {
    return this.every === undefined ? Math.max(0, this.#firstAskedAt + longest - now()) : 0;
  }

  /** Forgets the receiver because it is gone. The next one may be of another kind. */
  forget(): void {
    this.#every = undefined;
    this.#firstAskedAt = -Infinity;
    this.#unanswered = 0;
  }
}
