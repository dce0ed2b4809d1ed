import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { MetricItem, MetricList, Status } from '../live/api.js';
import { cutEnd } from '../output/console/display-width.js';
import { type Paint, type Screen, drawn, paintFor } from '../output/console/screen.js';
import { SORTS, type Sort, topTable } from './top-table.js';
import { topHeader } from './top-header.js';

/** The terminal and the streams that `top` writes to. */
export interface TopSurroundings {
  readonly write: (text: string) => void;
  /** Writes a line about a problem. */
  readonly say: (line: string) => void;
  /** The terminal. Without one, `top` writes all series once and ends. */
  readonly screen: Screen | undefined;
}

const TOP_USAGE = `Usage: afstatsd-collector top [options] [WORDS]

Shows the busiest series of a running collector's page, again and again: those
whose name or tags have all WORDS. Meanwhile clients send each second. Ctrl-C
ends it.

  --url URL     the page's address; default http://127.0.0.1:8127/
  --sort WHAT   by rate (the default), p95 or name
  --once        write all of them once, and end; happens where there is no
                terminal
  --help, -h    print this, and end
`;

const EVERY_MS = 1_000;
const ANSWER_MS = 5_000;
/** The last row of a screen stays empty, because the cursor stands there. */
const CURSOR_ROWS = 1;

interface Options {
  readonly url: string;
  readonly sort: Sort;
  readonly once: boolean;
  readonly search: string;
}

/** The page's answers to one round of requests. */
interface Answer {
  readonly items: readonly MetricItem[];
  readonly status: Status;
}

/** Runs `afstatsd-collector top`, and resolves to its exit code. */
export async function top(args: readonly string[], surroundings: TopSurroundings): Promise<number> {
  const { write, say } = surroundings;
  let options: Options | 'help';
  try {
    options = readOptions(args);
  } catch (error) {
    say(`${(error as Error).message}; afstatsd-collector top --help lists the options`);
    return 2;
  }
  if (options === 'help') {
    write(TOP_USAGE);
    return 0;
  }
  const { screen } = surroundings;
  if (screen === undefined || options.once) return writeOnce(options, surroundings);
  return watch(options, screen, write);
}

/** @throws Error that names the wrong option. */
function readOptions(args: readonly string[]): Options | 'help' {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: {
      url: { type: 'string', default: 'http://127.0.0.1:8127/' },
      sort: { type: 'string', default: 'rate' },
      once: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
    allowPositionals: true,
  });
  if (values.help) return 'help';
  const sort = SORTS.find((one) => one === values.sort);
  if (sort === undefined) throw new Error(`--sort must be one of ${SORTS.join(', ')}`);
  if (!URL.canParse(values.url)) throw new Error(`--url must be an address; it is ${values.url}`);
  return { url: values.url, sort, once: values.once, search: positionals.join(' ') };
}

async function writeOnce(options: Options, { write, say }: TopSurroundings): Promise<number> {
  try {
    const answer = await ask(options);
    write(`${linesOf(answer, options, undefined, paintFor(undefined)).join('\n')}\n`);
    return 0;
  } catch (error) {
    const reason = (error as Error).message;
    say(`no page answers at ${options.url} (${reason}): start the collector with --page HOST:PORT`);
    return 1;
  }
}

/** Draws until the process ends. While no page answers, the last numbers stay on the screen, below a line about the problem. */
async function watch(options: Options, screen: Screen, write: (text: string) => void): Promise<never> {
  const paint = paintFor(screen);
  let answer: Answer | undefined;
  let problem: string | undefined;
  let isFirst = true;
  const draw = (): void => {
    const { rows, columns } = screen.size();
    const said = problem === undefined ? [] : [paint('yellow', cutEnd(problem, columns))];
    const lines = answer === undefined ? [] : linesOf(answer, options, screen, paint);
    write(drawn([...said, ...lines].slice(0, Math.max(1, rows - CURSOR_ROWS)), isFirst));
    isFirst = false;
  };
  screen.onResize(() => {
    isFirst = true;
    draw();
  });
  for (;;) {
    try {
      answer = await ask(options);
      problem = undefined;
    } catch (error) {
      problem = `no page answers at ${options.url} (${(error as Error).message}); trying again`;
    }
    draw();
    await delay(EVERY_MS);
  }
}

function linesOf(
  { items, status }: Answer,
  { url, sort }: Options,
  screen: Screen | undefined,
  paint: Paint,
): string[] {
  const { columns, rows } = screen?.size() ?? { columns: Infinity, rows: Infinity };
  const header = topHeader(status, items, { url, columns, paint });
  const room = rows - CURSOR_ROWS - header.length - 1;
  return [...header, '', ...topTable(items, { columns, rows: room, sort, paint })];
}

async function ask({ url, search, once }: Options): Promise<Answer> {
  const watching = once ? '' : '&watch=1';
  const [{ metrics }, { status }] = await Promise.all([
    answerOf<MetricList>(url, `/api/v1/metrics?search=${encodeURIComponent(search)}${watching}`),
    answerOf<{ readonly status: Status }>(url, '/api/v1/status'),
  ]);
  return { items: metrics, status };
}

async function answerOf<T>(url: string, path: string): Promise<T> {
  const response = await fetch(new URL(path, url), { signal: AbortSignal.timeout(ANSWER_MS) });
  if (!response.ok) throw new Error(`it answered ${response.status}`);
  return (await response.json()) as T;
}
