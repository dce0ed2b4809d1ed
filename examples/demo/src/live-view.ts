import type { Arrivals } from './arrivals.js';
import { integer, table } from './table.js';
import type { Tally, TimerTally } from './tally.js';

/** How often it shows what arrived, in ms. */
const PERIOD = 1000;

/** Shows what arrives, once a second: on a terminal a table in place, elsewhere one line. */
export class LiveView {
  readonly #arrivals: Arrivals;
  readonly #out: NodeJS.WriteStream;
  readonly #begin = performance.now();
  readonly #ticker: NodeJS.Timeout;
  #height = 0;

  constructor(arrivals: Arrivals, out: NodeJS.WriteStream = process.stdout) {
    this.#arrivals = arrivals;
    this.#out = out;
    this.#ticker = setInterval(() => this.show(), PERIOD);
  }

  close(): void {
    clearInterval(this.#ticker);
    this.show();
  }

  show(): void {
    const recent = this.#arrivals.takeRecent();
    const now = describe(recent);
    if (now.size === 0) return;
    const seconds = `${((performance.now() - this.#begin) / 1000).toFixed(0).padStart(3)} s`;
    if (this.#out.isTTY) this.#draw([`${seconds}, what has arrived`, ...this.#table(now)]);
    else this.#out.write(`${seconds}  ${[...now].map(([name, text]) => `${name} ${text}`).join('; ')}\n`);
  }

  #table(now: ReadonlyMap<string, string>): string[] {
    const rows = [...describe(this.#arrivals.tally)].map(([name, all]) => [name, now.get(name) ?? '', all]);
    return table([['metric', 'now', 'in all'], ...rows]).map((line) => `  ${line}`);
  }

  /** Over what it drew the last time. */
  #draw(lines: readonly string[]): void {
    const back = this.#height === 0 ? '' : `\u001B[${this.#height}A\u001B[J`;
    this.#out.write(`${back}${lines.join('\n')}\n`);
    this.#height = lines.length;
  }
}

/** A short text for each metric, by its name without the common `shop.`. */
function describe({ counters, gauges, timers, sets }: Tally): Map<string, string> {
  const texts = new Map<string, string>();
  const add = (name: string, text: string): void => void texts.set(name.replace(/^shop\./, ''), text);
  for (const [name, value] of counters) add(name, integer(value));
  for (const [name, value] of gauges) add(name, `= ${value}`);
  for (const [name, timer] of timers) add(name, describeTimer(timer));
  for (const [name, members] of sets) add(name, `${integer(members.size)} distinct`);
  return texts;
}

function describeTimer({ count, durations }: TimerTally): string {
  const mean = durations === undefined ? 0 : durations.sum / count / 1000;
  return `${integer(count)} x ${mean.toFixed(1)} ms`;
}
