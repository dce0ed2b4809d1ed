import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { json, text } from 'node:stream/consumers';

export interface Answer {
  readonly status: number;
  /** What was answered in JSON; undefined for anything else. */
  readonly body: unknown;
}

export interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** Asks as browsers and programs do, over connections that stay. */
export class Client {
  readonly #agent = new Agent({ keepAlive: true });

  async ask(url: string, asked: Asked = {}): Promise<Answer> {
    const response = await this.#send(url, asked);
    const isJson = response.headers['content-type']?.startsWith('application/json') === true;
    const body: unknown = isJson ? await json(response) : void (await text(response));
    return { status: response.statusCode!, body };
  }

  /** Leaves when the answer has begun. */
  async leave(url: string): Promise<void> {
    const response = await this.#send(url, {});
    await once(response, 'data');
    response.destroy();
    await once(response, 'close');
  }

  close(): void {
    this.#agent.destroy();
  }

  async #send(url: string, { method = 'GET', headers = {}, body }: Asked): Promise<IncomingMessage> {
    const sent = body === undefined ? undefined : JSON.stringify(body);
    const type = sent === undefined ? {} : { 'content-type': 'application/json' };
    const asking = request(url, { method, headers: { ...type, ...headers }, agent: this.#agent }).end(sent);
    const [response] = (await once(asking, 'response')) as [IncomingMessage];
    // Told again to whoever reads it.
    asking.on('error', () => {});
    return response;
  }
}
