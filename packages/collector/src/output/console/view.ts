import type { Log } from '../../log.js';
import { type Row, tableLines } from './table.js';
import { cutEnd } from './display-width.js';
import { type Paint, type Screen, drawn, paintFor } from './screen.js';

export interface ConsoleViewOptions {
  /** The terminal that the table is drawn on. Without one, tables are written one below the other. */
  readonly screen: Screen | undefined;
  readonly log: Log;
  readonly write: (text: string) => void;
  /** Whether earlier text still waits for its reader. If so, nothing is written, and metrics add up here. */
  readonly busy: () => boolean;
  /** Returns the lines above the table: the collector's own numbers. */
  readonly header: () => readonly string[];
  /** The inputs, for people: `queue /afcollectorapi and UDP 127.0.0.1:8125`. */
  readonly inputs: () => string;
  /** A clock in ms that never goes back. Default `performance.now`. */
  readonly now?: () => number;
}

/** The most rows of a table without a screen. A file needs no more, because `--json` writes all metrics. */
const MOST_ROWS = 50;
/** The last row of a screen stays empty, because the cursor stands there. */
const CURSOR_ROWS = 1;
/** The fewest rows of a table. On a small screen, warnings and the end of the header give way to it. */
const LEAST_ROWS = 3;
/** A screen with fewer rows has no room for warnings. */
const ROWS_FOR_WARNINGS = 12;

/** The table of the console: drawn in place on a terminal, one below the other elsewhere. */
export class ConsoleView {
  readonly #options: ConsoleViewOptions;
  readonly #paint: Paint;
  readonly #now: () => number;
  #rows: readonly Row[] = [];
  #header: readonly string[] = [];
  #shownAt: number;
  #seconds = 1;
  #isDrawn = false;
  /** Whether any metric has come, apart from the collector's own. */
  #hasMetrics = false;
  #saidWaiting = false;

  constructor(options: ConsoleViewOptions) {
    this.#options = options;
    this.#paint = paintFor(options.screen);
    this.#now = options.now ?? (() => performance.now());
    this.#shownAt = this.#now();
  }

  /** Shows the metrics since the last call. */
  show(rows: readonly Row[]): void {
    const now = this.#now();
    this.#seconds = Math.max(1, now - this.#shownAt) / 1000;
    this.#shownAt = now;
    this.#rows = rows
      .filter(({ name }) => !OF_COLLECTOR.test(name))
      .sort((a, b) => Number(isOwn(a)) - Number(isOwn(b)) || (a.name < b.name ? -1 : 1));
    this.#hasMetrics ||= this.#rows.length > 0;
    this.#header = this.#options.header();
    if (this.#options.screen !== undefined) this.#draw();
    else this.#write();
  }

  /** Draws the same metrics again, because the size of the screen has changed. */
  redraw(): void {
    if (!this.#isDrawn || this.#options.busy()) return;
    this.#isDrawn = false;
    this.#draw();
  }

  #draw(): void {
    const { screen, write, log } = this.#options;
    const { columns, rows } = screen!.size();
    const recent = rows < ROWS_FOR_WARNINGS ? [] : log.recent();
    const warnings = recent.map((line) => this.#paint('yellow', cutEnd(line, columns)));
    const below = warnings.length === 0 ? [] : ['', ...warnings];
    const forHeader = rows - CURSOR_ROWS - 1 - LEAST_ROWS - below.length;
    const header = this.#header.slice(0, Math.max(0, forHeader)).map((line, at) => {
      return this.#paint(at === 0 ? 'bold' : 'dim', cutEnd(line, columns));
    });
    const room = rows - CURSOR_ROWS - header.length - 1 - below.length;
    const lines = [...header, '', ...this.#body(columns, room), ...below];
    write(drawn(lines.slice(0, Math.max(1, rows - CURSOR_ROWS)), !this.#isDrawn));
    this.#isDrawn = true;
  }

  #write(): void {
    // Before the first metric, one text is enough.
    if (!this.#hasMetrics && this.#saidWaiting) return;
    this.#saidWaiting = true;
    this.#options.write(`${[...this.#header, '', ...this.#body(Infinity, MOST_ROWS + 1), ''].join('\n')}\n`);
  }

  #body(columns: number, rows: number): string[] {
    if (!this.#hasMetrics) return [cutEnd(`waiting for metrics on ${this.#options.inputs()}`, columns)];
    if (this.#rows.length === 0) return [cutEnd('no metrics came in this interval', columns)];
    return tableLines(this.#rows, { columns, rows, seconds: this.#seconds, paint: this.#paint });
  }
}

/** The collector's own metrics. They aren't in the table, because they are in the header. */
const OF_COLLECTOR = /^afstatsd\.collector\./;

/** Whether a metric is a client's own. These come last in the table, because the program's metrics matter more. */
function isOwn({ name }: Row): boolean {
  return /(?:^|\.)afstatsd\.client\./.test(name);
}
