import type { Socket } from 'node:net';

/** The order in which connections are closed when there are too many. */
const STATES = ['new', 'kept', 'answering'] as const;

/**
 * The connections of a server. Their number is bounded. A connection past the limit closes another one: the oldest that has had
 * no request. If all have had one, the longest idle connection is closed. If none is idle, the connection is closed whose answer
 * began first. So the newest connection, which may be a health probe, is always served.
 */
export class Connections {
  readonly #states = new Map<Socket, (typeof STATES)[number]>();
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /**
   * Takes a new connection.
   *
   * @returns Whether another one was closed for it.
   */
  add(socket: Socket): boolean {
    const victim = this.#states.size < this.#limit ? undefined : this.#first();
    if (victim !== undefined) {
      this.#states.delete(victim);
      victim.destroy();
    }
    this.#states.set(socket, 'new');
    socket.once('close', () => this.#states.delete(socket));
    return victim !== undefined;
  }

  /** Whether an answer is under way. */
  isAnswering(socket: Socket): boolean {
    return this.#states.get(socket) === 'answering';
  }

  /** Notes a request. */
  asked(socket: Socket): void {
    this.#move(socket, 'answering');
  }

  /** Notes the end of an answer. */
  answered(socket: Socket): void {
    this.#move(socket, 'kept');
  }

  #move(socket: Socket, state: (typeof STATES)[number]): void {
    if (this.#states.delete(socket)) this.#states.set(socket, state);
  }

  #first(): Socket | undefined {
    for (const wanted of STATES) {
      for (const [socket, state] of this.#states) if (state === wanted) return socket;
    }
    return undefined;
  }
}
