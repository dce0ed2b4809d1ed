import type { Decoded } from '@afstatsd/core';
import { MAX_NAME_BYTES, ownText } from '@afstatsd/core/instrument';
import type { NegativeGauges } from './config/options.js';
import { MISSED_REPEATS } from '@afstatsd/prometheus/parts';

type Gauge = Extract<Decoded, { type: 'gauge' }>;

/** The state of one gauge. */
export interface KnownGauge {
  /** By which it is known. It shares no memory with a message. */
  readonly key: string;
  value: number;
  /** When it was set, in Unix seconds. Without a time of its own, when it arrived. */
  time: number;
  /** When that value, or a later one, was heard of last, in Unix seconds. */
  heard: number;
  /** Its sender repeats it after so many seconds; 0 for a sender that doesn't. */
  every: number;
  /** Whether the gauge was set. Before that, its value is only the sum of changes. */
  isSet: boolean;
  /** Somebody has sent `+n`, so `-n` is a change of it, too, whatever else stands in the line. */
  readonly hasChanges: boolean;
}

/**
 * The last value of every gauge, so that a change (`+5|g`) is made a value once, for all outputs alike: an output lets go of a
 * gauge that has been idle for a while, and one that was added later has never seen its value.
 */
export class GaugeValues {
  /** The most gauges that are remembered; past that the one that was touched longest ago is forgotten. */
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
   * The gauge with the value that it has now. A value that was set before the one that is known changes nothing, in whatever
   * order the two have come. A gauge of which nothing is known begins at 0, and until it is set, its changes are passed on as
   * changes beside their sum: a server behind this collector may know its value, as it does after a restart of the collector.
   */
  resolve(gauge: Gauge): Gauge {
    const { type, name, tags, value, timestamp, every = 0 } = gauge;
    const key = tags === undefined ? name : this.#keyOf(name, tags);
    const before = this.#known.get(key);
    const hasChanges = before?.hasChanges === true || isPlus(gauge);
    const now = Math.floor(this.#now() / 1000);
    // A wrong clock must not freeze a gauge: neither the sender's, nor ours when it was set back.
    const time = Math.min(timestamp ?? now, now);
    const named = { type, name, ...(tags === undefined ? {} : { tags }) };
    // Outputs refuse so long a name, so nothing is kept of it.
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
      // A sum that runs over is no value.
      const total = Number.isFinite(sum) ? sum : value;
      result = { ...named, value: total, ...(isSet ? {} : { change: value }) };
    } else if (before?.isSet === true && time < Math.min(before.time, now) && !isGone(before, now)) {
      // The sender is there, and its value has been overwritten by a later one.
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
   * Sets a gauge that was found before to a value that is no change, as it was written, and holds from now on.
   *
   * @returns False if it was forgotten or changed meanwhile: then it has to be resolved.
   */
  set(known: KnownGauge, value: number): boolean {
    if (this.#known.get(known.key) !== known) return false;
    known.value = value;
    known.time = known.heard = Math.floor(this.#now() / 1000);
    known.every = 0;
    known.isSet = true;
    // The order matters only when some are to be forgotten soon.
    if (this.#known.size > this.limit / 2) this.#remember(known);
    return true;
  }

  /** Known lines come with the same list of tags again and again, and its key costs as much as the rest. */
  #keyOf(name: string, tags: NonNullable<Gauge['tags']>): string {
    let key = this.#keys.get(tags);
    if (key === undefined || key.name !== name) {
      key = { name, text: JSON.stringify([name, tags.map(String).sort()]) };
      this.#keys.set(tags, key);
    }
    return key.text;
  }

  /** A time makes any value absolute. */
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
