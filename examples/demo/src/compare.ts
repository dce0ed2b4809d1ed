import type { Stats } from '@afstatsd/core';
import type { Arrivals } from './arrivals.js';
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

/** What the client and the collector say about themselves, which isn't the shop's. */
const OWN = 'afstatsd.';
const COLLECTOR = 'afstatsd.collector.';

/** What was called beside what arrived: a row for each number that must be the same. */
export function compareMetrics(called: Tally, all: Tally): Row[] {
  const arrived = withoutOwn(all);
  return [
    ...compare('counter, sum', called.counters, arrived.counters, integer),
    ...compare('gauge, last', called.gauges, arrived.gauges, String),
    ...compare('set, distinct', called.sets, arrived.sets, describeSet, sameMembers),
    ...compare('timer, count', called.timers, arrived.timers, ({ count }) => integer(count)),
    // Of functions that Statsd.time wraps, only the calls are known.
    ...compare('timer, min/mean/max ms', measured(called), measured(arrived, called), describeDurations),
  ];
}

/** The same for what the client says about its samples, and the collector about what it read. */
export function compareLedger(
  { recorded, sent, pending, dropped, rejected, transport }: Stats,
  { tally: { counters, gauges }, bad }: Pick<Arrivals, 'tally' | 'bad'>,
): Row[] {
  const left = pending + rejected + dropped.cardinality + dropped.ended + dropped.oversize;
  const total = (name: string): number => counters.get(COLLECTOR + name) ?? NaN;
  const complete = gauges.get(`${COLLECTOR}completeness_percent`);
  return [
    row('client', 'samples recorded and sent', integer(recorded), integer(sent)),
    row('client', 'pending, dropped, rejected', '0', integer(left)),
    row('collector', 'messages', integer(transport.messages), integer(total('messages'))),
    row('collector', "parts that can't be read", '0', integer(total('bad_lines') + bad)),
    row('collector', 'samples lost', '0', integer(total('lost'))),
    row(
      'collector',
      "clients' samples complete",
      '100 %',
      complete === undefined ? NOTHING : `${complete} %`,
    ),
  ];
}

function withoutOwn({ counters, gauges, timers, sets }: Tally): Tally {
  const without = <T>(metrics: ReadonlyMap<string, T>): Map<string, T> =>
    new Map([...metrics].filter(([name]) => !name.startsWith(OWN)));
  return {
    counters: without(counters),
    gauges: without(gauges),
    timers: without(timers),
    sets: without(sets),
  };
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
