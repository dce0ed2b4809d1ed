import { performance } from 'node:perf_hooks';
import { CLIENT_INTERVAL_MS, probeAnswer } from '@afstatsd/core';

/**
 * The most answers in a second. They are enough for 5,000 clients, because each asks once a second. The limit exists because a
 * flood of probes would otherwise take all the reader's time.
 */
const MOST_A_SECOND = 5_000;

/**
 * The answers to empty datagrams. Clients send an empty datagram to ask who listens. Only empty datagrams are answered, so two
 * collectors never answer each other's answers. The answer is about as long as the question on the wire, so a forged sender gains
 * nothing.
 */
export class AnswerLimit {
  #line: Uint8Array = new Uint8Array();
  #interval = -1;
  #second = 0;
  #answered = 0;

  /**
   * The next answer. Undefined if this second's limit is reached.
   *
   * @param interval - how often clients are to send, in ms. 0 while the main thread hasn't set it.
   */
  next(interval: number): Uint8Array | undefined {
    const second = Math.floor(performance.now() / 1000);
    if (second !== this.#second) {
      this.#second = second;
      this.#answered = 0;
    }
    if (this.#answered >= MOST_A_SECOND) return undefined;
    this.#answered++;
    if (interval !== this.#interval) {
      this.#line = probeAnswer(interval || CLIENT_INTERVAL_MS.longest);
      this.#interval = interval;
    }
    return this.#line;
  }
}
