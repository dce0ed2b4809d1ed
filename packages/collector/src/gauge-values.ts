import type { Decoded } from '@afstatsd/core';
import { MAX_NAME_BYTES, ownText } from '@afstatsd/core/instrument';
import type { NegativeGauges } from './config/options.js';
import { MISSED_REPEATS } from '@afstatsd/prometheus/parts';

type Gauge = Extract<Decoded, { type: 'gauge' }>;

/** The state of one gauge. */
export interface KnownGauge {
  /** The key of the gauge. The text shares no memory with a message. */
  readonly key: string;
  value: number;
  /** The time at which the gauge was set, in Unix seconds. A value without a time has the time of its arrival. */
  time: number;
  /** The arrival of the last message about the gauge, in Unix seconds. */
  heard: number;
  /** The seconds after which the sender repeats the gauge. 0 for a sender that doesn't repeat gauges. */
  every: number;
  /** Whether the gauge was set. Before that, its value is only the sum of changes. */
  isSet: boolean;
  /** Whether a sender has sent `+n`. If so, a `-n` without a time is a change, too. */
  readonly hasChanges: boolean;
}

/**
 * The last value of every gauge. A change (`+5|g`) is turned into a value here, once for all outputs. An output couldn't do it,
 * because it forgets idle gauges, and an output that was added later has never seen the value.
 */
export class GaugeValues {
  /** The most gauges that are remembered. One more makes the collector forget the gauge that was idle for longest. */
  limit: number;
  negative: NegativeGauges = 'change';
  readonly #known = new Map<string, KnownGauge>();
  readonly #keys = new WeakMap<object, { readonly name: string; readonly text: string }>();
  readonly #now: () => number;

  /** @param now - milliseconds since 1970. */
  constructor(limit: number, now: () => number = Date.now) {
    this.limit = limit;
    this.#now = now;
  }

  /**
   * Returns the gauge with its current value. A value with an older time than the known one changes nothing, so the order of
   * arrival doesn't matter. An unknown gauge begins at 0. Until it is set, its changes are passed on beside their sum, because a
   * server behind this collector may still know the value, as after a restart of the collector.
   */
  resolve(gauge: Gauge): Gauge {
    const { type, name, tags, value, timestamp, every = 0 } = gauge;
    const key = tags === undefined ? name : this.#keyOf(name, tags);
    const before = this.#known.get(key);
    const hasChanges = before?.hasChanges === true || isPlus(gauge);
    const now = Math.floor(this.#now() / 1000);
    // Times in the future count as now, because a wrong clock must not freeze a gauge. Our own clock may have been set back, too.
    const time = Math.min(timestamp ?? now, now);
    const named = { type, name, ...(tags === undefined ? {} : { tags }) };
    // A gauge with too long a name isn't remembered, because outputs refuse it.
    if (isTooLong(gauge)) return { ...named, value };
    const isRepeated = every > 0 ? { every } : {};
    let result: Gauge = {
      ...named,
      value,
      ...(timestamp === undefined ? {} : { timestamp: time }),
      ...isRepeated,
    };
    const isChange = this.#isChange(gauge, hasChanges);
    const isSet = before?.isSet === true || !isChange;
    if (isChange) {
      const sum = (before?.value ?? 0) + value;
      // A sum beyond the largest number is infinite, so it is no value.
      const total = Number.isFinite(sum) ? sum : value;
      result = { ...named, value: total, ...(isSet ? {} : { change: value }) };
    } else if (before?.isSet === true && time < Math.min(before.time, now) && !isGone(before, now)) {
      // The value is older than the known one. It only shows that its sender is still there.
      this.#remember({ ...before, time: Math.min(before.time, now), hasChanges });
      return { ...named, value: before.value, timestamp: Math.min(before.time, now), ...isRepeated };
    }
    this.#remember({
      key: before?.key ?? ownText(key),
      value: result.value,
      time: isChange ? Math.max(time, Math.min(before?.time ?? 0, now)) : time,
      heard: now,
      every,
      isSet,
      hasChanges,
    });
    return result;
  }

  /** The state of a gauge that came in before. */
  find({ name, tags }: Gauge): KnownGauge | undefined {
    return this.#known.get(tags === undefined ? name : this.#keyOf(name, tags));
  }

  /**
   * Sets a gauge, which `find` returned before, to a value. The value has no sign and no time.
   *
   * @returns False if the gauge was forgotten or changed meanwhile, so that it has to be resolved.
   */
  set(known: KnownGauge, value: number): boolean {
    if (this.#known.get(known.key) !== known) return false;
    known.value = value;
    known.time = known.heard = Math.floor(this.#now() / 1000);
    known.every = 0;
    known.isSet = true;
    // The order of gauges matters only while the limit is near, because only then are gauges forgotten.
    if (this.#known.size > this.limit / 2) this.#remember(known);
    return true;
  }

  /** The key of a gauge with tags. It is kept for each list of tags, because making it is slow and known lines reuse a list. */
  #keyOf(name: string, tags: NonNullable<Gauge['tags']>): string {
    let key = this.#keys.get(tags);
    if (key === undefined || key.name !== name) {
      key = { name, text: JSON.stringify([name, tags.map(String).sort()]) };
      this.#keys.set(tags, key);
    }
    return key.text;
  }

  /** Whether the value is a change. A value with a time is never a change. */
  #isChange(gauge: Gauge, hasChanges: boolean): boolean {
    if (isPlus(gauge)) return true;
    if (!isNegative(gauge.value) || gauge.timestamp !== undefined) return false;
    return hasChanges || (gauge.signed === true && this.negative === 'change');
  }

  #remember(known: KnownGauge): void {
    this.#known.delete(known.key);
    this.#known.set(known.key, known);
    while (this.#known.size > this.limit) this.#known.delete(this.#known.keys().next().value!);
  }
}

/** Whether name and tags have more characters than core allows bytes. */
function isTooLong({ name, tags = [] }: Gauge): boolean {
  let length = name.length;
  for (const [key, value] of tags) length += key.length + value.length;
  return length > MAX_NAME_BYTES;
}

/** Whether the sender of the value has stopped repeating it. Another sender's value holds then. */
function isGone({ every, heard }: KnownGauge, now: number): boolean {
  return every > 0 && now - heard > MISSED_REPEATS * every;
}

function isPlus({ signed, value }: Gauge): boolean {
  return signed === true && !isNegative(value);
}

function isNegative(value: number): boolean {
  return value < 0 || Object.is(value, -0);
}
