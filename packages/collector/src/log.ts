import { lineWriter } from './line-writer.js';
import { printable } from './printable.js';

/** The most warnings of one kind that are logged within an interval. A line at its end says how many more there were. */
const MAX_LINES = 5;
const INTERVAL_MS = 10_000;
/** The most kinds within an interval. Further kinds count together, because senders can cause new kinds without end. */
const MAX_KINDS = 100;
const FURTHER_KINDS = 'other warnings';
/** The most characters of a line, and of a kind in the line about further warnings. */
const MAX_LINE_LENGTH = 2_000;
const MAX_KIND_LENGTH = 200;
/** The number of warnings and errors that the console keeps in sight. */
const RECENT = 3;

/**
 * The collector's log. Its lines go to stderr, because stdout belongs to the console output. Warnings are limited, because
 * senders and servers cause them. At most 5 warnings of a kind are logged within 10 s. Then a line says how many more there were.
 */
export class Log {
  readonly #write: (line: string) => void;
  /** Warnings of each kind since the interval began. */
  #counts = new Map<string, number>();
  #interval: NodeJS.Timeout | undefined;
  readonly #recent: string[] = [];

  /**
   * Makes a log that hands each line to `write`.
   *
   * @param write - gets each line, without its newline. Default: writes to stderr. While 64 KiB wait there, lines are dropped and
   * counted.
   */
  constructor(write: (line: string) => void = lineWriter(process.stderr)) {
    this.#write = write;
  }

  /** Logs a message. */
  readonly info = (message: string): void => this.#say(message);
  /** Logs a message as an error. */
  readonly error = (message: string): void => this.#complain(`error: ${message}`);

  /**
   * Logs a message as a warning, unless the current 10 s have had 5 of its kind.
   *
   * @param kind - the text by which such messages are counted. Default: the whole message.
   */
  readonly warn = (message: string, kind: string = message): void => {
    const known = this.#counts.has(kind) || this.#counts.size < MAX_KINDS ? kind : FURTHER_KINDS;
    const count = (this.#counts.get(known) ?? 0) + 1;
    this.#counts.set(known, count);
    this.#interval ??= setTimeout(() => this.flush(), INTERVAL_MS).unref();
    if (count <= MAX_LINES) this.#complain(`warning: ${message}`);
  };

  /** The last warnings and errors, from the oldest to the newest, each with its time of day. */
  recent(): readonly string[] {
    return this.#recent;
  }

  /** Ends an interval, and logs how many more warnings there were of each kind. */
  flush(): void {
    clearTimeout(this.#interval);
    this.#interval = undefined;
    const counts = this.#counts;
    this.#counts = new Map();
    for (const [kind, count] of counts) {
      if (count > MAX_LINES)
        this.#say(`warning: ${kind.slice(0, MAX_KIND_LENGTH)}: and ${count - MAX_LINES} more within 10 s`);
    }
  }

  #complain(message: string): void {
    this.#recent.push(`${new Date().toTimeString().slice(0, 8)} ${shown(message)}`);
    if (this.#recent.length > RECENT) this.#recent.shift();
    this.#say(message);
  }

  #say(message: string): void {
    this.#write(`afstatsd-collector: ${shown(message)}`);
  }
}

/** A message as it is logged. It is made printable, because it may quote a name that anybody can send. */
function shown(message: string): string {
  return printable(message.slice(0, MAX_LINE_LENGTH));
}
