import { Agent, type IncomingMessage, get } from 'node:http';
import { text } from 'node:stream/consumers';
import { parseExposition } from '@afstatsd/testing';

/** Scrapes over one connection, as Prometheus does. */
export class HttpScraper {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });
  readonly #url: string;
  readonly #headers: Record<string, string>;

  /** @param headers - default: what Prometheus sends. */
  constructor(
    url: string,
    headers: Record<string, string> = {
      'User-Agent': 'Prometheus/2.42.0',
      'X-Prometheus-Scrape-Timeout-Seconds': '10',
    },
  ) {
    this.#url = url;
    this.#headers = headers;
  }

  /** Asks for a page, and returns once its head is there. */
  request(): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      get(this.#url, { agent: this.#agent, headers: this.#headers }, resolve).on('error', reject);
    });
  }

  /** The values of a page, without buckets and TYPE lines, by name. */
  async scrape(): Promise<Record<string, number>> {
    const { samples } = parseExposition(await text(await this.request()));
    return Object.fromEntries(
      samples.map(({ name, labels, value }) => [
        name + (labels['le'] === undefined ? '' : ` ${labels['le']}`),
        value,
      ]),
    );
  }

  /** Closes the connection. The next request opens another one. */
  close(): void {
    this.#agent.destroy();
  }
}
