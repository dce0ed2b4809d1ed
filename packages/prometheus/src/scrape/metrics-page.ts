import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { Chunk } from '../page/chunks.js';
import { inGzip } from '../page/gzip.js';
import { CONTENT_TYPES, type PageFormat, formatFor, takesGzip } from '../page/negotiate.js';
import { type Draft, Pages } from '../page/pages.js';
import { protobufPage } from '../page/protobuf-page.js';
import { Slices } from '../page/slices.js';
import { textPage } from '../page/text-page.js';
import { roughTextBytes } from '../page/text-size.js';
import type { Recorded } from '../record/record.js';
import { FirstZeros } from './first-zero.js';
import type { PageFamilies } from './page-families.js';
import { PageSize } from './page-size.js';
import type { Scraper } from './scraper.js';
import type { Scrapers } from './scrapers.js';

/** The form of a page. Requests for the same form share pages. */
interface Form {
  /** Whether new series are shown as 0. */
  readonly isForScrapers: boolean;
  readonly format: PageFormat;
  readonly isGzip: boolean;
  /** The approximate length of the page as text, in bytes. */
  readonly rough: number;
}

/** A whole page, for servers whose responses aren't Node.js's. */
export interface RenderedPage {
  /** The headers of the page. */
  readonly headers: Readonly<Record<string, string>>;
  /** The page as bytes, in gzip if the headers say so. */
  readonly body: Buffer;
}

/** The page of metrics. It has the form that a request asks for. For scrapers, new series are held at 0. */
export class MetricsPage {
  readonly #families: PageFamilies;
  readonly #scrapers: Scrapers;
  readonly #now: () => number;
  readonly #pages: Pages;
  readonly #slices = new Slices();
  readonly #zeros = new FirstZeros<Recorded>();
  readonly #size: PageSize;

  /**
   * @param now - a clock in ms that never goes back.
   * @param warn - gets a line about the length of pages.
   */
  constructor(families: PageFamilies, scrapers: Scrapers, now: () => number, warn: (text: string) => void) {
    this.#families = families;
    this.#scrapers = scrapers;
    this.#now = now;
    this.#pages = new Pages(now);
    this.#size = new PageSize(warn);
  }

  /** Takes a new record. */
  add(record: Recorded): void {
    this.#families.add(record);
    if (record.kind !== 'gauge' && record.kind !== 'set') this.#zeros.appeared(record, this.#now());
  }

  /**
   * Answers a request with the page.
   *
   * @param scraper - the scraper that asks. Undefined for a program that isn't known to scrape.
   * @throws an error of the page. The head may have been sent before.
   */
  async answer(
    { headers, method, socket }: IncomingMessage,
    response: ServerResponse,
    scraper: Scraper | undefined,
  ): Promise<void> {
    const form = this.#formFor(headers, scraper);
    const head = (length?: number): void => {
      response.writeHead(200, {
        ...headersOf(form),
        ...(length === undefined ? {} : { 'Content-Length': length }),
      });
    };
    if (method === 'HEAD') {
      head();
      response.end();
      return;
    }
    const page = this.#pages.get([form.isForScrapers, form.format, form.isGzip].join(), () =>
      this.#draft(form),
    );
    response.once('finish', () => {
      // The socket is checked, because on Node 20 and 22 a response that the scraper has cut off finishes as well.
      if (!socket.destroyed) scraper?.had(page.number);
    });
    await this.#pages.send(page, response, head);
  }

  /**
   * The whole page.
   *
   * @param headers - the request's headers.
   * @param scraper - the scraper that asks. It counts as having had the page.
   */
  async render(headers: IncomingHttpHeaders, scraper: Scraper | undefined): Promise<RenderedPage> {
    const form = this.#formFor(headers, scraper);
    const { number, chunks } = this.#draft(form);
    const all: Uint8Array[] = [];
    for await (const { bytes } of chunks) all.push(bytes);
    scraper?.had(number);
    return { headers: headersOf(form), body: Buffer.concat(all) };
  }

  #formFor(headers: IncomingHttpHeaders, scraper: Scraper | undefined): Form {
    const format = formatFor(headers.accept);
    const rough = roughTextBytes(this.#families);
    const isPast = format !== 'protobuf' && this.#size.isPast(rough);
    const isGzip = takesGzip(headers['accept-encoding']) && !isPast;
    return { isForScrapers: scraper !== undefined, format, isGzip, rough };
  }

  #draft({ isForScrapers, format, isGzip, rough }: Form): Draft {
    const now = this.#now();
    const number = isForScrapers ? this.#zeros.beginPage(this.#scrapers.pageOfAll(now), now) : 0;
    const options = { isHolding: isForScrapers };
    const chunks = this.#slices.divided(
      format === 'protobuf'
        ? protobufPage(this.#families, options)
        : this.#measured(textPage(this.#families, { format, ...options }), rough),
    );
    return { number, length: rough, chunks: isGzip ? inGzip(chunks) : chunks };
  }

  /** The chunks of a page. The length of the page is noted at its end. */
  *#measured(chunks: Iterable<Chunk>, rough: number): Generator<Chunk, void, undefined> {
    let bytes = 0;
    for (const chunk of chunks) {
      bytes += chunk.bytes.length;
      // The length is noted before the chunk leaves, because the reader may not ask for more.
      if (chunk.isLast) this.#size.made(bytes, rough);
      yield chunk;
    }
  }
}

function headersOf({ format, isGzip }: Form): Record<string, string> {
  return {
    'Content-Type': CONTENT_TYPES[format],
    Vary: 'Accept, Accept-Encoding',
    ...(isGzip ? { 'Content-Encoding': 'gzip' } : {}),
  };
}
