import type { RemoteInfo, Socket } from 'node:dgram';
import { AnswerLimit } from './answer-limit.js';

/** The most answers that may wait for the socket. */
const MOST_WAITING = 64;

/** Answers empty datagrams through one of Node's sockets. */
export class ProbeAnswers {
  /** How often clients are to send, in ms. 0 while it isn't set. */
  clientInterval = 0;
  readonly #limit = new AnswerLimit();

  answer(socket: Socket, { port, address }: Pick<RemoteInfo, 'port' | 'address'>): void {
    if (port === 0) return; // port 0 is forged, so nobody could get the answer
    if (socket.getSendQueueCount() >= MOST_WAITING) return;
    const line = this.#limit.next(this.clientInterval);
    if (line !== undefined) socket.send(line, port, address, ignore);
  }
}

/** A lost answer needs no handling, because the client then behaves as with a server that never answers. */
function ignore(): void {}
