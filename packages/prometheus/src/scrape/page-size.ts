/**
 * The longest page that VictoriaMetrics takes by default, in bytes before compression. It refuses a longer page. Of a longer
 * page in gzip it stores the beginning, but reports that the target is down.
 */
const LIMIT_BYTES = 16 * 1024 * 1024;
const NEAR_BYTES = 0.9 * LIMIT_BYTES;
/** The factor for the rough length until a page was made. */
const CAUTION = 1.2;

/** Watches the length of pages. */
export class PageSize {
  readonly #warn: (text: string) => void;
  /** The length of the last page, divided by its rough length. */
  #scale = CAUTION;
  #said: 'nothing' | 'near' | 'past' = 'nothing';

  /** @param warn - Gets one line for each change. */
  constructor(warn: (text: string) => void) {
    this.#warn = warn;
  }

  /**
   * Whether a page will be past the limit.
   *
   * @param rough - its rough length.
   */
  isPast(rough: number): boolean {
    return rough * this.#scale > LIMIT_BYTES;
  }

  /** Notes the length of a page. */
  made(bytes: number, rough: number): void {
    this.#scale = bytes / Math.max(1, rough);
    const state = bytes > LIMIT_BYTES ? 'past' : bytes > NEAR_BYTES ? 'near' : 'nothing';
    if (state === this.#said) return;
    this.#said = state;
    const size = `${bytes.toLocaleString('en')} bytes`;
    if (state === 'near') {
      this.#warn(
        `the page has ${size}; from ${LIMIT_BYTES.toLocaleString('en')} on VictoriaMetrics refuses it, unless its -promscrape.maxScrapeSize is raised`,
      );
    } else if (state === 'past') {
      this.#warn(
        `the page has ${size}, and is sent without gzip; VictoriaMetrics refuses it, unless its -promscrape.maxScrapeSize is raised`,
      );
    }
  }
}
