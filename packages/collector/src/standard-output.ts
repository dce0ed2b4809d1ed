import type { Log } from './log.js';

/** A stream that can fail, because its reader may go or its disk may be full. */
type Stream = NodeJS.WriteStream & { readonly fd: 1 };

/**
 * Standard output for the console output. An error, such as a full disk, is logged once, and writing is tried again at each
 * flush. Only the loss of its reader is final.
 */
export class StandardOutput {
  readonly #stream: Stream;
  readonly #log: Log;
  #fails = false;
  #gone = false;

  /** @param onGone - called when the reader has gone. */
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

  /** Whether earlier text still waits for its reader, or couldn't be written. */
  readonly busy = (): boolean => {
    if (this.#fails) this.#tryAgain();
    return this.#fails || this.#stream.writableNeedDrain;
  };

  /** Writes a newline, because the last line may have been cut off. If that works, the next flush shows the waiting metrics. */
  #tryAgain(): void {
    this.#stream.write('\n', (error) => {
      if (error || !this.#fails) return;
      this.#fails = false;
      this.#log.info('standard output works again');
    });
  }
}

/** Whether an error means that the reader has gone. A pipe has EPIPE, a socket ECONNRESET, and a closed terminal EIO. */
function isGone({ isTTY }: Stream, { code }: NodeJS.ErrnoException): boolean {
  return code === 'EPIPE' || code === 'ECONNRESET' || (code === 'EIO' && isTTY);
}
