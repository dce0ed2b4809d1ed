import type { Stats } from '@afstatsd/core';
import type { Arrived } from './arrivals.js';
import { integer, milliseconds } from './table.js';
import type { Tally, TimerTally } from './tally.js';

export interface Row {
  readonly metric: string;
  readonly what: string;
  readonly called: string;
  readonly arrived: string;
  readonly equal: boolean;
}

const NOTHING = 'nothing';

/** What was called beside what arrived: a row for each number that must be the same. */
export function compareMetrics(called: Tally, arrived: Tally): Row[] {
  return [
    ...compare('counter, sum', called.counters, arrived.counters, integer),
    ...compare('gauge, last', called.gauges, arrived.gauges, String),
    ...compare('set, distinct', called.sets, arrived.sets, describeSet, sameMembers),
    ...compare('timer, count', called.timers, arrived.timers, ({ count }) => integer(count)),
    // Of functions that Statsd.time wraps, only the calls are known.
    ...compare('timer, min/mean/max ms', measured(called), measured(arrived, called), describeDurations),
  ];
}

/** The same for what the client itself says about its samples and messages. */
export function compareLedger(
  samples: number,
  { recorded, sent, pending, dropped, rejected, transport }: Stats,
  arrived: Arrived,
): Row[] {
  const lost = pending + rejected + dropped.cardinality + dropped.ended + dropped.oversize;
  return [
    row('ledger', 'samples recorded', integer(samples), integer(recorded)),
    row('ledger', 'samples sent', integer(samples), integer(sent)),
    row('ledger', 'pending, dropped, rejected', '0', integer(lost)),
    row('transport', 'messages', integer(transport.messages), integer(arrived.messages)),
    row('transport', 'bytes', integer(transport.bytes), integer(arrived.bytes)),
    row('transport', "parts that can't be read", '0', integer(arrived.bad)),
  ];
}

function compare<T>(
  what: string,
  called: ReadonlyMap<string, T>,
  arrived: ReadonlyMap<string, T>,
  describe: (value: T) => string,
  same: (a: T, b: T) => boolean = (a, b) => describe(a) === describe(b),
): Row[] {
  const names = [...new Set([...called.keys(), ...arrived.keys()])].sort();
  return names.map((metric) => {
    const [a, b] = [called.get(metric), arrived.get(metric)];
    return {
      metric,
      what,
      called: a === undefined ? NOTHING : describe(a),
      arrived: b === undefined ? NOTHING : describe(b),
      equal: a !== undefined && b !== undefined && same(a, b),
    };
  });
}

function row(metric: string, what: string, called: string, arrived: string): Row {
  return { metric, what, called, arrived, equal: called === arrived };
}

/** The timers whose durations the tally has, without those that `unlike` counted only. */
function measured({ timers }: Tally, unlike?: Tally): Map<string, TimerTally> {
  const counted = (name: string): boolean =>
    unlike?.timers.has(name) === true && unlike.timers.get(name)?.durations === undefined;
  return new Map([...timers].filter(([name, timer]) => timer.durations !== undefined && !counted(name)));
}

function describeDurations({ count, durations }: TimerTally): string {
  if (durations === undefined) return NOTHING;
  const { min, sum, max } = durations;
  return [min, sum / count, max].map(milliseconds).join(' / ');
}

function describeSet(members: ReadonlySet<string>): string {
  return integer(members.size);
}

function sameMembers(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((member) => b.has(member));
}
