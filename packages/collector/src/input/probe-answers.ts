import type { RemoteInfo, Socket } from 'node:dgram';
import { performance } from 'node:perf_hooks';
import { CLIENT_INTERVAL_MS, probeAnswer } from '@afstatsd/core';

/** Answers a second, at most: for as many clients that ask once a second, and so that nobody can make it busy with asking. */
const MOST_A_SECOND = 5_000;
/** Answers that may wait for the socket, at most. */
const MOST_WAITING = 64;

/**
 * Answers empty datagrams, with which clients ask who listens. Only these, so that two collectors never talk in circles. The
 * answer is about as long as the question on the wire, so a forged sender gains nothing.
 */
export class ProbeAnswers {
  #line = probeAnswer(CLIENT_INTERVAL_MS.longest);
  #second = 0;
  #answered = 0;

  /** How often clients are to send, in ms. */
  set clientInterval(ms: number) {
    this.#line = probeAnswer(ms);
  }

  answer(socket: Socket, { port, address }: Pick<RemoteInfo, 'port' | 'address'>): void {
    if (port === 0) return; // forged: nobody can be answered there
    const second = Math.floor(performance.now() / 1000);
    if (second !== this.#second) {
      this.#second = second;
      this.#answered = 0;
    }
    if (this.#answered >= MOST_A_SECOND || socket.getSendQueueCount() >= MOST_WAITING) return;
    this.#answered++;
    socket.send(this.#line, port, address, ignore);
  }
}

/** An answer that can't be sent is one that isn't heard: the client then does what it does at other servers. */
function ignore(): void {}
