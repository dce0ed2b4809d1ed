import type { Channel, Transport, TransportStats } from '@afstatsd/core';
import type { Log } from '../log.js';
import { printable } from '../printable.js';
import { ClientOutput } from './client-output.js';
import { type Summary, summarise } from './summary.js';

export interface ConsoleOptions {
  /** In ms. */
  readonly interval: number;
  readonly maxMetrics: number;
  readonly log: Log;
  /** One JSON object a flush instead of a table. */
  readonly json: boolean;
  /** Whether to draw over the last table, as on a terminal. */
  readonly refresh: boolean;
  readonly write: (text: string) => void;
  /** Whether what was written before still waits for its reader. As long as it does, metrics add up here, and not there. */
  readonly busy: () => boolean;
  /** Lines that stand above the table: what the collector says of itself. */
  readonly header: () => readonly string[];
}

/** Rows that a table shows; a terminal has no more, and a file no need of more. `--json` shows everything. */
const MOST_ROWS = 50;
const CLEAR = '\u001B[H\u001B[2J';

/** Shows what came in since the last flush. */
export class ConsoleOutput extends ClientOutput {
  constructor(options: ConsoleOptions) {
    const { interval, maxMetrics, log, busy } = options;
    const transport = new RowsTransport((rows) => print(rows, options), busy);
    super({ name: 'console', transport, interval, maxMetrics, log });
  }
}

function print(rows: Summary[], { json, refresh, write, header }: ConsoleOptions): void {
  if (json) {
    write(`${JSON.stringify({ time: new Date().toISOString(), metrics: rows })}\n`);
    return;
  }
  rows.sort((a, b) => Number(isOwn(a)) - Number(isOwn(b)) || (a.name < b.name ? -1 : 1));
  const lines = rows.slice(0, MOST_ROWS).map(formatRow);
  if (rows.length > MOST_ROWS) lines.push(`… and ${rows.length - MOST_ROWS} more`);
  write(`${[...(refresh ? [CLEAR] : []), ...header(), ...lines, ''].join('\n')}\n`);
}

/** What the collector, or a client, says of itself: it stands after what they were asked to measure. */
function isOwn({ name }: Summary): boolean {
  return /(?:^|\.)afstatsd\.(?:client|collector)\./.test(name);
}

/** Takes whatever is offered, as rows, unless it is busy. */
class RowsTransport implements Transport, Channel {
  readonly #show: (rows: Summary[]) => void;
  readonly #busy: () => boolean;

  constructor(show: (rows: Summary[]) => void, busy: () => boolean) {
    this.#show = show;
    this.#busy = busy;
  }

  open(): Channel {
    return this;
  }

  keepsFraction(): boolean {
    return true;
  }

  offer({ metrics }: Parameters<Channel['offer']>[0], from: number): ReturnType<Channel['offer']> {
    if (this.#busy()) return { taken: 0, values: 0, state: 'full' };
    this.#show(metrics.slice(from).map(summarise));
    return { taken: metrics.length - from, values: 0, state: 'ok' };
  }

  close(): void {}

  stats(): TransportStats {
    return { state: 'open', detail: 'the console', messages: 0, bytes: 0, full: 0 };
  }
}

function formatRow(row: Summary): string {
  const name = printable(row.name).padEnd(48);
  if (row.type !== 'timer') return `${row.type.padEnd(8)}${name} ${round(row.value)}`;
  const { count, min, mean, p50, p95, max } = row;
  const [a, b, c, d, e] = [min, mean, p50, p95, max].map(round);
  return `timer   ${name} ${Math.round(count)} × min ${a}  mean ${b}  p50 ${c}  p95 ${d}  max ${e} ms`;
}

function round(value: number): string {
  return String(Number(value.toFixed(3)));
}
