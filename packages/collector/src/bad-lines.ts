import { isIPv6 } from 'node:net';
import type { Log } from './log.js';
import { OnceAMinute } from './once-a-minute.js';
import { printable } from './printable.js';
import type { InputName, Sender } from './receiver.js';

const MAX_SHOWN_LENGTH = 200;

/** Logs the first bad line of each input in each minute, so that its sender can be found. */
export class BadLines {
  readonly #log: Log;
  readonly #said: OnceAMinute;

  /** @param now - a clock in ms that never goes back. */
  constructor(log: Log, now?: () => number) {
    this.#log = log;
    this.#said = new OnceAMinute(now);
  }

  readonly note = (input: InputName, line: string, from: Sender | undefined): void => {
    if (!this.#said.first(input)) return;
    const text = printable(line.slice(0, MAX_SHOWN_LENGTH));
    const cut = line.length > MAX_SHOWN_LENGTH ? `… (${line.length} characters)` : '';
    this.#log.warn(`${placeOf(input, from)}: a line can't be read as a metric: "${text}"${cut}`);
  };
}

/** The place that a line came from. Only UDP and TCP know the sender. */
function placeOf(input: InputName, from: Sender | undefined): string {
  if (input === 'queue') return 'queue';
  const name = input === 'unix' ? 'UNIX socket' : input.toUpperCase();
  if (from === undefined) return name;
  return `${name} from ${isIPv6(from.address) ? `[${from.address}]` : from.address}:${from.port}`;
}
