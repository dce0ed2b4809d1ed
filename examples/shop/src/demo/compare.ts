import type { Stats } from '@afstatsd/core';
import type { Arrivals } from './arrivals.js';
import { integer, milliseconds } from './table.js';
import type { Tally, TimerTally } from './tally.js';

export interface Row {
  readonly metric: string;
  readonly what: string;
  /** What the shop did, and what the collector made of it. */
  readonly recorded: string;
  readonly counted: string;
  readonly equal: boolean;
}

const NOTHING = 'nothing';

/** What the clients and the collector say about themselves, which isn't the shop's. */
const OWN = /(?:^|\.)afstatsd\./;
const COLLECTOR = 'afstatsd.collector.';

/** What was recorded beside what was counted: a row for each number that must be the same. */
export function compareMetrics(recorded: Tally, all: Tally): Row[] {
  const counted = withoutOwn(all);
  return [
    ...compare(
      'counter, sum',
      recorded.counters,
      withoutAnnounced(counted.counters, recorded.counters),
      integer,
    ),
    ...compare('gauge, last', recorded.gauges, counted.gauges, String),
    ...compare('set, distinct', recorded.sets, counted.sets, describeSet, sameMembers),
    ...compare('timer, count', recorded.timers, counted.timers, ({ count }) => integer(count)),
    // Of what decorators and middleware measured, only the calls are known.
    ...compare('timer, min/mean/max ms', measured(recorded), measured(counted, recorded), describeDurations),
  ];
}

/** A client of afstatsd, and what it says about its samples. */
export interface Ledger {
  readonly client: string;
  readonly stats: Stats;
}

/** The same for what the clients say about their samples, and the collector about what it read. */
export function compareLedgers(
  ledgers: readonly Ledger[],
  { tally: { counters, gauges }, bad }: Pick<Arrivals, 'tally' | 'bad'>,
): Row[] {
  const total = (name: string): number => counters.get(COLLECTOR + name) ?? NaN;
  const messages = ledgers.reduce((sum, { stats }) => sum + stats.transport.messages, 0);
  const complete = gauges.get(`${COLLECTOR}completeness_percent`);
  return [
    ...ledgers.flatMap(({ client, stats }) => compareLedger(client, stats)),
    row('collector', 'messages', integer(messages), integer(total('messages'))),
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

function compareLedger(client: string, { recorded, sent, pending, dropped, rejected }: Stats): Row[] {
  const left = pending + rejected + dropped.cardinality + dropped.ended + dropped.oversize;
  return [
    row(client, 'samples recorded and sent', integer(recorded), integer(sent)),
    row(client, 'pending, dropped, rejected', '0', integer(left)),
  ];
}

/** A counter that has counted nothing yet is announced to the collector with a 0. */
function withoutAnnounced(
  counted: ReadonlyMap<string, number>,
  recorded: ReadonlyMap<string, number>,
): Map<string, number> {
  return new Map([...counted].filter(([name, sum]) => sum !== 0 || recorded.has(name)));
}

function withoutOwn({ counters, gauges, timers, sets }: Tally): Tally {
  const without = <T>(metrics: ReadonlyMap<string, T>): Map<string, T> =>
    new Map([...metrics].filter(([name]) => !OWN.test(name)));
  return {
    counters: without(counters),
    gauges: without(gauges),
    timers: without(timers),
    sets: without(sets),
  };
}

function compare<T>(
  what: string,
  recorded: ReadonlyMap<string, T>,
  counted: ReadonlyMap<string, T>,
  describe: (value: T) => string,
  same: (a: T, b: T) => boolean = (a, b) => describe(a) === describe(b),
): Row[] {
  const names = [...new Set([...recorded.keys(), ...counted.keys()])].sort();
  return names.map((metric) => {
    const [a, b] = [recorded.get(metric), counted.get(metric)];
    return {
      metric,
      what,
      recorded: a === undefined ? NOTHING : describe(a),
      counted: b === undefined ? NOTHING : describe(b),
      equal: a !== undefined && b !== undefined && same(a, b),
    };
  });
}

function row(metric: string, what: string, recorded: string, counted: string): Row {
  return { metric, what, recorded, counted, equal: recorded === counted };
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
