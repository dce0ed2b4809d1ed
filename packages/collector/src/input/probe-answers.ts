import type { RemoteInfo, Socket } from 'node:dgram';
import { AnswerLimit } from './answer-limit.js';

/** Answers that may wait for the socket, at most. */
const MOST_WAITING = 64;

/** Answers empty datagrams through one of Node's sockets. */
export class ProbeAnswers {
  /** How often clients are to send, in ms. 0: nobody has said so yet. */
  clientInterval = 0;
  readonly #limit = new AnswerLimit();

  answer(socket: Socket, { port, address }: Pick<RemoteInfo, 'port' | 'address'>): void {
    if (port === 0) return; // forged: nobody can be answered there
    if (socket.getSendQueueCount() >= MOST_WAITING) return;
    const line = this.#limit.next(this.clientInterval);
    if (line !== undefined) socket.send(line, port, address, ignore);
  }
}

/** An answer that can't be sent is one that isn't heard: the client then does what it does at other servers. */
function ignore(): void {}
