import { printable } from './printable.js';

/** What the collector has to say about itself, a line each: to stderr, so that stdout is the console output's alone. */
export class Log {
  readonly #write: (line: string) => void;

  /** Hands each line, without its end, to `write`; by default it goes to stderr. */
  constructor(write: (line: string) => void = (line) => void process.stderr.write(`${line}\n`)) {
    this.#write = write;
  }

  /** Says a message. */
  readonly info = (message: string): void => this.#say(message);
  /** Says a message, as a warning. */
  readonly warn = (message: string): void => this.#say(`warning: ${message}`);
  /** Says a message, as an error. */
  readonly error = (message: string): void => this.#say(`error: ${message}`);

  /** A message may quote a name, which comes from anybody. */
  #say(message: string): void {
    this.#write(`afstatsd-collector: ${printable(message)}`);
  }
}
