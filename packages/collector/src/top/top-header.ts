import type { MetricItem, Status } from '../live/api.js';
import { cutEnd } from '../output/console/display-width.js';
import type { Paint } from '../output/console/screen.js';
import { printable } from '../printable.js';
import { age, measure, number } from './units.js';

/** A queue that is so full makes clients wait. */
const NEARLY_FULL = 0.9;
/** Answers that are errors of the server. */
const SERVER_ERROR = '5xx';

/** A part of a line, and whether an operator should look. */
type Part = readonly [text: string, isBad?: boolean];

export interface TopHeaderOptions {
  readonly url: string;
  /** The columns of the screen; Infinity where there is none. */
  readonly columns: number;
  readonly paint: Paint;
}

/** The collector's health and its HTTP requests, as lines above the table. */
export function topHeader(
  status: Status,
  items: readonly MetricItem[],
  { url, columns, paint }: TopHeaderOptions,
): string[] {
  const { collector, pid, started, history } = status;
  const lines: Part[][] = [
    [[`afstatsd-collector ${collector}, pid ${pid}, up ${age(Date.now() - started)}`], [url]],
    inputs(status),
    [
      ...outputs(status),
      [`${number(history.held)} of ${number(history.limit)} places held`, history.leftOut > 0],
      completeness(status),
    ],
  ];
  const requests = requestsOf(items);
  if (requests !== undefined) lines.push(requests);
  return lines.map((parts, at) => {
    const text = printable(parts.map(([part]) => part).join(' · '));
    const isBad = parts.some(([, bad]) => bad === true);
    return paint(isBad ? 'yellow' : at === 0 ? 'bold' : 'dim', cutEnd(text, columns));
  });
}

function inputs({ inputs, queue: { depth, capacity }, udpDrops }: Status): Part[] {
  // Where no queue is read, it has no capacity.
  const queue: Part[] =
    capacity === null
      ? []
      : [[`queue ${number(depth)} of ${number(capacity)} waiting`, depth >= NEARLY_FULL * capacity]];
  const read = Object.entries(inputs)
    .filter(([, { messages }]) => messages > 0)
    .map(([name, { samples, badLines }]): Part => {
      const bad = badLines > 0 ? `, ${number(badLines)} bad lines` : '';
      return [`${number(samples)} samples from ${name}${bad}`, badLines > 0];
    });
  const dropped: Part[] = udpDrops === null ? [] : [[`${number(udpDrops)} UDP drops`, udpDrops > 0]];
  const parts = [...queue, ...read, ...dropped];
  return parts.length > 0 ? parts : [['nothing has come in']];
}

function outputs({ outputs }: Status): Part[] {
  const sum = (numberOf: (output: Status['outputs'][number]) => number): number =>
    outputs.reduce((total, output) => total + numberOf(output), 0);
  const [errors, lost] = [sum((output) => output.errors), sum((output) => output.dropped)];
  return [[`${outputs.length} outputs, ${number(errors)} errors, ${number(lost)} lost`, errors + lost > 0]];
}

function completeness({ completeness: { percent, clients } }: Status): Part {
  if (percent === null) return ['no client reports'];
  // 99.999 % isn't complete, so it isn't rounded up to 100.
  const shown = (Math.floor(percent * 100) / 100).toFixed(2);
  return [`${shown} % of ${clients} ${clients === 1 ? 'client' : 'clients'}`, percent < 100];
}

/** All HTTP requests, as the middleware records them. */
function requestsOf(items: readonly MetricItem[]): Part[] | undefined {
  const all = items.filter(({ name, kind }) => name === 'http.request' && kind === 'timer');
  // The total has the percentiles of all; as long as there is one series, it has none.
  const total = all.find(({ of }) => of?.length === 0) ?? all[0];
  if (total === undefined) return undefined;
  const [, p50, p95, p99] = total.now;
  // The rate of a new series is that of a shorter time, so a share is one of sums, and not one of the total.
  const series = all.filter(({ of }) => of === undefined);
  const rate = sumOfRates(series);
  const errors = sumOfRates(series.filter(({ tags }) => tags['status'] === SERVER_ERROR));
  const share = rate > 0 ? (100 * errors) / rate : 0;
  return [
    [`http.request ${number(rate)}/s`],
    [`${number(Number(share.toFixed(2)))} % answered ${SERVER_ERROR}`],
    [`p50 ${measure(p50, 'ms')}`],
    [`p95 ${measure(p95, 'ms')}`],
    [`p99 ${measure(p99, 'ms')}`],
  ];
}

function sumOfRates(items: readonly MetricItem[]): number {
  return items.reduce((sum, { now }) => sum + (now[0] ?? 0), 0);
}
