import { lineWriter } from './line-writer.js';
import { printable } from './printable.js';

/** Warnings of one kind that are said within an interval. Then it says how many more there were. */
const MAX_LINES = 5;
const INTERVAL_MS = 10_000;
/** Kinds that are told apart within an interval. Further ones count together, because a kind may hold text from anybody. */
const MAX_KINDS = 100;
const FURTHER_KINDS = 'other warnings';
/** Characters of a line, and of a kind where it stands for many lines. */
const MAX_LINE_LENGTH = 2_000;
const MAX_KIND_LENGTH = 200;
/** Warnings and errors that the console keeps in sight. */
const RECENT = 3;

/**
 * The collector's log. Its lines go to stderr, because stdout belongs to the console output. Warnings are bounded, because
 * others cause them: of each kind 5 are said within 10 s, and then how many more there were.
 */
export class Log {
  readonly #write: (line: string) => void;
  /** Warnings of each kind since the interval began. */
  #counts = new Map<string, number>();
  #interval: NodeJS.Timeout | undefined;
  readonly #recent: string[] = [];

  /**
   * Hands each line, without its end, to `write`; by default it goes to stderr, as long as that is read: lines that find
   * 64 KiB waiting there are dropped and counted.
   */
  constructor(write: (line: string) => void = lineWriter(process.stderr)) {
    this.#write = write;
  }

  /** Says a message. */
  readonly info = (message: string): void => this.#say(message);
  /** Says a message, as an error. */
  readonly error = (message: string): void => this.#complain(`error: ${message}`);

  /**
   * Says a message, as a warning, unless there were 5 of its kind in these 10 s.
   *
   * @param kind - what such messages have in common. Default: the whole message.
   */
  readonly warn = (message: string, kind: string = message): void => {
    const known = this.#counts.has(kind) || this.#counts.size < MAX_KINDS ? kind : FURTHER_KINDS;
    const count = (this.#counts.get(known) ?? 0) + 1;
    this.#counts.set(known, count);
    this.#interval ??= setTimeout(() => this.flush(), INTERVAL_MS).unref();
    if (count <= MAX_LINES) this.#complain(`warning: ${message}`);
  };

  /** The last warnings and errors, from the oldest to the newest, each with the time of day at which it was said. */
  recent(): readonly string[] {
    return this.#recent;
  }

  /** Ends an interval: says how many more warnings there were of each kind. */
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

/** A message may quote a name, which comes from anybody. */
function shown(message: string): string {
  return printable(message.slice(0, MAX_LINE_LENGTH));
}
