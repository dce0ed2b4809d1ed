import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { MetricItem, MetricList, Status } from './live/api.js';
import { printable } from './printable.js';

/** What `top` needs of the program around it. */
export interface TopSurroundings {
  readonly write: (text: string) => void;
  /** What is said about problems. */
  readonly say: (line: string) => void;
  /** The size of the terminal; undefined where there is none, and then everything is written once. */
  readonly size: () => { readonly rows: number; readonly columns: number } | undefined;
}

const TOP_USAGE = `Usage: afstatsd-collector top [--url URL] [--once] [WORDS]

Shows the busiest series of a running collector's page, again and again: those whose name or tags have all WORDS.

  --url URL   the page's address; default http://127.0.0.1:8127/
  --once      show them once, all of them, and end; what happens where there is no terminal
  --help, -h  print this, and end
`;

const CLEAR = '\u001B[H\u001B[2J';
const OWN = /(?:^|\.)afstatsd\./;
const EVERY_MS = 1_000;
const ANSWER_MS = 5_000;
const [NAME_WIDTH, KIND_WIDTH] = [48, 9];

/** Runs `afstatsd-collector top`, and resolves to its exit code. */
export async function top(args: readonly string[], { write, say, size }: TopSurroundings): Promise<number> {
  let given;
  try {
    given = parseArgs({
      args: [...args],
      options: {
        url: { type: 'string', default: 'http://127.0.0.1:8127/' },
        once: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
      allowPositionals: true,
    });
    void new URL(given.values.url);
  } catch (error) {
    say(`${(error as Error).message}; afstatsd-collector top --help lists the options`);
    return 2;
  }
  const { url, once, help } = given.values;
  if (help) {
    write(TOP_USAGE);
    return 0;
  }
  const search = given.positionals.join(' ');
  for (;;) {
    const screen = once ? undefined : size();
    try {
      const lines = await read(url, search);
      const shown = screen === undefined ? lines : lines.slice(0, screen.rows - 1);
      const cut = shown.map((line) => (screen === undefined ? line : line.slice(0, screen.columns)));
      write(`${screen === undefined ? '' : CLEAR}${cut.join('\n')}\n`);
    } catch (error) {
      if (screen === undefined) {
        say(
          `no page answers at ${url} (${(error as Error).message}): start the collector with --page HOST:PORT`,
        );
        return 1;
      }
      write(`${CLEAR}no page answers at ${url}; trying again\n`);
    }
    if (screen === undefined) return 0;
    await delay(EVERY_MS);
  }
}

async function read(url: string, search: string): Promise<string[]> {
  const [{ metrics, matching }, { status }] = await Promise.all([
    ask<MetricList>(url, `/api/v1/metrics?search=${encodeURIComponent(search)}`),
    ask<{ readonly status: Status }>(url, '/api/v1/status'),
  ]);
  const { percent, clients } = status.completeness;
  const complete = percent === null ? '' : `, ${percent.toFixed(2)} % of ${clients} clients' samples`;
  const head = `afstatsd-collector ${status.collector}, pid ${status.pid}: ${matching} series, ${status.queue.depth} messages waiting${complete}`;
  const busiest = metrics
    .filter(({ of }) => of === undefined)
    .sort((a, b) => rankOf(a) - rankOf(b) || rateOf(b) - rateOf(a));
  return [printable(head), '', ...busiest.map(lineOf)];
}

/** What has a rate comes first, then other values, and what the collector and clients say of themselves comes last. */
function rankOf({ name, kind }: MetricItem): number {
  return (OWN.test(name) ? 2 : 0) + (hasRate(kind) ? 0 : 1);
}

function rateOf({ kind, now }: MetricItem): number {
  return hasRate(kind) ? (now[0] ?? 0) : 0;
}

function hasRate(kind: MetricItem['kind']): boolean {
  return kind !== 'gauge' && kind !== 'set';
}

async function ask<T>(url: string, path: string): Promise<T> {
  const response = await fetch(new URL(path, url), { signal: AbortSignal.timeout(ANSWER_MS) });
  if (!response.ok) throw new Error(`it answered ${response.status}`);
  return (await response.json()) as T;
}

function lineOf({ name, tags, kind, unit, now }: MetricItem): string {
  const tagText = Object.entries(tags).map(([key, value]) => `${key}=${value}`);
  const whole = printable(tagText.length === 0 ? name : `${name}{${tagText.join()}}`);
  const [first = null, ...percentiles] = now;
  const texts = percentiles.map((value, at) => `${['p50', 'p95', 'p99'][at]} ${short(value)}${unit}`);
  const value = hasRate(kind) ? `${short(first)}/s` : short(first);
  return `${whole.padEnd(NAME_WIDTH)} ${kind.padEnd(KIND_WIDTH)} ${value.padStart(12)}  ${texts.join('  ')}`.trimEnd();
}

function short(value: number | null): string {
  return value === null ? '-' : String(Number(value.toPrecision(4)));
}
