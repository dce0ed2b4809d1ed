import type { ServerResponse } from 'node:http';

/** The most bytes of events that wait for a slow viewer. Further events are left out, and the viewer loads everything again. */
const MAX_WAITING_BYTES = 1_048_576;

/** The viewers of the page. Each is a response that never ends, to which events are written. */
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

  /** Adds a viewer. The head of its response has to be sent before. */
  add(response: ServerResponse): void {
    this.#responses.set(response, { isBehind: false });
    response.once('close', () => this.#responses.delete(response));
  }

  /** Sends an event to all viewers. `data` is called once, and only if there is a viewer. */
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

  /** Ends the responses of all viewers. */
  close(): void {
    for (const response of this.#responses.keys()) response.end();
  }
}

/** The text of an event in a stream. It needs no escapes, because JSON has no line breaks. */
export function eventText(event: string, data: unknown): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}
