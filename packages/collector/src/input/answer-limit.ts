import { performance } from 'node:perf_hooks';
import { CLIENT_INTERVAL_MS, probeAnswer } from '@afstatsd/core';

/** Answers a second, at most: for as many clients that ask once a second, and so that nobody can make it busy with asking. */
const MOST_A_SECOND = 5_000;

/**
 * The answers to empty datagrams, with which clients ask who listens. Only these are answered, so that two collectors never
 * talk in circles. The answer is about as long as the question on the wire, so a forged sender gains nothing.
 */
export class AnswerLimit {
  #line: Uint8Array = new Uint8Array();
  #interval = -1;
  #second = 0;
  #answered = 0;

  /**
   * The next answer; undefined when there were enough in this second.
   *
   * @param interval - how often clients are to send, in ms. 0: nobody has said so yet.
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
