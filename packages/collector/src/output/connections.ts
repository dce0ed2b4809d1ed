import type { Socket } from 'node:net';

/** The order in which connections are closed when there are too many. */
const STATES = ['new', 'kept', 'answering'] as const;

/**
 * The connections of a server, of which there is a bounded number. With one too many, the oldest connection without a request
 * is closed; if there is none, the one that is idle longest; if there is none, the one whose answer began first. So the newest
 * connection, which may be a health probe, is always served.
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
