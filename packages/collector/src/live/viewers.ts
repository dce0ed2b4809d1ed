import type { ServerResponse } from 'node:http';

/** Events that wait for a viewer that doesn't read, in bytes. Further ones are left out, and the viewer is told to start over. */
const MAX_WAITING_BYTES = 1_048_576;

/** Those who look: each is a response that never ends, to which events are written. */
export class Viewers {
  readonly #limit: number;
  readonly #responses = new Map<ServerResponse, { isBehind: boolean }>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#responses.size;
  }

  get isFull(): boolean {
    return this.size >= this.#limit;
  }

  /** Takes a new one, whose head has been sent. */
  add(response: ServerResponse): void {
    this.#responses.set(response, { isBehind: false });
    response.once('close', () => this.#responses.delete(response));
  }

  /** Sends an event to all of them. The text is made once, and only if there is anybody. */
  send(event: string, data: () => unknown): void {
    if (this.size === 0) return;
    const text = eventText(event, data());
    for (const [response, state] of this.#responses) {
      if (response.writableLength > MAX_WAITING_BYTES) state.isBehind = true;
      else if (state.isBehind) {
        state.isBehind = false;
        response.write(eventText('resync', {}));
      } else response.write(text);
    }
  }

  /** Ends all of them. */
  close(): void {
    for (const response of this.#responses.keys()) response.end();
  }
}

/** An event of a stream. JSON has no line breaks. */
export function eventText(event: string, data: unknown): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}
