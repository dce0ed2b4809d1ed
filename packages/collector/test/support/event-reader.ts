import { once } from 'node:events';
import { type IncomingMessage, get } from 'node:http';
import { until } from '@afstatsd/testing';

interface Event {
  readonly type: string;
  readonly data: unknown;
}

/** Reads the live page's stream of events. */
export class EventReader {
  /** Resolves when the stream has ended. */
  readonly ended: Promise<unknown>;
  readonly #response: IncomingMessage;
  readonly #events: Event[] = [];
  #rest = '';

  private constructor(response: IncomingMessage) {
    this.#response = response;
    response.on('error', () => {});
    response.setEncoding('utf8').on('data', (text: string) => this.#take(text));
    this.ended = once(response, 'close');
  }

  static async open(port: number): Promise<EventReader> {
    const asked = get({ host: '127.0.0.1', port, path: '/api/v1/stream', agent: false });
    const [response] = (await once(asked, 'response')) as [IncomingMessage];
    if (response.statusCode !== 200) throw new Error(`the stream was answered with ${response.statusCode}`);
    return new EventReader(response);
  }

  /** The data of the next event of this type; others before it are skipped. */
  async next(type: string): Promise<unknown> {
    return this.#find((event) => event.type === type);
  }

  /** The data of the next tick of which this is true. */
  async nextWith(isIt: (data: unknown) => boolean): Promise<unknown> {
    return this.#find((event) => event.type === 'tick' && isIt(event.data));
  }

  close(): void {
    this.#response.destroy();
  }

  async #find(isIt: (event: Event) => boolean): Promise<unknown> {
    await until('the event comes', () => {
      while (this.#events.length > 0 && !isIt(this.#events[0]!)) this.#events.shift();
      return this.#events.length > 0;
    });
    return this.#events.shift()!.data;
  }

  #take(text: string): void {
    const parts = (this.#rest + text).split('\n\n');
    this.#rest = parts.pop()!;
    for (const part of parts) {
      const [, type = '', data = ''] = /^event: (\w+)\ndata: (.*)$/.exec(part) ?? [];
      this.#events.push({ type, data: JSON.parse(data) });
    }
  }
}
