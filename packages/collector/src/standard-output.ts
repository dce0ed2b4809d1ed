import type { Log } from './log.js';

/** A stream whose reader may go, or whose disk may be full. */
type Stream = NodeJS.WriteStream & { readonly fd: 1 };

/**
 * Standard output as the console output needs it. A disk that is full, or any other error, is said once, and writing is tried
 * again at each flush; only a reader that has gone is an end.
 */
export class StandardOutput {
  readonly #stream: Stream;
  readonly #log: Log;
  #fails = false;
  #gone = false;

  /** @param onGone - called when nobody reads it any more. */
  constructor(stream: Stream, log: Log, onGone: () => void) {
    this.#stream = stream;
    this.#log = log;
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (this.#gone) return;
      if (isGone(stream, error)) {
        this.#gone = true;
        log.info(`standard output has no reader any more (${error.code}): the collector ends`);
        onGone();
      } else if (!this.#fails) {
        this.#fails = true;
        log.warn(`standard output fails: ${error.message}; metrics add up here until it works again`);
      }
    });
  }

  readonly write = (text: string): void => void this.#stream.write(text);

  /** Whether what was written before still waits for its reader, or couldn't be written. */
  readonly busy = (): boolean => {
    if (this.#fails) this.#tryAgain();
    return this.#fails || this.#stream.writableNeedDrain;
  };

  /** Ends the line that may have been cut off. If that can be written, the next flush shows what has added up. */
  #tryAgain(): void {
    this.#stream.write('\n', (error) => {
      if (error || !this.#fails) return;
      this.#fails = false;
      this.#log.info('standard output works again');
    });
  }
}

/** A pipe says EPIPE, a socket ECONNRESET, and a terminal that was closed EIO. */
function isGone({ isTTY }: Stream, { code }: NodeJS.ErrnoException): boolean {
  return code === 'EPIPE' || code === 'ECONNRESET' || (code === 'EIO' && isTTY);
}
