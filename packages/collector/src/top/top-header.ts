import type { MetricItem, Status } from '../live/api.js';
import { cutEnd } from '../output/console/display-width.js';
import type { Paint } from '../output/console/screen.js';
import { printable } from '../printable.js';
import { age, measure, number } from './units.js';

/** The share of its capacity from which a queue is marked, because clients wait for a full queue. */
const NEARLY_FULL = 0.9;
/** The status class of errors of the server. */
const SERVER_ERROR = '5xx';

/** A part of a line, and whether an operator should look. */
type Part = readonly [text: string, isBad?: boolean];

export interface TopHeaderOptions {
  readonly url: string;
  /** The columns of the screen. Infinity without a screen. */
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
  // The capacity is null if no queue is read.
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
  // The share is rounded down, because 99.999 % isn't complete.
  const shown = (Math.floor(percent * 100) / 100).toFixed(2);
  return [`${shown} % of ${clients} ${clients === 1 ? 'client' : 'clients'}`, percent < 100];
}

/** All HTTP requests, as the middleware records them. */
function requestsOf(items: readonly MetricItem[]): Part[] | undefined {
  const all = items.filter(({ name, kind }) => name === 'http.request' && kind === 'timer');
  // The total series has the percentiles of all series. A single series has no total.
  const total = all.find(({ of }) => of?.length === 0) ?? all[0];
  if (total === undefined) return undefined;
  const [, p50, p95, p99] = total.now;
  // Shares are of the sum of the series' rates, not of the total's rate. A new series has its rate over a shorter time, so the
  // total's rate may be lower than the sum.
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
