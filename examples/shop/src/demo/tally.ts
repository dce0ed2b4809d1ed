/** What is known of a timer's durations. */
export interface Durations {
  /** Thousandths of a ms, as they are sent: integers, so that sums are exact. */
  sum: number;
  min: number;
  max: number;
}

export interface TimerTally {
  count: number;
  /** Undefined where somebody counted calls and measured nothing. */
  durations: Durations | undefined;
}

/** Sums of counters, last values of gauges, counts and durations of timers, members of sets. */
export interface Tally {
  readonly counters: Map<string, number>;
  readonly gauges: Map<string, number>;
  readonly timers: Map<string, TimerTally>;
  readonly sets: Map<string, Set<string>>;
}

export function newTally(): Tally {
  return { counters: new Map(), gauges: new Map(), timers: new Map(), sets: new Map() };
}

export function tallyCount({ counters }: Tally, name: string, delta: number): void {
  counters.set(name, (counters.get(name) ?? 0) + delta);
}

export function tallyGauge({ gauges }: Tally, name: string, value: number): void {
  gauges.set(name, value);
}

/** A value that stands for `weight` calls. */
export function tallyTiming(tally: Tally, name: string, ms: number, weight: number = 1): void {
  const micros = Math.round(ms * 1000);
  const timer = timerOf(tally, name);
  timer.count += weight;
  const durations = (timer.durations ??= { sum: 0, min: Infinity, max: -Infinity });
  durations.sum += micros * weight;
  durations.min = Math.min(durations.min, micros);
  durations.max = Math.max(durations.max, micros);
}

/** A call whose duration only afstatsd measured. */
export function tallyTimedCall(tally: Tally, name: string): void {
  timerOf(tally, name).count++;
}

export function tallyMember({ sets }: Tally, name: string, member: string): void {
  const members = sets.get(name);
  if (members === undefined) sets.set(name, new Set([member]));
  else members.add(member);
}

function timerOf({ timers }: Tally, name: string): TimerTally {
  const timer = timers.get(name) ?? { count: 0, durations: undefined };
  timers.set(name, timer);
  return timer;
}
